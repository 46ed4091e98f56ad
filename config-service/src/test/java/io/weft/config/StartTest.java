package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot work is told in one line on standard error, and the program ends with an error. */
class StartTest {

    @TempDir Path folder;
    private String uri;

    @BeforeEach
    void makeRepository() {
        uri = TestRepository.create(folder.resolve("repository"), true).uri();
    }

    @Test
    void aTakenPortIsToldByTheProgramInOneLineAndItsExitCode() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path output = folder.resolve("output");
            Path errors = folder.resolve("errors");
            Process process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "io.weft.config.ConfigServiceApplication",
                                    "--weft.config.git.uri=" + uri,
                                    "--server.port=" + taken.getLocalPort())
                            .redirectOutput(output.toFile())
                            .redirectError(errors.toFile())
                            .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readAllLines(errors))
                    .singleElement()
                    .asString()
                    .contains("Port " + taken.getLocalPort() + " was already in use");
            assertThat(Files.readString(output))
                    .doesNotContain("Exception", "\tat ", "ERROR", "Error");
        }
    }

    @Test
    void aMissingRepositoryIsRefused() {
        assertThat(refusal("--weft.config.git.uri=file://" + folder + "/nowhere"))
                .contains(
                        "weft.config.git.uri: file://" + folder + "/nowhere",
                        "expected: a Git repository; found: no such folder");
        assertThat(refusal("--weft.config.git.uri=file://" + folder))
                .contains("found: no repository in that folder");
        assertThat(refusal()).contains("weft.config.git.uri: not set");
    }

    @Test
    void aUriThatCouldRunAProgramIsRefused() {
        assertThat(refusal("--weft.config.git.uri=ext::sh -c id"))
                .contains("expected: a file:, http:, https: or ssh: URI");
    }

    @Test
    void aServiceOpenToStrangersIsRefused() {
        String anywhere = "--server.address=0.0.0.0";
        assertThat(refusal("--weft.config.git.uri=" + uri, anywhere))
                .contains("server.address: 0.0.0.0", "set weft.config.access-token");
        assertThat(refusal("--weft.config.git.uri=" + uri, "--server.address="))
                .contains("set weft.config.access-token");
        assertThat(
                        refusal(
                                "--weft.config.git.uri=" + uri,
                                anywhere,
                                "--weft.config.access-token=t"))
                .contains("weft.config.git.allow-file=true");
        assertThat(refusal("--weft.config.git.uri=" + uri, "--management.server.port=0"))
                .contains("management.server.port");
    }

    @Test
    void anotherBackendIsRefused() {
        assertThat(refusal("--weft.config.git.uri=" + uri, "--spring.profiles.active=native"))
                .contains("spring.profiles.active: native");
    }

    /** What stands on standard error when the service refuses to start with these arguments. */
    private static String refusal(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--server.port=0");
        PrintStream before = System.err;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            ConfigServiceApplication.start(all.toArray(String[]::new)).close();
            throw new AssertionError("started with " + all);
        } catch (RuntimeException e) {
            String text = captured.toString(StandardCharsets.UTF_8);
            assertThat(text.lines())
                    .as(text)
                    .singleElement()
                    .asString()
                    .startsWith("config-service: cannot start: ");
            return text;
        } finally {
            System.setErr(before);
        }
    }
}
