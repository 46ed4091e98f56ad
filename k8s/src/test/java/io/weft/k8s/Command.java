package io.weft.k8s;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Programs of this machine. */
final class Command {

    record Result(int code, String output, String errors) {}

    private Command() {}

    /** Skips the test, and says why, where the program is not installed. */
    static void assumeInstalled(String program) {
        assumeTrue(
                find(program).isPresent(),
                program + " is not installed on this machine: not checked here");
    }

    private static Optional<Path> find(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Result run(List<String> command) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("command", ".err");
        try {
            Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes());
            return new Result(process.waitFor(), output, Files.readString(errors));
        } finally {
            Files.delete(errors);
        }
    }
}
