package io.weft.blog.launcher.repo;

import io.weft.blog.launcher.DemoProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.Status;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.revwalk.RevCommit;

/** The Git repository that the demo runs from: made from a sample, or one that is there. */
public final class SampleRepository implements AutoCloseable {

    private static final PersonIdent AUTHOR = new PersonIdent("weft demo", "demo@blog.example.com");

    private final Git git;

    private SampleRepository(Git git) {
        this.git = git;
    }

    /**
     * Makes a repository with one commit.
     *
     * @param dialect folder of the sample
     * @param values what stands for {@code @NAME@} in the demo's own files; the seed's have none
     */
    public static SampleRepository create(Path folder, String dialect, Map<String, String> values) {
        try {
            Files.createDirectories(folder);
            Git git = Git.init().setDirectory(folder.toFile()).setInitialBranch("main").call();
            // Whatever its owner has set for his own repositories, this one can always be committed
            // to.
            StoredConfig config = git.getRepository().getConfig();
            config.setBoolean("commit", null, "gpgsign", false);
            config.setString("user", null, "name", AUTHOR.getName());
            config.setString("user", null, "email", AUTHOR.getEmailAddress());
            config.save();
            SampleRepository repository = new SampleRepository(git);
            write(folder, SampleFiles.below("samples/common"), values);
            write(folder, SampleFiles.below("samples/" + dialect), values);
            repository.commitAll("The blog, as " + dialect + " writes it");
            return repository;
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
        } catch (GitAPIException e) {
            throw new IllegalStateException(folder + ": " + e.getMessage(), e);
        }
    }

    /** Opens an existing repository; it must have a commit, a clean tree and a policy folder. */
    public static SampleRepository open(Path folder) {
        Git git = openGit(folder);
        try {
            if (git.getRepository().resolve(Constants.HEAD) == null) {
                throw refuse(
                        git,
                        folder + ": no commit yet (expected: a commit with mesh/); commit first");
            }
            if (!git.getRepository().isBare()) {
                requireClean(git, folder);
            }
            ObjectId mesh = git.getRepository().resolve(Constants.HEAD + ":mesh");
            if (mesh == null) {
                throw refuse(
                        git,
                        folder
                                + ": no folder mesh/ in the last commit (expected: policies below mesh/)");
            }
            return new SampleRepository(git);
        } catch (IOException e) {
            throw refuse(git, folder + ": not readable: " + e.getMessage());
        }
    }

    private static Git openGit(Path folder) {
        try {
            return Git.open(folder.toFile());
        } catch (RepositoryNotFoundException e) {
            throw new DemoProblem(
                    DemoProblem.BAD_DATA,
                    folder
                            + ": not a Git repository (expected: one with policies below mesh/); run git init and commit, or leave --repo out");
        } catch (IOException e) {
            throw new DemoProblem(
                    DemoProblem.BAD_DATA,
                    folder + ": not readable as a Git repository: " + e.getMessage());
        }
    }

    private static void requireClean(Git git, Path folder) {
        try {
            Status status = git.status().call();
            if (status.isClean()) {
                return;
            }
            String example =
                    java.util.stream.Stream.concat(
                                    status.getUncommittedChanges().stream(),
                                    status.getUntracked().stream())
                            .sorted()
                            .findFirst()
                            .orElse("a file");
            throw refuse(
                    git,
                    folder
                            + ": uncommitted changes, for example "
                            + example
                            + " (expected: a clean tree, since only commits are served); commit or stash them");
        } catch (GitAPIException e) {
            throw refuse(git, folder + ": status not readable: " + e.getMessage());
        }
    }

    private static DemoProblem refuse(Git git, String message) {
        git.close();
        return new DemoProblem(DemoProblem.BAD_DATA, message);
    }

    private static void write(Path folder, Map<String, String> files, Map<String, String> values)
            throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path target = folder.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            String text = file.getValue();
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace("@" + value.getKey() + "@", value.getValue());
            }
            Files.writeString(target, text);
        }
    }

    /** The working tree, or the repository itself when it is bare. */
    public Path folder() {
        return git.getRepository().isBare()
                ? git.getRepository().getDirectory().toPath()
                : git.getRepository().getWorkTree().toPath();
    }

    /** Commit id of the head. */
    public String head() {
        try {
            ObjectId head = git.getRepository().resolve(Constants.HEAD);
            if (head == null) {
                throw new IllegalStateException(folder() + ": no commit");
            }
            return head.name();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a file of the working tree. */
    public String read(String path) {
        try {
            return Files.readString(folder().resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Replaces a file and commits it.
     *
     * @return the new commit id
     */
    public String commit(String path, String text, String message) {
        try {
            Files.writeString(folder().resolve(path), text);
            return commitAll(message);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": " + e.getMessage(), e);
        }
    }

    /**
     * {@code git revert HEAD}.
     *
     * @return the new commit id
     */
    public String revertHead() {
        return revert(Constants.HEAD);
    }

    /**
     * {@code git revert REVISION}.
     *
     * @return the new commit id
     */
    public String revert(String revision) {
        try (var walk = new org.eclipse.jgit.revwalk.RevWalk(git.getRepository())) {
            ObjectId id = git.getRepository().resolve(revision);
            if (id == null) {
                throw new IllegalStateException("git revert " + revision + ": no such commit");
            }
            RevCommit reverted = git.revert().include(walk.parseCommit(id)).call();
            if (reverted == null) {
                throw new IllegalStateException("git revert " + revision + ": conflict");
            }
            return reverted.name();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GitAPIException e) {
            throw new IllegalStateException("git revert: " + e.getMessage(), e);
        }
    }

    private String commitAll(String message) {
        try {
            git.add().addFilepattern(".").call();
            git.add().setUpdate(true).addFilepattern(".").call();
            return git.commit()
                    .setMessage(message)
                    .setAuthor(AUTHOR)
                    .setCommitter(AUTHOR)
                    .setSign(false)
                    .setNoVerify(true)
                    .call()
                    .name();
        } catch (GitAPIException e) {
            throw new IllegalStateException("git commit: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        git.close();
    }
}
