package io.weft.dataplane.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeapPerRequestTest {

    private static final long BOUND = 2048;

    @Test
    void aRequestOverMutualTlsTakesAtMostTwoKibibytesOfHeapInEachSidecar() throws Exception {
        Map<String, Long> bytes = count();
        assertThat(bytes.get("client")).as("in the caller's sidecar").isBetween(1L, BOUND);
        assertThat(bytes.get("server")).as("in the called one's").isBetween(1L, BOUND);
    }

    /** In a JVM of its own, with the options that matter to sidecars: tests run without C2. */
    private static Map<String, Long> count() throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(ShippedJvmOptions.read());
        command.add(HeapPerRequest.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Map<String, Long> counted = new HashMap<>();
        List<String> all = new ArrayList<>();
        try (BufferedReader out = process.inputReader()) {
            String line;
            while ((line = out.readLine()) != null) {
                all.add(line);
                String[] words = line.split(" ");
                if (words.length == 2 && words[1].matches("[0-9]+")) {
                    counted.put(words[0], Long.parseLong(words[1]));
                }
            }
        }
        assertThat(process.waitFor()).as(String.join("\n", all)).isZero();
        return counted;
    }
}
