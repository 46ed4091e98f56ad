package io.weft.policy.source;

import java.util.Objects;

/**
 * A commit of the repository that has changed the policies.
 *
 * @param committedAt ISO 8601
 */
public record LogEntry(String commit, String author, String committedAt, String message) {

    public LogEntry {
        commit = Objects.requireNonNullElse(commit, "");
        author = Objects.requireNonNullElse(author, "");
        committedAt = Objects.requireNonNullElse(committedAt, "");
        message = Objects.requireNonNullElse(message, "");
    }
}
