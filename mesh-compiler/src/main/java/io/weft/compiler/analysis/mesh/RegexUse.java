package io.weft.compiler.analysis.mesh;

import io.weft.compiler.yaml.Field;

/**
 * A regular expression where it is written.
 *
 * @param dialect whose expression it is, as people call it
 * @param syntax the language that the dialect's own proxy takes it for
 * @param reading how much of a value it must match there
 * @param asciiOnly whether its values can only be ASCII (paths, methods, host names)
 */
record RegexUse(
        Field at, String text, String dialect, Syntax syntax, Reading reading, boolean asciiOnly) {

    /** Languages of regular expressions. */
    enum Syntax {
        RE2("RE2"),
        GO("Go's regexp"),
        RUST("Rust's regex");

        private final String title;

        Syntax(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** How much of a value must match. */
    enum Reading {
        WHOLE("the whole value"),
        START("its start only"),
        ANYWHERE("any part of it");

        private final String title;

        Reading(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** Whether it matches the same values when it is read as one that must match the whole. */
    boolean sameAsWhole() {
        boolean end = text.endsWith("$") && !text.endsWith("\\$") || text.endsWith(".*");
        boolean start = text.startsWith("^") || text.startsWith(".*");
        return switch (reading) {
            case WHOLE -> true;
            case START -> end;
            case ANYWHERE -> start && end;
        };
    }
}
