package io.weft.policy.ca;

import java.io.IOException;
import java.util.Optional;

/**
 * Where a document lies that all replicas of the control plane share: the authority's, or another
 * beside it. A change wins only when nobody else was faster. Thread-safe; blocks.
 */
public interface AuthorityVault {

    /**
     * The text of the document, empty when there is none yet.
     *
     * @throws IOException when it cannot be told
     */
    Optional<String> read() throws IOException;

    /**
     * Replaces the document when it is still the one given, durably.
     *
     * @param expected what was read; empty when there was none
     * @return false when another replica was faster
     * @throws IOException when it cannot be written; the old one stays
     */
    boolean replace(Optional<String> expected, String next) throws IOException;

    /**
     * The vault of another document, in the same place.
     *
     * @param name in lower-case letters and dashes
     */
    AuthorityVault beside(String name);

    /** Where it is, for people. */
    String where();
}
