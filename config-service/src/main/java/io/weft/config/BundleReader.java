package io.weft.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilter;

/**
 * Reads the policy tree of a commit from the object database, never from a work tree. Symbolic
 * links and submodules are named, not followed; the sizes are bounded, so that no commit can
 * exhaust the memory. Safe for use by many threads.
 */
final class BundleReader {

    static final String FOLDER = "mesh";

    private static final long MAX_FILE_BYTES = 10L << 20;
    private static final long MAX_BUNDLE_BYTES = 64L << 20;

    /**
     * Subtrees can be shared, so that a few kilobytes of objects can unfold into more entries than
     * anybody can walk.
     */
    private static final int MAX_ENTRIES = 50_000;

    private static final Pattern POLICY = Pattern.compile(".*\\.(yaml|yml|json|hcl)");
    private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/";

    private final Repository repository;

    BundleReader(Repository repository) {
        this.repository = repository;
    }

    /**
     * Reads one commit.
     *
     * @throws IOException when an object is missing or broken, or the tree too large to be walked
     */
    Bundle read(ObjectId id) throws IOException {
        try (RevWalk commits = new RevWalk(repository);
                TreeWalk walk = new TreeWalk(repository)) {
            RevCommit commit = commits.parseCommit(id);
            Collector collector = new Collector();
            walk.addTree(commit.getTree());
            walk.setFilter(PathFilter.create(FOLDER));
            for (int entries = 0; walk.next(); entries++) {
                if (entries == MAX_ENTRIES) {
                    throw new IOException(
                            "mesh/: more than " + MAX_ENTRIES + " entries (expected: fewer)");
                }
                if (walk.isSubtree()) {
                    walk.enterSubtree();
                } else {
                    collector.add(walk);
                }
            }
            return collector.bundle(commit);
        }
    }

    private static final class Collector {

        private final List<Bundle.PolicyFile> files = new ArrayList<>();
        private final List<Bundle.Skipped> skipped = new ArrayList<>();
        private long total;

        void add(TreeWalk walk) throws IOException {
            String path = walk.getPathString();
            FileMode mode = walk.getFileMode(0);
            if (mode == FileMode.SYMLINK) {
                skip(path, "symbolic link (expected: a regular file)");
            } else if (mode == FileMode.GITLINK) {
                skip(path, "submodule (expected: a regular file)");
            } else if (path.equals(FOLDER)) {
                skip(path, "file (expected: a folder)");
            } else if (POLICY.matcher(path).matches()) {
                addPolicy(path, walk);
            } else if (POLICY.matcher(path.toLowerCase(Locale.ROOT)).matches()) {
                // Silence would let its author believe that the policy is in force.
                skip(path, "name in capitals (expected: .yaml, .yml, .json or .hcl)");
            }
        }

        private void addPolicy(String path, TreeWalk walk) throws IOException {
            if (path.chars().anyMatch(Character::isISOControl)) {
                skip(path, "control character in the name (expected: none)");
                return;
            }
            ObjectLoader blob =
                    walk.getObjectReader().open(walk.getObjectId(0), Constants.OBJ_BLOB);
            long size = blob.getSize();
            if (size > MAX_FILE_BYTES) {
                skip(path, size + " bytes (expected: at most 10 MiB)");
                return;
            }
            if (total + size > MAX_BUNDLE_BYTES) {
                skip(path, "the policy tree is too large (expected: at most 64 MiB in all)");
                return;
            }
            try {
                String content =
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(blob.getCachedBytes((int) MAX_FILE_BYTES)))
                                .toString();
                if (content.startsWith(LFS_POINTER)) {
                    skip(path, "pointer to Git LFS (expected: the file itself)");
                } else {
                    total += size;
                    files.add(new Bundle.PolicyFile(path, content));
                }
            } catch (CharacterCodingException e) {
                skip(path, "not UTF-8 (expected: text in UTF-8)");
            }
        }

        private void skip(String path, String reason) {
            skipped.add(new Bundle.Skipped(path, reason));
        }

        Bundle bundle(RevCommit commit) {
            files.sort(Comparator.comparing(Bundle.PolicyFile::path));
            skipped.sort(Comparator.comparing(Bundle.Skipped::path));
            return new Bundle(
                    commit.name(),
                    commit.name().substring(0, 8),
                    commit.getAuthorIdent().getName(),
                    commit.getShortMessage(),
                    Instant.ofEpochSecond(commit.getCommitTime()),
                    files,
                    skipped);
        }
    }
}
