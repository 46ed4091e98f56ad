package io.weft.policy.console;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a script of {@code policy-service/console} that drives Chromium. */
final class Browser {

    private static final Path CONSOLE = Path.of("console").toAbsolutePath();

    private Browser() {}

    /** What a script printed, and how it ended. */
    record Outcome(int exitCode, String output) {}

    static void assumeInstalled() {
        assumeTrue(
                Files.isDirectory(CONSOLE.resolve("node_modules/playwright-core")),
                "skipped: playwright-core is not installed (npm ci in policy-service/console)");
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/chromium")),
                "skipped: there is no /usr/bin/chromium (Debian: apt-get install chromium)");
    }

    static Outcome run(String script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        Process browser =
                new ProcessBuilder(command)
                        .directory(CONSOLE.toFile())
                        .redirectErrorStream(true)
                        .start();
        StringBuilder output = new StringBuilder();
        Thread reading =
                Thread.ofVirtual()
                        .start(() ->
                                browser.inputReader(StandardCharsets.UTF_8)
                                        .lines()
                                        .forEach(line -> output.append(line).append('\n')));
        if (!browser.waitFor(100, TimeUnit.SECONDS)) {
            browser.descendants().forEach(ProcessHandle::destroyForcibly);
            browser.destroyForcibly();
            reading.join();
            throw new AssertionError(script + " did not end within 100 s\n" + output);
        }
        reading.join();
        return new Outcome(browser.exitValue(), output.toString());
    }
}
