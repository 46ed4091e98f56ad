package io.weft.config;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the repository at one moment.
 *
 * @param head the bundle in force; null while nothing was ever fetched, or the repository has no
 *     commit
 * @param lastSuccess when the repository was last read without an error
 * @param error what went wrong the last time; null when nothing did
 */
record RepositoryState(
        @Nullable Bundle head, @Nullable Instant lastSuccess, @Nullable String error) {

    static final RepositoryState UNKNOWN = new RepositoryState(null, null, null);

    /** Whether a commit is served that may be behind the repository. */
    boolean stale() {
        return head != null && error != null;
    }

    /** Whether the repository was read, and has no commit. */
    boolean empty() {
        return head == null && lastSuccess != null;
    }
}
