package io.weft.dataplane.config;

import io.weft.model.catalog.Registration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Configuration pushed by a test or by the lab in the same process. {@link #publish} applies on the
 * caller's thread and throws what the sink throws. Thread-safe.
 */
public final class MemorySource implements ConfigSource {

    private final Set<String> wants = ConcurrentHashMap.newKeySet();
    private volatile Consumer<String> onWant = host -> {};
    private volatile @Nullable Registration registration;
    private volatile @Nullable Instant lastContact;
    private volatile String problem = "";
    private ResourceSet current = ResourceSet.EMPTY;
    private @Nullable ConfigSink sink;

    /** Takes the configuration into force now, or at the start. */
    public synchronized void publish(ResourceSet resources) {
        ConfigSink target = sink;
        if (target == null) {
            current = resources;
            return;
        }
        try {
            target.apply(resources);
        } catch (IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
            throw e;
        }
        current = resources;
        lastContact = Instant.now();
        problem = "";
    }

    /** Calls with each destination that is asked for, once; on the asking thread. */
    public void onWant(Consumer<String> consumer) {
        onWant = consumer;
    }

    /** The destinations asked for so far. */
    public Set<String> wants() {
        return Set.copyOf(wants);
    }

    /** The registration given last, null before. */
    public @Nullable Registration registration() {
        return registration;
    }

    @Override
    public synchronized void start(ConfigSink target) {
        sink = target;
        if (current != ResourceSet.EMPTY) {
            publish(current);
        }
    }

    @Override
    public void want(String hostAndPort) {
        if (wants.add(hostAndPort)) {
            onWant.accept(hostAndPort);
        }
    }

    @Override
    public void register(Registration now) {
        registration = now;
    }

    @Override
    public SourceStatus status() {
        return new SourceStatus(lastContact != null, lastContact, problem);
    }

    @Override
    public synchronized void close() {
        sink = null;
    }
}
