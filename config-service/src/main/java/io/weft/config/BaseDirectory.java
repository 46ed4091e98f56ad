package io.weft.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * The folder for clones and checked-out properties, readable by this user only. A temporary one
 * goes when the service ends; one that the operator names stays, so that the last good commit is
 * served after a restart while the Git server is away.
 */
final class BaseDirectory implements AutoCloseable {

    private final Path path;
    private final boolean temporary;

    private BaseDirectory(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    static BaseDirectory open(@Nullable Path configured) {
        try {
            if (configured == null) {
                return new BaseDirectory(Files.createTempDirectory("weft-config-"), true);
            }
            Files.createDirectories(configured);
            if (Files.getFileStore(configured).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(
                        configured, PosixFilePermissions.fromString("rwx------"));
            }
            return new BaseDirectory(configured.toRealPath(), false);
        } catch (IOException e) {
            throw new ConfigurationProblem(
                    "spring.cloud.config.server.git.basedir: "
                            + configured
                            + " (expected: a folder that this user owns and may write to)");
        }
    }

    Path path() {
        return path;
    }

    /** An empty folder below this one; what an earlier run has left there is deleted. */
    Path fresh(String name) {
        Path folder = path.resolve(name);
        try {
            FileSystemUtils.deleteRecursively(folder);
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (temporary) {
            try {
                FileSystemUtils.deleteRecursively(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
