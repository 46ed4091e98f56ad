package io.weft.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * The files of a commit on disk, for Spring Boot's own loading of properties. A folder per commit,
 * written once from the object database: regular files only, so that no link can lead out of it.
 * Safe for use by many threads.
 */
final class CommitCheckouts {

    private static final Logger log = LoggerFactory.getLogger(CommitCheckouts.class);

    private static final int KEPT = 16;
    private static final int MAX_ENTRIES = 50_000;
    private static final long MAX_FILE_BYTES = 10L << 20;
    private static final Pattern PROPERTIES = Pattern.compile(".*\\.(properties|xml|ya?ml)");

    private final Repository repository;
    private final Path folder;
    private final boolean allFiles;

    /** Held for reading while a checkout is in use, for writing while one is made or deleted. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private final Map<ObjectId, Path> checkouts = new LinkedHashMap<>();

    /**
     * Creates the store.
     *
     * @param folder an empty folder of its own
     * @param allFiles whether files that are no properties are wanted as well
     */
    CommitCheckouts(Repository repository, Path folder, boolean allFiles) {
        this.repository = repository;
        this.folder = folder;
        this.allFiles = allFiles;
    }

    /** Something to be done with the files of a commit, which are there until it returns. */
    @FunctionalInterface
    interface Use<T> {
        T with(Path checkout) throws IOException;
    }

    /** Calls {@code use} with the folder that holds the files of {@code commit}. */
    <T> T use(ObjectId commit, Use<T> use) throws IOException {
        lock.readLock().lock();
        try {
            Path ready = checkouts.get(commit);
            if (ready != null) {
                return use.with(ready);
            }
        } finally {
            lock.readLock().unlock();
        }
        lock.writeLock().lock();
        try {
            Path made = checkouts.get(commit);
            if (made == null) {
                made = make(commit);
                checkouts.put(commit, made);
                deleteOldest();
            }
            lock.readLock().lock(); // Downgraded, so that nobody deletes it in between.
        } finally {
            lock.writeLock().unlock();
        }
        try {
            return use.with(folder.resolve(commit.name()));
        } finally {
            lock.readLock().unlock();
        }
    }

    private void deleteOldest() throws IOException {
        while (checkouts.size() > KEPT) {
            ObjectId oldest = checkouts.keySet().iterator().next();
            Path path = checkouts.remove(oldest);
            FileSystemUtils.deleteRecursively(path);
        }
    }

    private Path make(ObjectId id) throws IOException {
        Path unfinished = folder.resolve(id.name() + ".new");
        FileSystemUtils.deleteRecursively(unfinished);
        Files.createDirectories(unfinished);
        try (RevWalk commits = new RevWalk(repository);
                TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(commits.parseCommit(id).getTree());
            for (int entries = 0; walk.next(); entries++) {
                if (entries == MAX_ENTRIES) {
                    throw new IOException(
                            "more than " + MAX_ENTRIES + " entries (expected: fewer)");
                }
                if (!walk.isSubtree()) {
                    write(walk, unfinished);
                } else if (!walk.getPathString().equals(BundleReader.FOLDER)) {
                    walk.enterSubtree();
                }
            }
        }
        return Files.move(unfinished, folder.resolve(id.name()), StandardCopyOption.ATOMIC_MOVE);
    }

    private void write(TreeWalk walk, Path root) throws IOException {
        String name = walk.getPathString();
        FileMode mode = walk.getFileMode(0);
        boolean regular = mode == FileMode.REGULAR_FILE || mode == FileMode.EXECUTABLE_FILE;
        boolean properties = PROPERTIES.matcher(name).matches();
        if (!regular || !(properties || allFiles)) {
            return;
        }
        ObjectLoader blob = walk.getObjectReader().open(walk.getObjectId(0), Constants.OBJ_BLOB);
        if (blob.getSize() > MAX_FILE_BYTES) {
            log.warn("{}: {} bytes (expected: at most 10 MiB); not served", name, blob.getSize());
            return;
        }
        try {
            Path file = root.resolve(name).normalize();
            if (!file.startsWith(root)) { // A forged tree can have an entry "..".
                log.warn("{}: leads out of the repository; not served", name);
                return;
            }
            Files.createDirectories(file.getParent());
            try (InputStream in = blob.openStream()) {
                Files.copy(in, file);
            }
            if (properties && !PropertyFileCheck.isServable(file, name)) {
                Files.delete(file);
            }
        } catch (InvalidPathException | FileAlreadyExistsException e) {
            log.warn("{}: no name for a file here; not served", name);
        }
    }
}
