package io.weft.config;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * Finds commits by what people call them: a branch, a tag, or a commit id of at least 7 digits that
 * is in the history of one. Revision expressions ({@code HEAD~3}, {@code @&#123;u&#125;}) are not
 * understood, and a commit that a force-push has thrown away is not served, although its objects
 * are still there. Safe for use by many threads.
 */
final class Revisions {

    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z_][0-9A-Za-z._+@/-]{0,199}");
    private static final Pattern NOT_IN_A_NAME =
            Pattern.compile("\\.\\.|//|/\\.|\\.lock(/|$)|[/.]$");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{7,40}");

    private final Repository repository;

    Revisions(Repository repository) {
        this.repository = repository;
    }

    /** Whether {@code name} can be the name of a branch, a tag or a commit at all. */
    static boolean isWellFormed(String name) {
        return NAME.matcher(name).matches() && !NOT_IN_A_NAME.matcher(name).find();
    }

    /**
     * The commit of that name; empty when there is none, or when it is in the history of no branch
     * and no tag.
     */
    Optional<ObjectId> find(String name) throws IOException {
        if (!isWellFormed(name)) {
            return Optional.empty();
        }
        try (RevWalk walk = new RevWalk(repository)) {
            for (String prefix : List.of(Constants.R_HEADS, Constants.R_TAGS)) {
                Ref ref = repository.exactRef(prefix + name);
                if (ref != null && ref.getObjectId() != null) {
                    return Optional.of(walk.parseCommit(ref.getObjectId()).copy());
                }
            }
            return ID.matcher(name).matches() ? reachable(walk, name) : Optional.empty();
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            return Optional.empty();
        }
    }

    private Optional<ObjectId> reachable(RevWalk walk, String digits) throws IOException {
        Collection<ObjectId> candidates;
        try (ObjectReader reader = repository.newObjectReader()) {
            candidates = reader.resolve(AbbreviatedObjectId.fromString(digits));
        } catch (AmbiguousObjectException e) {
            return Optional.empty();
        }
        if (candidates.size() != 1) {
            return Optional.empty();
        }
        RevCommit commit = walk.parseCommit(candidates.iterator().next());
        List<Ref> tips = new ArrayList<>();
        Ref head = repository.exactRef(Constants.HEAD);
        if (head != null && head.getObjectId() != null) {
            tips.add(head);
        }
        tips.addAll(
                repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS, Constants.R_TAGS));
        return walk.isMergedIntoAny(commit, tips) ? Optional.of(commit.copy()) : Optional.empty();
    }

    /**
     * The newest {@code limit} commits in the history of {@code head} that have changed the policy
     * tree.
     */
    List<Entry> log(ObjectId head, int limit) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (RevWalk walk = new RevWalk(repository)) {
            walk.markStart(walk.parseCommit(head));
            walk.setTreeFilter(
                    AndTreeFilter.create(
                            PathFilter.create(BundleReader.FOLDER), TreeFilter.ANY_DIFF));
            RevCommit commit = walk.next();
            while (commit != null && entries.size() < limit) {
                entries.add(
                        new Entry(
                                commit.name(),
                                commit.getAuthorIdent().getName(),
                                Instant.ofEpochSecond(commit.getCommitTime()),
                                commit.getShortMessage()));
                commit = walk.next();
            }
        }
        return List.copyOf(entries);
    }

    /** One line of the log. */
    @JsonPropertyOrder({"commit", "author", "committedAt", "message"})
    record Entry(String commit, String author, Instant committedAt, String message) {}
}
