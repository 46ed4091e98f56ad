package io.weft.blog.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input, as the person at the keyboard meets it: in a process of its own. */
class DemoLauncherTest {

    @TempDir Path folder;

    private record Ended(int code, String text) {}

    @Test
    void anUnknownDialectIsOneLineThatNamesTheKnownOnes() throws Exception {
        Ended ended = run("--dialect", "linkerd3");
        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.text())
                .isEqualTo("weft demo: --dialect: linkerd3 (expected: istio, smi, consul)\n");
    }

    @Test
    void anUnknownOptionIsAnsweredWithTheNearestOne() throws Exception {
        Ended ended = run("--chek");
        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.text()).contains("--check");
    }

    @Test
    void aTakenPortIsOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ended ended = run("--port", Integer.toString(taken.getLocalPort()));
            assertThat(ended.code()).isEqualTo(69);
            assertThat(ended.text())
                    .startsWith("weft demo: --port: " + taken.getLocalPort() + " is taken")
                    .hasLineCount(1);
        }
    }

    @Test
    void aFolderThatIsNoRepositoryIsOneLine() throws Exception {
        Ended ended = run("--repo", folder.toString());
        assertThat(ended.code()).isEqualTo(65);
        assertThat(ended.text())
                .startsWith("weft demo: " + folder + ": not a Git repository")
                .hasLineCount(1);
    }

    @Test
    void jsonWithoutCheckIsAWrongCall() throws Exception {
        assertThat(run("--json").code()).isEqualTo(64);
    }

    private static Ended run(String... args) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-Dweft.home=" + Path.of("").toAbsolutePath(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                DemoLauncher.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), text);
    }
}
