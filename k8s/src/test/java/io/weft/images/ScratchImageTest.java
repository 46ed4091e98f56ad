package io.weft.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
        assumeTrue(
                Boolean.getBoolean("weft.images.prove"), "only with -Pimages: takes half a minute");
        assumeTrue(mayChangeRoot(), "unshare -rm is not permitted here: the image is not run");
        Path jar = Path.of("../blog-demo/static-files/target/static-files-0.1.0-SNAPSHOT-exec.jar");
        assumeTrue(Files.exists(jar), jar + " is not built");
        ImageSpec image =
                ImageCatalog.all().stream()
                        .filter(each -> each.artifact().equals("static-files"))
                        .findFirst()
                        .orElseThrow();
        BaseImage base = BaseImage.of(BaseImage.SCRATCH, Path.of(System.getProperty("java.home")));
        Path archive = folder.resolve(image.archiveName());
        Path work = Files.createDirectory(folder.resolve("work"));
        ImageBuilder.of(base, Instant.EPOCH, "0.1.0-SNAPSHOT", work).build(image, jar, archive);
        Path root = Files.createDirectory(folder.resolve("root"));
        ImageArchive.read(archive).unpack(root);

        int port = freePort();
        Process process = run(root, port);
        try {
            assertThat(awaitOk(process, port, "/actuator/health/readiness")).contains("UP");
            assertThat(awaitOk(process, port, "/static/robots.txt")).contains("User-agent");
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static boolean mayChangeRoot() throws InterruptedException {
        try {
            return new ProcessBuilder("unshare", "-rm", "chroot", "/", "true").start().waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Process run(Path root, int port) throws IOException {
        Files.createDirectories(root.resolve("proc"));
        Files.createDirectories(root.resolve("dev"));
        String script =
                "mount --rbind /proc \"$0/proc\" && mount --rbind /dev \"$0/dev\" && cd / &&"
                        + " exec chroot \"$0\" /opt/java/openjdk/bin/java @/app/run.args";
        ProcessBuilder builder =
                new ProcessBuilder("unshare", "-rm", "sh", "-c", script, root.toString());
        builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
        builder.environment().put("SERVER_ADDRESS", "127.0.0.1");
        builder.environment().put("SERVER_PORT", String.valueOf(port));
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
