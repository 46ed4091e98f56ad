package io.weft.dataplane.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.List;

/**
 * What a process tells of itself beside its proxy: memory, garbage collection, threads, processor
 * and open files, with the names that Spring Boot's applications have ({@code jvm_*}, {@code
 * process_*}, {@code system_*}). For the one proxy of a process; several in one would each tell the
 * same.
 */
public final class ProcessMetrics implements AutoCloseable {

    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** Adds them to a registry, from now until this is closed. */
    public ProcessMetrics(MeterRegistry registry) {
        List<MeterBinder> binders =
                List.of(
                        new JvmInfoMetrics(),
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new ClassLoaderMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics(),
                        collections);
        binders.forEach(binder -> binder.bindTo(registry));
    }

    /** Listens no longer to collections. */
    @Override
    public void close() {
        collections.close();
    }
}
