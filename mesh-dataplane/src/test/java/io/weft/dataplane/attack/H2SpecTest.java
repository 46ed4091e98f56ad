package io.weft.dataplane.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.dataplane.testing.Doors;
import io.weft.dataplane.testing.Doors.Door;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The listeners under h2spec, strict, where it is installed: on the path, or as {@code
 * -Dh2spec=FILE}; {@code go install github.com/summerwind/h2spec/cmd/h2spec@latest}.
 */
class H2SpecTest {

    @Test
    void everyListenerIsCleanUnderH2spec() throws Exception {
        Optional<Path> h2spec = find();
        assumeTrue(h2spec.isPresent(), "h2spec is not installed");
        try (Doors doors = new Doors()) {
            List<Process> runs =
                    Stream.of(Door.values())
                            .map(door -> run(h2spec.orElseThrow(), doors.anyAuthority(door)))
                            .toList();
            for (Process run : runs) {
                String report =
                        new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
                String failures = report.substring(Math.max(0, report.lastIndexOf("Failures:")));
                List<String> failed =
                        failures.lines().filter(line -> line.contains("\u00d7")).toList();
                assertThat(report).containsPattern("14\\d tests, ");
                // The port speaks HTTP/1.1 as well, and says in it that this is no request.
                assertThat(failed)
                        .as(failures)
                        .allMatch(line -> line.contains("Sends invalid connection preface"));
            }
        }
    }

    private static Process run(Path h2spec, int port) {
        try {
            return new ProcessBuilder(
                            h2spec.toString(), "-S", "-h", "127.0.0.1", "-p", "" + port, "-o", "2")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException("h2spec: " + h2spec + " does not start", e);
        }
    }

    private static Optional<Path> find() {
        String given = System.getProperty("h2spec");
        if (given != null) {
            return Optional.of(Path.of(given));
        }
        return Arrays.stream(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, "h2spec"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
