package io.weft.config;

import java.io.IOException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * Where commits come from. {@link #refresh} is called by one thread only; {@link #repository} may
 * be read by all.
 */
sealed interface GitSource extends AutoCloseable permits LocalGitSource, RemoteGitSource {

    /** The object database to read from. */
    Repository repository();

    /**
     * Looks for news; blocks while it does.
     *
     * @return the head of the served branch; null when the repository has no commit at all
     * @throws IOException with a message for the operator, without credentials, when the repository
     *     cannot be read
     */
    @Nullable ObjectId refresh() throws IOException;

    /** What can be served without asking anybody: the head as of the last run, or null. */
    @Nullable ObjectId lastKnown() throws IOException;

    /** Whether looking costs next to nothing, so that it may be done several times a second. */
    boolean cheap();

    /** Whether there are changes beside the committed state, which are not served. */
    boolean dirty() throws IOException;

    @Override
    void close();

    /** The commit that a branch or tag names; null when there is none. */
    static @Nullable ObjectId commitOf(Repository repository, String label) throws IOException {
        for (String prefix : new String[] {Constants.R_HEADS, Constants.R_TAGS}) {
            ObjectId id = commitOf(repository, repository.exactRef(prefix + label));
            if (id != null) {
                return id;
            }
        }
        return null;
    }

    /** The commit behind a reference, through annotated tags; null when it is not born yet. */
    static @Nullable ObjectId commitOf(Repository repository, @Nullable Ref ref)
            throws IOException {
        if (ref == null || ref.getObjectId() == null) {
            return null;
        }
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.parseCommit(ref.getObjectId()).copy();
        }
    }

    /** The error for a branch that is not there although the repository has others. */
    static IOException noSuchLabel(String label) {
        return new IOException(
                "weft.config.git.default-label: "
                        + label
                        + " (expected: a branch or tag of the repository)");
    }
}
