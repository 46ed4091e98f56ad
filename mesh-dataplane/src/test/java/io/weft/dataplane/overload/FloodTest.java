package io.weft.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.cost.ShippedJvmOptions;
import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ten times of what a sidecar can do, with the heap that sidecars have. */
class FloodTest {

    private static final int BACKEND_MILLIS = 2_000;

    private final Flood flood = new Flood(BACKEND_MILLIS);
    private Process sidecar;
    private BufferedReader out;
    private Writer in;
    private int port;

    /** The sidecar's bounds. */
    private int ofListener;

    private int requests;

    private record State(int connections, int requests, int level, long heap, long direct) {}

    @BeforeEach
    void start() throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(ShippedJvmOptions.read());
        command.add(FloodedSidecar.class.getName());
        command.add(String.valueOf(flood.backendPort()));
        sidecar = new ProcessBuilder(command).redirectErrorStream(true).start();
        out = sidecar.inputReader();
        in = sidecar.outputWriter();
        String[] told = line("port ").split(" ");
        port = Integer.parseInt(told[1]);
        ofListener = Integer.parseInt(told[2]);
        requests = Integer.parseInt(told[3]);
    }

    @AfterEach
    void stop() throws Exception {
        in.close();
        flood.close();
        sidecar.destroy();
        sidecar.waitFor();
    }

    private String line(String prefix) throws IOException {
        List<String> all = new ArrayList<>();
        String line;
        while ((line = out.readLine()) != null) {
            if (line.startsWith(prefix)) {
                assertThat(String.join("\n", all)).doesNotContain("OutOfMemory");
                return line;
            }
            all.add(line);
        }
        throw new AssertionError("the sidecar has ended: " + String.join("\n", all));
    }

    private State state(String command) throws IOException {
        in.write(command + "\n");
        in.flush();
        long[] values =
                Arrays.stream(line("now ").substring(4).split(" "))
                        .mapToLong(Long::parseLong)
                        .toArray();
        return new State((int) values[0], (int) values[1], (int) values[2], values[3], values[4]);
    }

    private static String request(int body) {
        return "POST / HTTP/1.1\r\nHost: server\r\nX-Filler: "
                + "f".repeat(1000)
                + "\r\nContent-Length: "
                + body
                + "\r\n\r\n"
                + "b".repeat(body);
    }

    private int status() throws IOException {
        try (Wire wire = new Wire(port)) {
            return wire.send("GET / HTTP/1.1\r\nHost: server\r\n\r\n").reply().status();
        }
    }

    @Test
    void tenTimesOverloadIsShedAndForgottenAtOnce() throws Exception {
        assertThat(status()).isEqualTo(200);
        int callers = 7_000;
        Map<String, Integer> answers = flood.send(port, callers, request(4096));
        assertThat(answers.keySet()).isSubsetOf("200", "503", "closed");
        assertThat(answers.values().stream().mapToInt(i -> i).sum()).isEqualTo(callers);
        assertThat(answers.getOrDefault("200", 0)).isBetween(requests, callers - 1);
        assertThat(status()).as("right after %s", answers).isEqualTo(200);
        Await.until(
                "nothing is left of it",
                () -> {
                    State now = state("collect");
                    return now.connections() == 0 && now.requests() == 0 && now.level() == 0;
                });
    }

    @Test
    void thousandsOfIdleConnectionsCostTheirMemoryAndNobodyElse() throws Exception {
        assertThat(status()).isEqualTo(200);
        Await.until("it rests", () -> state("look").connections() == 0);
        State before = state("collect");
        int most = ofListener - 1;
        for (int open = 0; open < most; open += 166) {
            flood.idle(port, Math.min(166, most - open));
            int all = Math.min(open + 166, most);
            Await.until("they are open", () -> state("look").connections() == all);
        }
        State after = state("collect");
        assertThat(status()).as("the last place").isEqualTo(200);
        flood.idle(port, 500);
        assertThat(state("look").connections()).isLessThanOrEqualTo(ofListener);
        long perConnection = (after.heap() - before.heap()) / most;
        assertThat(perConnection).as("heap of an idle connection").isBetween(500L, 12L << 10);
        assertThat(after.direct() - before.direct()).as("buffers").isLessThan(8L << 20);
        flood.hangUp();
        Await.until("they are gone", () -> state("look").connections() == 0);
    }
}
