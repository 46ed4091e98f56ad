package io.weft.policy.source;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Objects;

/**
 * All policy files of one commit, as config-service serves them.
 *
 * @param commit full id; empty when the files do not come from Git
 * @param committedAt ISO 8601, empty when not known
 * @param skipped what the source could not serve
 */
public record PolicyBundle(
        String commit,
        String shortCommit,
        String author,
        String message,
        String committedAt,
        List<PolicyFile> files,
        List<SkippedFile> skipped) {

    public PolicyBundle {
        commit = Objects.requireNonNullElse(commit, "");
        shortCommit =
                Objects.requireNonNullElse(
                        shortCommit, commit.length() > 8 ? commit.substring(0, 8) : commit);
        author = Objects.requireNonNullElse(author, "");
        message = Objects.requireNonNullElse(message, "");
        committedAt = Objects.requireNonNullElse(committedAt, "");
        files = List.copyOf(Objects.requireNonNullElse(files, List.of()));
        skipped = List.copyOf(Objects.requireNonNullElse(skipped, List.of()));
    }

    /** Files that do not come from Git. */
    public static PolicyBundle of(List<PolicyFile> files) {
        return new PolicyBundle("", "", "", "", "", files, List.of());
    }

    /** How many files there are. */
    @JsonIgnore
    public int size() {
        return files.size();
    }

    /**
     * A file.
     *
     * @param path as diagnostics shall name it
     */
    public record PolicyFile(String path, String content) {
        public PolicyFile {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(content, "content");
        }
    }

    /** A file that the source could not serve, and why. */
    public record SkippedFile(String path, String reason) {}
}
