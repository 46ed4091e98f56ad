package io.weft.config;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/**
 * A repository on this machine, bare or not, read in place: its committed state only, and nothing
 * is ever written.
 */
final class LocalGitSource implements GitSource {

    private final Repository repository;
    private final String label;

    private LocalGitSource(Repository repository, String label) {
        this.repository = repository;
        this.label = label;
    }

    /**
     * Opens it.
     *
     * @throws ConfigurationProblem when there is no Git repository
     */
    static LocalGitSource open(Path folder, String label) {
        File gitDir = gitDir(folder);
        if (gitDir == null) {
            String found =
                    Files.isDirectory(folder) ? "no repository in that folder" : "no such folder";
            throw new ConfigurationProblem(
                    "weft.config.git.uri: %s (expected: a Git repository; found: %s)"
                            .formatted(folder.toUri(), found));
        }
        try {
            return new LocalGitSource(
                    new FileRepositoryBuilder().setGitDir(gitDir).setMustExist(true).build(),
                    label);
        } catch (IOException e) {
            throw new ConfigurationProblem(
                    "weft.config.git.uri: %s (expected: a Git repository that this user may read)"
                            .formatted(folder.toUri()));
        }
    }

    private static @Nullable File gitDir(Path folder) {
        File resolved = RepositoryCache.FileKey.resolve(folder.toFile(), FS.DETECTED);
        if (resolved != null) {
            return resolved;
        }
        if (!Files.isRegularFile(folder.resolve(Constants.DOT_GIT))) {
            return null;
        }
        try { // A linked work tree: .git is a file that names the folder.
            return new FileRepositoryBuilder().setWorkTree(folder.toFile()).setup().getGitDir();
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public Repository repository() {
        return repository;
    }

    @Override
    public @Nullable ObjectId refresh() throws IOException {
        try {
            ObjectId head = lastKnown();
            if (head == null && !repository.getObjectDatabase().exists()) {
                throw new IOException("the local Git repository is gone");
            }
            if (head == null && !label.isBlank() && repository.getRefDatabase().hasRefs()) {
                throw GitSource.noSuchLabel(label);
            }
            return head;
        } catch (RuntimeException e) {
            throw new IOException("the local Git repository cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public @Nullable ObjectId lastKnown() throws IOException {
        return label.isBlank()
                ? GitSource.commitOf(repository, repository.exactRef(Constants.HEAD))
                : GitSource.commitOf(repository, label);
    }

    @Override
    public boolean cheap() {
        return true;
    }

    @Override
    public boolean dirty() throws IOException {
        if (repository.isBare()) {
            return false;
        }
        try (Git git = Git.wrap(repository)) {
            return !git.status().call().isClean();
        } catch (GitAPIException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
