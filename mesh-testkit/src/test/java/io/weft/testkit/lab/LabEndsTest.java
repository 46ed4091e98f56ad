package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a lab ends, nothing of it is left: no process, no listening port, no temporary file. */
class LabEndsTest {

    private static final String TOPOLOGY =
            """
            workloads: [{name: a}, {name: old, sidecar: false}]
            gateways: [{name: gw, namespace: default}]
            extAuthz: {name: check}
            """;

    @TempDir private Path folder = Path.of(".");

    private interface End {
        void of(Process lab) throws Exception;
    }

    @Test
    void nothingSurvivesSigterm() throws Exception {
        nothingSurvives("exec ", lab -> signal("TERM", lab.pid()));
    }

    @Test
    void nothingSurvivesSigint() throws Exception {
        Assumptions.assumeFalse(
                isInterruptIgnored(), "skipped: run in the background, where SIGINT is ignored");
        nothingSurvives("exec ", lab -> signal("INT", lab.pid()));
    }

    @Test
    void nothingSurvivesTheEndOfStandardInput() throws Exception {
        nothingSurvives("exec ", lab -> lab.getOutputStream().close());
    }

    @Test
    void nothingSurvivesAParentThatIsKilled() throws Exception {
        // The pipe's other end is what a killed parent leaves behind: nobody.
        nothingSurvives(
                "sleep 300 | ",
                shell -> {
                    for (ProcessHandle each : shell.descendants().toList()) {
                        if (each.info().command().orElse("").endsWith("sleep")) {
                            signal("KILL", each.pid());
                        }
                    }
                });
    }

    @Test
    void withoutDescriptorsItSaysSoInOneLineAndEnds() throws Exception {
        Process lab = start("ulimit -n 110; exec ");
        lab.getOutputStream().close();
        List<String> errors = lab.errorReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(lab.waitFor()).isEqualTo(LabMain.FAILED);
        assertThat(errors).filteredOn(line -> line.startsWith("weft lab: ")).hasSize(1);
    }

    private Process start(String how) throws IOException {
        Path topology = Files.writeString(folder.resolve("topology.yaml"), TOPOLOGY);
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder shell =
                new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        how
                                + "\"$0\" -XX:TieredStopAtLevel=1"
                                + " --enable-native-access=ALL-UNNAMED -XX:-UsePerfData"
                                + " -Djava.io.tmpdir=\"$1\" -cp \"$2\" "
                                + LabMain.class.getName()
                                + " --topology \"$3\"",
                        java,
                        temporary.toString(),
                        System.getProperty("java.class.path"),
                        topology.toString());
        return shell.start();
    }

    private void nothingSurvives(String how, End end) throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "skipped: no /proc");
        Process started = start(how);
        try (BufferedReader out = started.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).contains("\"ready\": true");
            List<ProcessHandle> all =
                    Stream.concat(Stream.of(started.toHandle()), started.descendants()).toList();
            Set<Integer> ports = new HashSet<>();
            for (ProcessHandle each : all) {
                ports.addAll(listening(each.pid()));
            }
            // Control, three of the control plane, two for each sidecar at least.
            assertThat(ports).hasSizeGreaterThan(6);
            end.of(started);
            assertThat(started.waitFor(20, TimeUnit.SECONDS)).isTrue();
            for (ProcessHandle each : all) {
                each.onExit().get(20, TimeUnit.SECONDS);
            }
            for (int port : ports) {
                assertThat(isOpen(port)).as("port %s", port).isFalse();
            }
            try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
                assertThat(left).isEmpty();
            }
        } finally {
            started.descendants().forEach(ProcessHandle::destroyForcibly);
            started.destroyForcibly();
        }
    }

    /** What a shell starts in the background hands the ignored signal on to all of its own. */
    private static boolean isInterruptIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
                .anyMatch(ignored -> (ignored & 1L << 1) != 0);
    }

    private static void signal(String name, long process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process)).start().waitFor())
                .isZero();
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /** The ports that a process listens on, from {@code /proc}. */
    private static Set<Integer> listening(long process) throws IOException {
        Set<String> sockets = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process + "/fd"))) {
            for (Path each : descriptors.toList()) {
                String target = Files.isSymbolicLink(each) ? link(each) : "";
                if (target.startsWith("socket:[")) {
                    sockets.add(target.substring(8, target.length() - 1));
                }
            }
        }
        Set<Integer> ports = new HashSet<>();
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
        lines.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
        for (String line : lines) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length > 9 && fields[3].equals("0A") && sockets.contains(fields[9])) {
                ports.add(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16));
            }
        }
        return ports;
    }

    private static String link(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
