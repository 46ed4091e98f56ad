package io.weft.policy.source;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** The same with another text in one file. */
    public PolicyBundle with(String path, String text) {
        List<PolicyFile> changed =
                files.stream()
                        .map(file -> file.path().equals(path) ? new PolicyFile(path, text) : file)
                        .toList();
        return new PolicyBundle(
                commit, shortCommit, author, message, committedAt, changed, skipped);
    }

    /** The same, holding the files that are the same in another only once in memory. */
    public PolicyBundle sharing(PolicyBundle other) {
        Map<String, PolicyFile> known = new HashMap<>();
        other.files.forEach(file -> known.put(file.path(), file));
        List<PolicyFile> shared = new ArrayList<>();
        for (PolicyFile file : files) {
            PolicyFile same = known.get(file.path());
            shared.add(file.equals(same) ? same : file);
        }
        return new PolicyBundle(commit, shortCommit, author, message, committedAt, shared, skipped);
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
