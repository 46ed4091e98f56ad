package io.weft.dataplane.config;

import io.weft.engine.MeshClock;
import io.weft.model.catalog.Registration;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.UnknownHost;
import io.weft.model.wire.MeshCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Configuration from one JSON file, {@code {"revision", "commit", "resources": […]}}, read again
 * when it changes. A broken file is refused with its reason in {@link #status}; what was in force
 * stays. Destinations that are not in the file are unknown hosts. Thread-safe.
 */
public final class FileSource implements ConfigSource {

    private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);
    private static final long MAX_BYTES = 256L << 20;
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Path file;
    private final MeshClock clock;
    private final MeshCodec codec = new MeshCodec();
    private final Set<String> wanted = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService worker =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("weft-config-file").factory());
    private volatile Runnable look = () -> {};
    private volatile SourceStatus status = new SourceStatus(false, null, "not started");

    // Of the worker alone.
    private final Set<String> applied = new HashSet<>();
    private byte @Nullable [] seen;
    private ResourceSet inFile = ResourceSet.EMPTY;

    private record Document(
            @Nullable String revision, @Nullable String commit, List<MeshResource> resources) {}

    public FileSource(Path file, MeshClock clock) {
        this.file = file;
        this.clock = clock;
    }

    @Override
    public void start(ConfigSink sink) {
        look = () -> look(sink);
        worker.scheduleWithFixedDelay(look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(ConfigSink sink) {
        try {
            byte[] content = read();
            boolean changed = !Arrays.equals(content, seen);
            seen = content;
            if (changed) {
                inFile = decode(content);
            }
            if (changed || missing()) {
                apply(sink);
            }
        } catch (IOException | RuntimeException e) {
            refuse(e);
        }
    }

    private byte[] read() throws IOException {
        long size = Files.size(file);
        if (size > MAX_BYTES) {
            throw new IOException(file + ": " + size + " bytes (expected: <= " + MAX_BYTES + ")");
        }
        return Files.readAllBytes(file);
    }

    private ResourceSet decode(byte[] content) {
        Document document = codec.read(content, Document.class);
        if (document.resources() == null) {
            throw new IllegalArgumentException("resources: missing (expected: a list)");
        }
        Map<String, MeshResource> resources = new HashMap<>();
        for (MeshResource resource : document.resources()) {
            if (resources.put(resource.key(), resource) != null) {
                throw new IllegalArgumentException(
                        "resources: '" + resource.key() + "' twice (expected: once)");
            }
        }
        return new ResourceSet(orEmpty(document.revision()), orEmpty(document.commit()), resources);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private boolean missing() {
        return wanted.stream().anyMatch(host -> !applied.contains(host) && !isInFile(host));
    }

    private boolean isInFile(String host) {
        return inFile.resources().containsKey(ResourceKeys.routes(host));
    }

    private void apply(ConfigSink sink) {
        List<String> unknown = wanted.stream().filter(host -> !isInFile(host)).toList();
        Map<String, MeshResource> resources = new HashMap<>(inFile.resources());
        for (String host : unknown) {
            resources.put(ResourceKeys.routes(host), new UnknownHost(host));
        }
        sink.apply(new ResourceSet(inFile.revision(), inFile.commit(), resources));
        applied.clear();
        applied.addAll(unknown);
        status = new SourceStatus(true, clock.now(), "");
    }

    private void refuse(Exception failure) {
        String reason = file + ": " + failure.getMessage();
        if (!reason.equals(status.problem())) {
            LOG.error("configuration refused, the last one stays in force: {}", reason);
        }
        Instant last = status.lastContact();
        status = new SourceStatus(false, last, reason);
    }

    @Override
    public void want(String hostAndPort) {
        if (wanted.add(hostAndPort)) {
            LOG.debug("{}: wanted", hostAndPort);
            try {
                worker.execute(look);
            } catch (RejectedExecutionException e) {
                LOG.debug("{}: wanted after the end", hostAndPort);
            }
        }
    }

    @Override
    public void register(Registration registration) {
        // A file has nobody to tell.
    }

    @Override
    public SourceStatus status() {
        return status;
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
