package io.weft.engine.match;

/**
 * Something that a request must have at least for a match to hold: a text in one of its parts. May
 * say less than the match, never more.
 */
record MatchKey(Part part, String text) {

    /** The part of a request in which the text stands. */
    sealed interface Part {}

    /** The path is the text. */
    record ExactPath() implements Part {}

    /** The path starts with the text. */
    record PathPrefix() implements Part {}

    /** The peer's principal is the text. */
    record Principal() implements Part {}

    /** The peer's namespace is the text. */
    record Namespace() implements Part {}

    /** A header is the text. */
    record Header(String name) implements Part {}
}
