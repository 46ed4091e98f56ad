package io.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The console over the running demo, in a real browser. */
class ConsoleIT {

    private static final int OFFSET = 21_000;
    private static final int API = 8080 + OFFSET;
    private static final int PAIRS = 6;
    private static final Duration START = Duration.ofMinutes(5);
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path CONSOLE = ROOT.resolve("policy-service/console");

    @TempDir Path directory;

    @Test
    void everyPageShowsLiveDataAndTheBrowserHasNothingToComplainOf() throws Exception {
        assumeTrue(
                Files.isDirectory(CONSOLE.resolve("node_modules/playwright-core")),
                "skipped: playwright-core is not installed (npm ci in policy-service/console)");
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/chromium")),
                "skipped: there is no /usr/bin/chromium (Debian: apt-get install chromium)");
        Path output = directory.resolve("demo.txt");
        Path work = directory.resolve("demo");
        Process demo =
                Weft.start(
                        output,
                        "demo",
                        "--port-offset",
                        String.valueOf(OFFSET),
                        "--work",
                        work.toString());
        try {
            awaitTraffic(demo, output);
            String token =
                    Files.readString(work.resolve("control-plane/operator-token")).strip();
            assertThat(browse(token)).isZero();
        } finally {
            Weft.stop(demo);
        }
    }

    private static void awaitTraffic(Process demo, Path output) throws Exception {
        long end = System.nanoTime() + START.toNanos();
        AtomicReference<String> last = new AtomicReference<>("no answer");
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!hasTraffic(client, last)) {
                if (!demo.isAlive() || System.nanoTime() > end) {
                    throw new AssertionError(
                            "no traffic at port "
                                    + API
                                    + ": "
                                    + last
                                    + "\n"
                                    + Files.readString(output));
                }
                TimeUnit.MILLISECONDS.sleep(500);
            }
        }
    }

    private static boolean hasTraffic(HttpClient client, AtomicReference<String> last)
            throws InterruptedException {
        try {
            HttpResponse<String> graph =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + API + "/api/v1/graph"))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            last.set(graph.body());
            return graph.statusCode() == 200
                    && JsonMapper.shared().readTree(graph.body()).at("/edges").size() >= PAIRS;
        } catch (IOException e) {
            last.set(e.toString());
            return false;
        }
    }

    private static int browse(String token) throws Exception {
        Process browser =
                new ProcessBuilder(
                                "node",
                                "browse.mjs",
                                "http://127.0.0.1:" + API + "/",
                                ROOT.resolve("e2e/target/console").toString(),
                                token)
                        .directory(CONSOLE.toFile())
                        .inheritIO()
                        .start();
        if (!browser.waitFor(3, TimeUnit.MINUTES)) {
            browser.descendants().forEach(ProcessHandle::destroyForcibly);
            browser.destroyForcibly();
            throw new AssertionError("the browser did not end within 3 minutes");
        }
        return browser.exitValue();
    }
}
