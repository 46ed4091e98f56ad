package io.weft.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An image without any base is complete: its files alone run the program. Takes half a minute, so
 * only with {@code -Pimages}.
 */
class ScratchImageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    @Test
    void anImageFromScratchRunsInARootOfItsOwn() throws Exception {
        Path root = unpacked("static-files", "blog-demo/static-files");
        int port = freePort();
        Process process = run(root, Map.of("SERVER_PORT", String.valueOf(port)));
        try {
            assertThat(awaitOk(process, port, "/actuator/health/readiness")).contains("UP");
            assertThat(awaitOk(process, port, "/static/robots.txt")).contains("User-agent");
        } finally {
            end(process);
        }
    }

    @Test
    void theSidecarOfAnImageFromScratchStartsFromItsAheadOfTimeCache() throws Exception {
        Path root = unpacked("mesh-agent", "mesh-agent");
        Path configuration = root.resolve("tmp/configuration.json");
        try (InputStream rehearsed =
                Rehearsal.class.getResourceAsStream("/rehearsal/mesh-agent.json")) {
            String text = new String(rehearsed.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(configuration, text.replace("\"@MESH_PORT@\"", "1"));
        }
        int port = freePort();
        Process process =
                run(
                        root,
                        Map.of(
                                // Ends at once when the cache is not good for this image.
                                "JAVA_TOOL_OPTIONS", "-XX:AOTMode=on",
                                "SERVER_PORT", "0",
                                "WEFT_MESH_NAMESPACE", "rehearsal",
                                "WEFT_MESH_WORKLOAD", "sidecar",
                                "WEFT_MESH_CONFIGFILE", "/tmp/configuration.json",
                                "WEFT_MESH_STATEDIR", "/tmp/state",
                                "WEFT_MESH_OUTBOUNDPORT", "-1",
                                "WEFT_MESH_PORTS_METRICS", "-1",
                                "WEFT_MESH_PORTS_HEALTH", String.valueOf(port)));
        try {
            awaitOk(process, port, "/healthz/ready");
        } finally {
            end(process);
        }
    }

    private Path unpacked(String artifact, String module) throws Exception {
        assumeTrue(
                Boolean.getBoolean("weft.images.prove"), "only with -Pimages: takes half a minute");
        assumeTrue(mayChangeRoot(), "unshare -rm is not permitted here: the image is not run");
        Path jar = Path.of("..", module, "target", artifact + "-0.1.0-SNAPSHOT-exec.jar");
        assumeTrue(Files.exists(jar), jar + " is not built");
        ImageSpec image =
                ImageCatalog.all().stream()
                        .filter(each -> each.artifact().equals(artifact))
                        .findFirst()
                        .orElseThrow();
        BaseImage base = BaseImage.of(BaseImage.SCRATCH, Path.of(System.getProperty("java.home")));
        Path archive = folder.resolve(image.archiveName());
        Path work = Files.createDirectory(folder.resolve("work"));
        ImageBuilder.of(base, Instant.EPOCH, "0.1.0-SNAPSHOT", work).build(image, jar, archive);
        Path root = Files.createDirectory(folder.resolve("root"));
        ImageArchive.read(archive).unpack(root);
        return root;
    }

    private static void end(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean mayChangeRoot() throws InterruptedException {
        try {
            return new ProcessBuilder("unshare", "-rm", "chroot", "/", "true").start().waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Process run(Path root, Map<String, String> environment) throws IOException {
        Files.createDirectories(root.resolve("proc"));
        Files.createDirectories(root.resolve("dev"));
        String script =
                "mount --rbind /proc \"$0/proc\" && mount --rbind /dev \"$0/dev\" && cd / &&"
                        + " exec chroot \"$0\" /opt/java/openjdk/bin/java @/app/run.args";
        ProcessBuilder builder =
                new ProcessBuilder("unshare", "-rm", "sh", "-c", script, root.toString());
        builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
        builder.environment().put("SERVER_ADDRESS", "127.0.0.1");
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private String awaitOk(Process process, int port, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (System.nanoTime() < deadline && process.isAlive()) {
                try {
                    HttpResponse<String> response =
                            client.send(request, HttpResponse.BodyHandlers.ofString());
                    if (response.statusCode() == 200) {
                        return response.body();
                    }
                } catch (IOException e) {
                    TimeUnit.MILLISECONDS.sleep(100);
                }
            }
        }
        throw new AssertionError(
                path + " never answered:\n" + Files.readString(folder.resolve("output")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
