package io.weft.dataplane.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of weft-init and the capture port, in a network namespace that is made for it. */
class CaptureTest {

    private static final Path RULES = Path.of("../k8s/capture/weft-init.sh");
    static final String FOUR = "10.213.7.9";
    private static final String SIX = "fd00:213:7::9";

    private final String namespace = "weft-test-" + ProcessHandle.current().pid();

    @BeforeEach
    void makeNamespace() throws Exception {
        assumeThat(Files.isRegularFile(RULES)).as("the rules are there").isTrue();
        for (String tool : List.of("ip -V", "iptables -V", "setpriv -V", "bash --version")) {
            assumeThat(run(List.of(tool.split(" ")))).as(tool + " is there").startsWith("0 ");
        }
        assumeThat(run(List.of("ip", "netns", "add", namespace)))
                .as("network namespaces may be made")
                .startsWith("0 ");
        inside("ip", "link", "set", "lo", "up");
        inside("ip", "addr", "add", FOUR + "/32", "dev", "lo");
        inside("ip", "-6", "addr", "add", SIX + "/128", "dev", "lo");
        assumeThat(
                        inside(
                                "env",
                                "WEFT_PROXY_UID=0",
                                "WEFT_EXCLUDE_OUTBOUND_PORTS=8088",
                                RULES.toAbsolutePath().normalize().toString()))
                .as("rules may be made")
                .startsWith("0 ");
    }

    @AfterEach
    void removeNamespace() throws Exception {
        run(List.of("ip", "netns", "del", namespace));
    }

    @Test
    void connectionsOfTheApplicationComeToTheSidecarAndGoOnToWhereTheyWent() throws Exception {
        String said = probe("ALLOW_ANY", FOUR, "80", FOUR, "7", SIX, "80", FOUR, "8088");
        assertThat(said)
                .contains("answer " + FOUR + " 80 HTTP/1.1 200 OK")
                .contains("answer " + FOUR + " 7 echo")
                .contains("answer " + SIX + " 80 HTTP/1.1 200 OK")
                .contains("answer " + FOUR + " 8088 HTTP/1.1 200 OK");
        assertThat(said.lines().filter(line -> line.startsWith("recorded")))
                .as("the excluded port is left alone")
                .containsExactlyInAnyOrder(
                        "recorded http PassthroughCluster 200 -",
                        "recorded tcp PassthroughCluster 0 -",
                        "recorded http PassthroughCluster 200 -");
    }

    @Test
    void whatIsNotInTheRegistryEndsInABlackHoleWhereThePolicySaysSo() throws Exception {
        String said = probe("REGISTRY_ONLY", FOUR, "80", FOUR, "7");
        assertThat(said)
                .contains("answer " + FOUR + " 80 HTTP/1.1 502 Bad Gateway")
                .contains("recorded http BlackHoleCluster 502 NR")
                .contains("recorded tcp BlackHoleCluster 0 NR")
                .doesNotContain("7 echo");
    }

    private String probe(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                CaptureProbe.class.getName()));
        command.addAll(List.of(arguments));
        return inside(command.toArray(String[]::new));
    }

    private String inside(String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        return run(all);
    }

    /** The exit code and what was said. */
    private static String run(List<String> command) throws Exception {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() + " " + said;
        } catch (java.io.IOException e) {
            return "127 " + e.getMessage();
        }
    }
}
