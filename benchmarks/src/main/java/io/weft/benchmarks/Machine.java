package io.weft.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where and of what something was measured.
 *
 * @param load average of the last minute, before the measurement
 */
record Machine(
        String processor,
        int processors,
        String memory,
        String kernel,
        String java,
        String commit,
        String load) {

    static Machine here(Path home) {
        return new Machine(
                field("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                field("/proc/meminfo", "MemTotal"),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vendor.version", "")
                        + " "
                        + System.getProperty("java.version"),
                commit(home),
                loadAverage());
    }

    static String loadAverage() {
        return first("/proc/loadavg").split(" ")[0];
    }

    private static String field(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("?");
        } catch (IOException e) {
            return "?";
        }
    }

    private static String first(String file) {
        try {
            List<String> lines = Files.readAllLines(Path.of(file));
            return lines.isEmpty() ? "?" : lines.getFirst();
        } catch (IOException e) {
            return "?";
        }
    }

    /** The commit that is checked out, marked when a source differs from it. */
    private static String commit(Path home) {
        String commit = git(home, "rev-parse", "--short=10", "HEAD");
        String changes =
                git(
                        home,
                        "status",
                        "--porcelain",
                        "--",
                        "mesh-model",
                        "mesh-engine",
                        "mesh-dataplane",
                        "mesh-spring",
                        "mesh-agent");
        return commit.isEmpty() ? "?" : commit + (changes.isEmpty() ? "" : "+changes");
    }

    private static String git(Path home, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of("git", "-C", home.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            return "";
        }
    }
}
