package io.weft.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jgit.api.FetchCommand;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.TransportConfigCallback;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.TrackingRefUpdate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A repository behind a Git server, mirrored into a bare one here. Branches follow the server by
 * force, so that rewritten history is followed and deleted branches go. No work tree exists, no
 * submodule is fetched, no redirect is followed.
 */
final class RemoteGitSource implements GitSource {

    private static final Logger log = LoggerFactory.getLogger(RemoteGitSource.class);

    /** Each fetch leaves a pack; after so many that brought something they are put together. */
    private static final int PACKS_BEFORE_CLEANING = 50;

    private static final Set<RefUpdate.Result> FAILED =
            EnumSet.of(
                    RefUpdate.Result.LOCK_FAILURE,
                    RefUpdate.Result.IO_FAILURE,
                    RefUpdate.Result.REJECTED,
                    RefUpdate.Result.REJECTED_MISSING_OBJECT,
                    RefUpdate.Result.REJECTED_OTHER_REASON);

    /**
     * How to reach the server.
     *
     * @param uri without credentials
     * @param label branch or tag to serve; the server's HEAD when blank
     * @param timeoutSeconds how long the server may be silent
     */
    record Settings(
            String uri,
            String label,
            int timeoutSeconds,
            @Nullable CredentialsProvider credentials,
            @Nullable TransportConfigCallback transport) {}

    private final Settings settings;
    private final Repository mirror;
    private int fetchesWithNews;

    private RemoteGitSource(Settings settings, Repository mirror) {
        this.settings = settings;
        this.mirror = mirror;
    }

    /**
     * Opens the mirror in {@code folder}, or makes one when there is none of that URI; asks nobody
     * yet.
     */
    static RemoteGitSource open(Settings settings, Path folder) throws IOException {
        Repository mirror =
                new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build();
        if (Files.exists(folder) && !settings.uri().equals(originOf(mirror))) {
            mirror.close();
            FileSystemUtils.deleteRecursively(folder);
            mirror = new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build();
        }
        if (!mirror.getObjectDatabase().exists()) {
            mirror.create(true);
        }
        StoredConfig config = mirror.getConfig();
        config.setString("remote", "origin", "url", settings.uri());
        config.setString("http", null, "followRedirects", "false");
        config.save();
        return new RemoteGitSource(settings, mirror);
    }

    private static @Nullable String originOf(Repository mirror) throws IOException {
        try {
            mirror.getConfig().load();
            return mirror.getConfig().getString("remote", "origin", "url");
        } catch (ConfigInvalidException e) {
            return null;
        }
    }

    @Override
    public Repository repository() {
        return mirror;
    }

    @Override
    public @Nullable ObjectId refresh() throws IOException {
        FetchResult result = fetch();
        for (TrackingRefUpdate update : result.getTrackingRefUpdates()) {
            if (FAILED.contains(update.getResult())) {
                throw new IOException(update.getLocalName() + ": " + update.getResult());
            }
        }
        if (!result.getTrackingRefUpdates().isEmpty()
                && ++fetchesWithNews % PACKS_BEFORE_CLEANING == 0) {
            clean();
        }
        String branch = settings.label().isBlank() ? advertisedBranch(result) : null;
        if (branch != null) {
            mirror.updateRef(Constants.HEAD)
                    .link(branch); // What a restart serves before it has asked.
        }
        ObjectId head = lastKnown();
        if (head == null && !settings.label().isBlank() && !result.getAdvertisedRefs().isEmpty()) {
            throw GitSource.noSuchLabel(settings.label());
        }
        return head;
    }

    private FetchResult fetch() throws IOException {
        try (Git git = Git.wrap(mirror)) {
            FetchCommand fetch =
                    git.fetch()
                            .setRemote(settings.uri())
                            .setRefSpecs("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
                            .setTagOpt(TagOpt.NO_TAGS)
                            .setRemoveDeletedRefs(true)
                            .setTimeout(settings.timeoutSeconds());
            if (settings.credentials() != null) {
                fetch.setCredentialsProvider(settings.credentials());
            }
            if (settings.transport() != null) {
                fetch.setTransportConfigCallback(settings.transport());
            }
            return fetch.call();
        } catch (GitAPIException | RuntimeException e) {
            throw new IOException(reason(e), e);
        }
    }

    /**
     * The branch that the server's HEAD names; of servers that do not tell, one that points to the
     * same commit.
     */
    private @Nullable String advertisedBranch(FetchResult result) {
        Ref head = result.getAdvertisedRef(Constants.HEAD);
        if (head != null && head.isSymbolic()) {
            return head.getTarget().getName();
        }
        for (String name : new String[] {"main", "master"}) {
            Ref branch = result.getAdvertisedRef(Constants.R_HEADS + name);
            if (branch != null
                    && (head == null || branch.getObjectId().equals(head.getObjectId()))) {
                return branch.getName();
            }
        }
        return result.getAdvertisedRefs().stream()
                .map(Ref::getName)
                .filter(name -> name.startsWith(Constants.R_HEADS))
                .findFirst()
                .orElse(null);
    }

    private void clean() {
        try (Git git = Git.wrap(mirror)) {
            git.gc().call();
        } catch (GitAPIException | RuntimeException e) {
            log.warn("The mirror cannot be cleaned; it goes on growing", e);
        }
    }

    /** The innermost message says what happened ("Connection refused"), the outermost to whom. */
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String outer = String.valueOf(failure.getMessage());
        String inner = String.valueOf(root.getMessage());
        return outer.contains(inner) ? outer : outer + ": " + inner;
    }

    @Override
    public @Nullable ObjectId lastKnown() throws IOException {
        return settings.label().isBlank()
                ? GitSource.commitOf(mirror, mirror.exactRef(Constants.HEAD))
                : GitSource.commitOf(mirror, settings.label());
    }

    @Override
    public boolean cheap() {
        return false;
    }

    @Override
    public boolean dirty() {
        return false;
    }

    @Override
    public void close() {
        mirror.close();
    }
}
