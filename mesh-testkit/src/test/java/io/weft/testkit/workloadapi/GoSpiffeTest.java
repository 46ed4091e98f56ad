package io.weft.testkit.workloadapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Workload API through the library go-spiffe, where Go and its modules are. */
@Timeout(300)
class GoSpiffeTest {

    private static final Path SOURCE = Path.of("src/test/go");

    @TempDir Path directory;

    @Test
    void aGoWorkloadGetsCertificatesTokensAndRotations() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable(), "epoll is not available");
        Path program = built();
        try (JoinedWorkload workload = new JoinedWorkload(directory)) {
            Process client =
                    new ProcessBuilder(program.toString(), "unix://" + workload.socket)
                            .redirectError(directory.resolve("stderr").toFile())
                            .start();
            try (BufferedReader out = client.inputReader(StandardCharsets.UTF_8)) {
                assertThat(out.readLine())
                        .as(() -> errors())
                        .isEqualTo("svid " + JoinedWorkload.ID);
                assertThat(out.readLine()).isEqualTo("token " + JoinedWorkload.ID);
                assertThat(out.readLine()).isEqualTo("validated " + JoinedWorkload.ID);
                assertThat(out.readLine()).isEqualTo("waiting");
                workload.rotate();
                assertThat(out.readLine()).isEqualTo("rotated " + JoinedWorkload.ID);
            } finally {
                client.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private String errors() {
        try {
            return Files.readString(directory.resolve("stderr"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Without the network: modules that are not there are a reason to skip, not to wait. */
    private Path built() throws IOException, InterruptedException {
        Path go = go();
        Path program = directory.resolve("client");
        ProcessBuilder build =
                new ProcessBuilder(List.of(go.toString(), "build", "-o", program.toString(), "."))
                        .directory(SOURCE.toFile())
                        .redirectErrorStream(true);
        build.environment().putAll(Map.of("GOPROXY", "off", "GOFLAGS", "-mod=readonly"));
        Process process = build.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assumptions.assumeTrue(
                process.waitFor() == 0,
                "go-spiffe is not in Go's module cache (go mod download in "
                        + SOURCE
                        + "): "
                        + said);
        return program;
    }

    private static Path go() {
        List<Path> places = new ArrayList<>();
        for (String each : System.getenv().getOrDefault("PATH", "").split(":")) {
            places.add(Path.of(each, "go"));
        }
        places.add(Path.of("/usr/local/go/bin/go"));
        Path found = places.stream().filter(Files::isExecutable).findFirst().orElse(null);
        Assumptions.assumeTrue(found != null, "go is not installed");
        return java.util.Objects.requireNonNull(found);
    }
}
