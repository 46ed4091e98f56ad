package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Case after case leaves nothing behind; {@code -Dweft.lab.row=2000} runs more. */
class LabLeaksTest {

    private static final int CASES = Integer.getInteger("weft.lab.row", 100);
    private static final int WARM_UP = 30;

    @Test
    void casesInARowLeakNeitherDescriptorsNorThreads() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "skipped: no /proc");
        String topology = SemanticsCase.text("topology.yaml");
        try (Lab lab = Lab.start("topology.yaml", topology, List.of())) {
            for (int i = 0; i < WARM_UP; i++) {
                play(lab, i);
            }
            long descriptors = descriptors();
            int threads = Thread.getAllStackTraces().size();
            long memory = used();
            for (int i = 0; i < CASES; i++) {
                play(lab, i);
            }
            System.out.printf(
                    "%d cases in a row: descriptors %d then %d, threads %d then %d, heap %d then %d"
                            + " KiB%n",
                    CASES,
                    descriptors,
                    descriptors(),
                    threads,
                    Thread.getAllStackTraces().size(),
                    memory >> 10,
                    used() >> 10);
            assertThat(descriptors()).isLessThan(descriptors + 30);
            assertThat(Thread.getAllStackTraces().size()).isLessThan(threads + 10);
        }
    }

    /** Other policies, and a request of each kind under them. */
    private static void play(Lab lab, int number) {
        String policy =
                """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: p%d, namespace: ns2}
                spec: {rules: [{to: [{operation: {notPaths: [/no%d]}}]}]}
                """
                        .formatted(number % 7, number);
        assertThat(lab.api().resources(List.of(new PolicyFile("p.yaml", policy))).accepted())
                .isTrue();
        assertThat(Sent.from("a.ns1", "d.ns2", 80).as("GET", "/yes").to(lab).status())
                .isEqualTo(200);
        assertThat(Sent.from("a.ns1", "d.ns2", 80).as("GET", "/no" + number).to(lab).status())
                .isEqualTo(403);
        assertThat(Sent.from("a.ns1", "b.ns2", 7070).by("grpc", "m").to(lab).status())
                .isEqualTo(200);
        assertThat(Sent.from("legacy.ns2", "d.ns2", 80).to(lab).status()).isEqualTo(200);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
