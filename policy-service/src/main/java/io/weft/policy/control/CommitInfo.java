package io.weft.policy.control;

import io.weft.policy.source.PolicyBundle;

/**
 * A commit, for people.
 *
 * @param commit empty when the policies do not come from Git
 */
public record CommitInfo(
        String commit,
        String shortCommit,
        String author,
        String message,
        String committedAt,
        int files) {

    static CommitInfo of(PolicyBundle bundle) {
        return new CommitInfo(
                bundle.commit(),
                bundle.shortCommit(),
                bundle.author(),
                bundle.message(),
                bundle.committedAt(),
                bundle.files().size());
    }
}
