package io.weft.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code ./weft} of this checkout with what the build has made. */
final class Weft {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private Weft() {}

    /** What a run printed, and how it ended. */
    record Outcome(int exitCode, String output, String errors) {}

    /** Starts what runs until it is stopped. */
    static Process start(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", ROOT.resolve("weft").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(ROOT.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().put("WEFT_NO_BUILD", "1");
        return builder.start();
    }

    /** As Ctrl-C does; what is left after that is killed. */
    static void stop(Process process) throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        children.forEach(ProcessHandle::destroy);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    static Outcome run(Duration patience, String... arguments) {
        List<String> command = new ArrayList<>(List.of("bash", ROOT.resolve("weft").toString()));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("weft-output", ".txt");
            Path errors = Files.createTempFile("weft-errors", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(ROOT.toFile())
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectOutput(output.toFile())
                            .redirectError(errors.toFile());
            builder.environment().put("WEFT_NO_BUILD", "1");
            Process process = builder.start();
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(
                        String.join(" ", command)
                                + " did not end within "
                                + patience
                                + "\n"
                                + Files.readString(errors));
            }
            Outcome outcome =
                    new Outcome(
                            process.exitValue(),
                            Files.readString(output),
                            Files.readString(errors));
            Files.delete(output);
            Files.delete(errors);
            return outcome;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
