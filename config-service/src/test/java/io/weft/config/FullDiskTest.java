package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk of four megabytes under the service's clone, where the machine lets one make it. */
@Timeout(120)
class FullDiskTest {

    @TempDir Path folder;

    private static boolean run(String... command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void fill(Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] block = new byte[512];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static String head(RunningService service) {
        var answer = service.get("/mesh/bundle");
        return answer.statusCode() == 200
                ? RunningService.parse(answer.body()).get("commit").asString()
                : "";
    }

    @Test
    void theLastCommitIsServedUntilThereIsSpaceAgain() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString()),
                "needs the right to mount");
        TestRepository repository = TestRepository.create(folder.resolve("r.git"), true);
        try (TestGitServer git =
                new TestGitServer(repository.repository(), folder, "bob:pass-9x")) {
            git.start();
            String first = repository.commitTexts("main", null, "One", "mesh/a.yaml", "kind: A\n");
            try (RunningService service =
                    RunningService.start(
                            "--spring.cloud.config.server.git.uri=http://bob:pass-9x@127.0.0.1:"
                                    + git.port()
                                    + "/config.git",
                            "--spring.cloud.config.server.git.basedir=" + disk.resolve("base"),
                            "--weft.config.poll-interval=1s")) {
                RunningService.await("the first", () -> head(service).equals(first));
                fill(disk.resolve("filler"));
                String second =
                        repository.commitTexts(
                                "main", first, "Two", "mesh/b.yaml", "kind: B\n".repeat(5000));
                RunningService.await(
                        "it is told",
                        () -> service.get("/actuator/health").body().contains("stale"));
                assertThat(head(service)).isEqualTo(first);
                assertThat(service.get("/actuator/health").body())
                        .doesNotContain("pass-9x", folder.toString());
                Files.delete(disk.resolve("filler"));
                RunningService.await("the second", () -> head(service).equals(second));
            }
        } finally {
            assertThat(run("umount", "-l", disk.toString())).isTrue();
        }
    }
}
