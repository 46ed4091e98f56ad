package io.weft.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * A real Git repository on disk. Commits are written as objects, so that they can hold what no work
 * tree can.
 */
final class TestRepository {

    private static final PersonIdent ANN = new PersonIdent("Ann", "ann@example.com");

    private final Git git;

    private TestRepository(Git git) {
        this.git = git;
    }

    static TestRepository create(Path folder, boolean bare) {
        try {
            return new TestRepository(
                    Git.init()
                            .setDirectory(folder.toFile())
                            .setBare(bare)
                            .setInitialBranch("main")
                            .call());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** An entry of a tree. */
    record Entry(FileMode mode, byte[] content) {

        static Entry text(String text) {
            return new Entry(FileMode.REGULAR_FILE, text.getBytes(StandardCharsets.UTF_8));
        }

        static Entry link(String target) {
            return new Entry(FileMode.SYMLINK, target.getBytes(StandardCharsets.UTF_8));
        }

        static Entry submodule() {
            return new Entry(FileMode.GITLINK, new byte[0]);
        }
    }

    Repository repository() {
        return git.getRepository();
    }

    Path folder() {
        Repository repository = git.getRepository();
        return (repository.isBare() ? repository.getDirectory() : repository.getWorkTree())
                .toPath();
    }

    String uri() {
        return folder().toUri().toString();
    }

    /** What `git add -A && git commit` does in the work tree, after the files were written. */
    String commitWorkTree(String message, Map<String, String> files) {
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = folder().resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
            git.add().addFilepattern(".").call();
            return git.commit().setMessage(message).setAuthor(ANN).setCommitter(ANN).call().name();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A commit of exactly these entries, which {@code branch} then names, whatever it named before.
     */
    String commit(
            String branch, @Nullable String parent, String message, Map<String, Entry> entries) {
        try (ObjectInserter inserter = repository().newObjectInserter()) {
            DirCache index = DirCache.newInCore();
            DirCacheBuilder builder = index.builder();
            for (Map.Entry<String, Entry> entry : entries.entrySet()) {
                DirCacheEntry added = new DirCacheEntry(entry.getKey());
                added.setFileMode(entry.getValue().mode());
                added.setObjectId(
                        entry.getValue().mode() == FileMode.GITLINK
                                ? ObjectId.fromString("1234567890123456789012345678901234567890")
                                : inserter.insert(Constants.OBJ_BLOB, entry.getValue().content()));
                builder.add(added);
            }
            builder.finish();
            return commitTree(inserter, branch, parent, message, index.writeTree(inserter));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String commitTexts(
            String branch, @Nullable String parent, String message, String... pathsAndTexts) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        List<String> list = new ArrayList<>(Arrays.asList(pathsAndTexts));
        for (int i = 0; i < list.size(); i += 2) {
            entries.put(list.get(i), Entry.text(list.get(i + 1)));
        }
        return commit(branch, parent, message, entries);
    }

    String commitTree(
            ObjectInserter inserter,
            String branch,
            @Nullable String parent,
            String message,
            ObjectId tree)
            throws IOException {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setAuthor(ANN);
        commit.setCommitter(ANN);
        commit.setMessage(message);
        if (parent != null) {
            commit.setParentId(ObjectId.fromString(parent));
        }
        ObjectId id = inserter.insert(commit);
        inserter.flush();
        RefUpdate update = repository().updateRef(Constants.R_HEADS + branch);
        update.setNewObjectId(id);
        update.setForceUpdate(true);
        RefUpdate.Result result = update.update();
        if (result == RefUpdate.Result.LOCK_FAILURE || result == RefUpdate.Result.IO_FAILURE) {
            throw new IOException(branch + ": " + result);
        }
        return id.name();
    }

    void tag(String name, String commit) {
        try {
            git.tag()
                    .setName(name)
                    .setObjectId(repository().parseCommit(ObjectId.fromString(commit)))
                    .setTagger(ANN)
                    .setMessage(name)
                    .call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
