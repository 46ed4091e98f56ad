package io.weft.config;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;

/**
 * The policy tree of one commit: every policy file below {@code mesh/}, and every entry that was
 * left out, with the reason.
 *
 * @param commit full object id, 40 hexadecimal digits
 * @param shortCommit its first 8 digits
 * @param author name of the author
 * @param message first line of the commit message
 * @param committedAt when it was committed
 * @param files sorted by path
 * @param skipped sorted by path; whoever enforces the policies decides whether a gap is acceptable
 */
@JsonPropertyOrder({
    "commit",
    "shortCommit",
    "author",
    "message",
    "committedAt",
    "files",
    "skipped"
})
record Bundle(
        String commit,
        String shortCommit,
        String author,
        String message,
        Instant committedAt,
        List<PolicyFile> files,
        List<Skipped> skipped) {

    Bundle {
        files = List.copyOf(files);
        skipped = List.copyOf(skipped);
    }

    /**
     * A regular file; {@code path} is relative to the root of the repository and starts with {@code
     * mesh/}.
     */
    @JsonPropertyOrder({"path", "content"})
    record PolicyFile(String path, String content) {}

    /** An entry that is not served. */
    @JsonPropertyOrder({"path", "reason"})
    record Skipped(String path, String reason) {}
}
