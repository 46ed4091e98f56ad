package io.weft.blog.launcher;

import io.weft.blog.launcher.process.ExecutableJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a run of the demo keeps its files. */
final class WorkFolder implements AutoCloseable {

    private final Path path;
    private final boolean temporary;
    private volatile boolean kept;

    private WorkFolder(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    /**
     * @param wanted null for a temporary one
     */
    static WorkFolder open(@Nullable Path wanted) {
        try {
            if (wanted == null) {
                return new WorkFolder(Files.createTempDirectory("weft-demo-").toRealPath(), true);
            }
            Files.createDirectories(wanted);
            try (var files = Files.list(wanted)) {
                if (files.findAny().isPresent()) {
                    throw new DemoProblem(
                            DemoProblem.BAD_DATA,
                            "--work: "
                                    + wanted
                                    + " is not empty (expected: a new or empty folder)");
                }
            }
            return new WorkFolder(wanted.toRealPath(), false);
        } catch (IOException e) {
            throw new DemoProblem(
                    DemoProblem.UNAVAILABLE,
                    "--work: "
                            + (wanted == null ? System.getProperty("java.io.tmpdir") : wanted)
                            + " cannot be used: "
                            + e.getMessage());
        }
    }

    Path path() {
        return path;
    }

    /** Leaves a temporary folder behind, for whoever looks for the reason of a failure. */
    void keep() {
        kept = true;
    }

    @Override
    public void close() {
        if (temporary && !kept) {
            try {
                ExecutableJar.deleteTree(path);
            } catch (IOException e) {
                // Some process may still have written; the folder is the system's to clear away.
            }
        }
    }
}
