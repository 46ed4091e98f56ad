package io.weft.policy.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that only its owner may read (0700, files 0600). A file is replaced as a whole: a
 * crash at any byte leaves the old one or the new one. Thread-safe as far as the file system is.
 */
public final class StateDirectory {

    private static final Set<PosixFilePermission> FILE_MODE =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY_MODE =
            PosixFilePermissions.fromString("rwx------");

    private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);
    private static final String LOCK = ".lock";

    /** By file: the JVM refuses a second lock of the same file instead of waiting for it. */
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final Path root;

    private StateDirectory(Path root) {
        this.root = root;
    }

    /**
     * Opens or makes it.
     *
     * @throws StartFailure when it cannot be made, read or written
     */
    public static StateDirectory open(Path root) {
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root.toAbsolutePath().getParent());
                create(root);
            }
        } catch (IOException e) {
            throw new StartFailure(
                    "state directory: " + root + " cannot be made (" + reason(e) + ")", e);
        }
        if (!Files.isReadable(root) || !Files.isWritable(root) || !Files.isExecutable(root)) {
            throw new StartFailure(
                    "state directory: "
                            + root
                            + " (expected: readable and writable by "
                            + System.getProperty("user.name")
                            + ")");
        }
        return new StateDirectory(root);
    }

    private static void create(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, attribute(directory, DIRECTORY_MODE));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
            LOG.debug("{}: another process was faster", directory);
        }
    }

    /** A directory inside this one. */
    public StateDirectory child(String name) {
        return open(root.resolve(name));
    }

    /** Where a file lies. */
    public Path path(String name) {
        return root.resolve(name);
    }

    /** Whether the file is there. */
    public boolean has(String name) {
        return Files.exists(root.resolve(name));
    }

    /**
     * The text of a file, empty when there is none.
     *
     * @throws IOException when it is there but cannot be read
     */
    public Optional<String> read(String name) throws IOException {
        Path file = root.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(Files.readString(file));
    }

    /** Replaces a file, durably: when this returns, the new content survives a crash. */
    public void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Path next = Files.createTempFile(root, "." + name, ".new", attribute(root, FILE_MODE));
        try {
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory();
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /** Makes the rename itself durable; not every system can. */
    private void syncDirectory() {
        try (FileChannel channel = FileChannel.open(root, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("{}: directory cannot be synced: {}", root, e.toString());
        }
    }

    /**
     * Runs a step that no other process or thread with this directory runs at the same time.
     *
     * @throws IOException when the step fails, or the lock cannot be had
     */
    public <T> T locked(Step<T> step) throws IOException {
        Path lock = root.resolve(LOCK).toAbsolutePath();
        // A file lock keeps out other processes; threads of this one need a lock of their own.
        ReentrantLock threads = LOCKS.computeIfAbsent(lock, path -> new ReentrantLock());
        threads.lock();
        try {
            if (!Files.exists(lock)) {
                createLock(lock);
            }
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                return held.isValid() ? step.run() : failed(lock);
            }
        } finally {
            threads.unlock();
        }
    }

    private static <T> T failed(Path lock) throws IOException {
        throw new IOException(lock + ": cannot be locked");
    }

    private static void createLock(Path lock) throws IOException {
        try {
            Files.createFile(lock, attribute(lock, FILE_MODE));
        } catch (FileAlreadyExistsException e) {
            LOG.debug("{}: another process was faster", lock);
        }
    }

    /** What is done under the lock. */
    @FunctionalInterface
    public interface Step<T> {
        T run() throws IOException;
    }

    /** Why a file operation failed, in words: the exceptions of NIO often carry only a path. */
    public static String reason(IOException e) {
        String type = e.getClass().getSimpleName().replaceAll("Exception$", "");
        String words = type.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
        return e.getMessage() == null ? words : words + ": " + e.getMessage();
    }

    private static FileAttribute<?>[] attribute(Path where, Set<PosixFilePermission> mode) {
        boolean posix = where.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
                : new FileAttribute<?>[0];
    }
}
