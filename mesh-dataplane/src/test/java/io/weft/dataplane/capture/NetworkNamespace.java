package io.weft.dataplane.capture;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A network namespace made for a test; where none may be made the test is skipped. */
final class NetworkNamespace implements AutoCloseable {

    private static final Path RULES = Path.of("../k8s/capture/weft-init.sh");

    final String name;

    private NetworkNamespace(String name) {
        this.name = name;
    }

    /**
     * @param purpose part of its name
     */
    static NetworkNamespace make(String purpose) {
        assumeThat(Files.isRegularFile(RULES)).as("the rules are there").isTrue();
        for (String tool : List.of("ip -V", "iptables -V", "setpriv -V", "bash --version")) {
            assumeThat(run(List.of(tool.split(" ")))).as(tool + " is there").startsWith("0 ");
        }
        NetworkNamespace made =
                new NetworkNamespace("weft-" + purpose + "-" + ProcessHandle.current().pid());
        assumeThat(run(List.of("ip", "netns", "add", made.name)))
                .as("network namespaces may be made")
                .startsWith("0 ");
        made.run("ip", "link", "set", "lo", "up");
        return made;
    }

    /** Makes the rules of weft-init; skips the test where the kernel takes none. */
    void rules(String... settings) {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(List.of(settings));
        command.add(RULES.toAbsolutePath().normalize().toString());
        assumeThat(run(command.toArray(String[]::new))).as("rules may be made").startsWith("0 ");
    }

    /** Runs a program of this module's tests inside, and returns the exit code and what it said. */
    String java(Class<?> program, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                program.getName()));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    /** Runs a command inside, and returns the exit code and what it said. */
    String run(String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(List.of(command));
        return run(all);
    }

    private static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() + " " + said;
        } catch (IOException e) {
            return "127 " + e.getMessage();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        run(List.of("ip", "netns", "del", name));
    }
}
