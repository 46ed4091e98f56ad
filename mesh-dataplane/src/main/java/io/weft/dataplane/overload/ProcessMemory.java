package io.weft.dataplane.overload;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Asks the JVM for its oldest generation, and Netty for its buffers. Thread-safe. */
final class ProcessMemory implements MemoryUse {

    /** Null where the heap is one pool that nothing can be said of. */
    private final @Nullable MemoryPoolMXBean oldest =
            ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .filter(MemoryPoolMXBean::isUsageThresholdSupported)
                    .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()))
                    .orElse(null);

    @Override
    public double share(Kind kind) {
        return switch (kind) {
            case HEAP -> heap();
            case DIRECT -> direct();
        };
    }

    private double heap() {
        MemoryUsage usage = oldest == null ? null : oldest.getUsage();
        return usage == null || usage.getMax() <= 0 ? 0 : (double) usage.getUsed() / usage.getMax();
    }

    /** Chunks of the pools count as a whole: they are what the limit is on. */
    private static double direct() {
        long used = PlatformDependent.usedDirectMemory();
        long most = PlatformDependent.maxDirectMemory();
        return used < 0 || most <= 0 ? 0 : (double) used / most;
    }

    @Override
    public void collect() {
        System.gc();
    }
}
