package io.weft.policy.control;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints how long a commit takes until each connected sidecar that it concerns has acknowledged it:
 * compiling, scoping, hashing and writing, without TLS and network. Run by {@code
 * benchmarks/converge}; its name keeps it out of a build.
 */
class ConvergenceMeasurement {

    private static final int SIDECARS = Integer.getInteger("weft.converge.sidecars", 200);
    private static final int COMMITS = 20;

    /** Long enough that the registrations of all are one change. */
    private static final Duration GATHER = Duration.ofSeconds(1);

    @TempDir Path directory;

    @Test
    void measure() throws Exception {
        System.out.printf(Locale.ROOT, "%d sidecars, %d commits each%n", SIDECARS, COMMITS);
        long begun = System.nanoTime();
        try (ServiceChain chain = new ServiceChain(SIDECARS, directory, GATHER)) {
            System.out.printf(
                    Locale.ROOT,
                    "all registered, subscribed and settled after %.1f s%n",
                    (System.nanoTime() - begun) / 1e9);
            commits(chain, "a policy of one workload", 1);
            commits(chain, "a policy of the whole mesh", SIDECARS);
            System.out.printf(Locale.ROOT, "heap after a collection: %d MB%n", heap() >> 20);
        }
    }

    private static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private static void commits(ServiceChain chain, String what, int expected) throws Exception {
        long[] nanos = new long[COMMITS];
        for (int i = 0; i < COMMITS; i++) {
            if (expected == 1) {
                chain.repository().put("mesh/guard.yaml", ServiceChain.guard(7, "/" + i));
            } else if (i % 2 == 0) {
                chain.repository().put("mesh/mesh.yaml", ServiceChain.STRICT);
            } else {
                chain.repository().remove("mesh/mesh.yaml");
            }
            long begun = System.nanoTime();
            int heard = chain.whoHears(what + " " + i).size();
            nanos[i] = System.nanoTime() - begun;
            if (heard != expected) {
                throw new IllegalStateException(
                        "heard: " + heard + " (expected: " + expected + ")");
            }
        }
        long first = nanos[0];
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%-28s first %7.1f ms, median %7.1f ms, slowest %7.1f ms%n",
                what,
                first / 1e6,
                nanos[COMMITS / 2] / 1e6,
                nanos[COMMITS - 1] / 1e6);
    }
}
