package io.weft.dataplane.config;

import io.weft.dataplane.state.StateFile;
import io.weft.model.resource.MeshResource;
import io.weft.model.wire.MeshCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last configuration that was taken into force, on disk, for starts without a control plane. It
 * holds gateway keys, so it is readable by its owner alone. Writes are gathered and made by one
 * thread; a failing disk is logged and disturbs nothing. Thread-safe.
 */
public final class LastGoodState implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LastGoodState.class);
    private static final String FILE = "last-good.json";

    private final StateFile file;
    private final Duration gather;
    private final MeshCodec codec = new MeshCodec();
    private final AtomicReference<Optional<Saved>> pending =
            new AtomicReference<>(Optional.empty());
    private final ScheduledThreadPoolExecutor writer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("weft-last-good").factory());

    /**
     * @param hashes by key, as the control plane gave them
     * @param routes destinations that were subscribed to
     */
    record Saved(ResourceSet resources, Map<String, String> hashes, List<String> routes) {
        Saved {
            hashes = Map.copyOf(hashes);
            routes = List.copyOf(routes);
        }
    }

    private record Entry(String hash, MeshResource resource) {}

    private record OnDisk(
            String revision, String commit, List<Entry> resources, List<String> routes) {}

    public LastGoodState(Path stateDir) {
        this(stateDir, Duration.ofMillis(500));
    }

    LastGoodState(Path stateDir, Duration gather) {
        this.file = new StateFile(stateDir, FILE);
        this.gather = gather;
        // Closing writes by itself what still waits.
        writer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** What was saved; empty when there is nothing usable, with the reason in the log. */
    Optional<Saved> load() {
        return file.read().flatMap(this::decode);
    }

    /** Saves soon; of several within the gathering time only the last is written. */
    void save(Saved saved) {
        if (pending.getAndSet(Optional.of(saved)).isEmpty() && !writer.isShutdown()) {
            writer.schedule(this::flush, gather.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void flush() {
        pending.getAndSet(Optional.empty()).ifPresent(this::write);
    }

    private void write(Saved saved) {
        List<Entry> entries =
                new TreeMap<>(saved.resources().resources())
                        .entrySet().stream()
                                .map(e ->
                                        new Entry(
                                                saved.hashes().getOrDefault(e.getKey(), ""),
                                                e.getValue()))
                                .toList();
        ResourceSet set = saved.resources();
        try {
            file.write(
                    codec.write(new OnDisk(set.revision(), set.commit(), entries, saved.routes())));
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "{}: cannot be written, a restart without control plane would use an older"
                            + " configuration: {}",
                    file.path(),
                    e.toString());
        }
    }

    private Optional<Saved> decode(byte[] content) {
        try {
            OnDisk disk = codec.read(content, OnDisk.class);
            Map<String, MeshResource> resources = new HashMap<>();
            Map<String, String> hashes = new HashMap<>();
            for (Entry entry : disk.resources()) {
                resources.put(entry.resource().key(), entry.resource());
                hashes.put(entry.resource().key(), entry.hash());
            }
            return Optional.of(
                    new Saved(
                            new ResourceSet(disk.revision(), disk.commit(), resources),
                            hashes,
                            disk.routes()));
        } catch (IllegalArgumentException | NullPointerException e) {
            LOG.warn("{}: not usable, going on without it: {}", file.path(), e.getMessage());
            return Optional.empty();
        }
    }

    /** Writes what is pending, then stops. */
    @Override
    public void close() {
        // Never interrupted: an interrupt closes the file under a write that is being made.
        writer.shutdown();
        try {
            if (!writer.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("{}: still being written", file.path());
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        flush();
    }
}
