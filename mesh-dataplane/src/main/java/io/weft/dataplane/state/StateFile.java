package io.weft.dataplane.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file that survives a crash at any byte: it holds the old content or the new, never a mixture.
 * Readable by its owner alone (0600, its directory 0700). What is damaged on disk reads as absent.
 *
 * <p>Form: a line {@code weft-state 1 SHA-256}, then the content. Safe for use by several threads.
 */
public final class StateFile {

    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
    private static final String MAGIC = "weft-state 1 ";
    private static final int HEADER = MAGIC.length() + 64 + 1;
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path file;

    public StateFile(Path directory, String name) {
        this.file = directory.resolve(name);
    }

    public Path path() {
        return file;
    }

    /** The content, empty when there is none or it is damaged; the reason is logged. */
    public Optional<byte[]> read() {
        byte[] all;
        try {
            all = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("{}: cannot be read, going on without it: {}", file, e.toString());
            return Optional.empty();
        }
        if (all.length < HEADER) {
            LOG.warn("{}: cut off after {} bytes, going on without it", file, all.length);
            return Optional.empty();
        }
        byte[] content = Arrays.copyOfRange(all, HEADER, all.length);
        if (!Arrays.equals(header(content), Arrays.copyOf(all, HEADER))) {
            LOG.warn("{}: damaged (checksum), going on without it", file);
            return Optional.empty();
        }
        return Optional.of(content);
    }

    /**
     * Replaces the content; when this returns it is on disk.
     *
     * @throws IOException when it cannot be written: the old content is still there
     */
    public synchronized void write(byte[] content) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(file + ": has no directory");
        }
        createPrivate(directory);
        Path next = directory.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        try (FileChannel channel =
                FileChannel.open(
                        next,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        attributes("rw-------"))) {
            writeFully(channel, header(content));
            writeFully(channel, content);
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory(directory);
    }

    private static void createPrivate(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, attributes("rwx------"));
        } else if (POSIX
                && Files.isWritable(directory)
                && !Files.getPosixFilePermissions(directory)
                        .equals(PosixFilePermissions.fromString("rwx------"))) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static void writeFully(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Makes the rename itself durable; not every system can. */
    private static void syncDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("{}: directory cannot be synced: {}", directory, e.toString());
        }
    }

    private static byte[] header(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return (MAGIC + HexFormat.of().formatHex(digest) + "\n")
                    .getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
