package io.weft.policy.source;

import io.weft.model.wire.MeshCodec;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code /mesh/bundle} whenever {@code /mesh/watch} tells of another commit. Without a watch
 * it polls; without config-service it tries again, ever more slowly up to five seconds.
 */
public final class ConfigServiceSource implements PolicySource {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigServiceSource.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration MIN_PAUSE = Duration.ofMillis(200);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);
    private static final int MAX_BUNDLE = 64 * 1024 * 1024;

    private final ConfigServiceSettings settings;
    private final InstantSource clock;
    private final MeshCodec codec = new MeshCodec();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private volatile SourceStatus status;
    private volatile @Nullable Thread reader;
    private volatile boolean closed;
    private String etag = "";
    private String commit = "";

    public ConfigServiceSource(ConfigServiceSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.status = new SourceStatus(describe(), null, "not reached yet");
    }

    private String describe() {
        return "config-service " + settings.url();
    }

    @Override
    public void start(BundleSink sink) {
        reader = Thread.ofVirtual().name("weft-config-service").start(() -> run(sink));
    }

    private void run(BundleSink sink) {
        Duration pause = MIN_PAUSE;
        while (!closed) {
            try {
                fetch(sink);
                pause = MIN_PAUSE;
                watch(sink);
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                failed(e);
                pause =
                        pause.multipliedBy(2).compareTo(MAX_PAUSE) > 0
                                ? MAX_PAUSE
                                : pause.multipliedBy(2);
            }
            try {
                // Jitter, so that many control planes do not return at the same moment.
                Thread.sleep(
                        ThreadLocalRandom.current()
                                .nextLong(pause.toMillis() / 2, pause.toMillis() + 1));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void failed(Exception e) {
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (status.error().isEmpty() || status.lastSuccess() == null) {
            LOG.warn("{} cannot be read: {}; trying again", describe(), reason);
        }
        status = new SourceStatus(describe(), status.lastSuccess(), reason);
    }

    private void fetch(BundleSink sink) throws IOException, InterruptedException {
        HttpRequest.Builder request = request("/mesh/bundle").timeout(TIMEOUT);
        if (!etag.isEmpty()) {
            request.header("If-None-Match", etag);
        }
        HttpResponse<InputStream> response =
                client.send(
                        request.header("Accept", "application/json").build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() == 304) {
                succeeded();
                return;
            }
            byte[] json = body.readNBytes(MAX_BUNDLE + 1);
            if (response.statusCode() != 200) {
                throw new IOException("GET /mesh/bundle answered " + response.statusCode());
            }
            if (json.length > MAX_BUNDLE) {
                throw new IOException("GET /mesh/bundle: more than 64 MiB");
            }
            PolicyBundle bundle = codec.read(json, PolicyBundle.class);
            etag = response.headers().firstValue("ETag").orElse("");
            commit = bundle.commit();
            sink.offer(bundle);
            succeeded();
        }
    }

    private void succeeded() {
        status = new SourceStatus(describe(), clock.instant(), "");
    }

    /** Returns when the watch has ended or is not offered. */
    private void watch(BundleSink sink) throws IOException, InterruptedException {
        Watch watch = new Watch();
        CompletableFuture<HttpResponse<Void>> ended =
                client.sendAsync(
                        request(
                                        "/mesh/watch?since="
                                                + URLEncoder.encode(commit, StandardCharsets.UTF_8))
                                .header("Accept", "application/x-ndjson")
                                .build(),
                        Watch.into(watch));
        // Who is refused the connection never becomes a subscriber: then this is the end.
        ended.whenComplete((answer, failure) -> watch.ended());
        try {
            while (!closed) {
                Optional<String> line =
                        watch.lines().poll(settings.silence().toMillis(), TimeUnit.MILLISECONDS);
                if (line == null) {
                    throw new IOException("GET /mesh/watch: silent for " + settings.silence());
                }
                if (line.isEmpty()) {
                    afterEnd(ended);
                    return;
                }
                watch.taken();
                WatchLine read = codec.read(line.get(), WatchLine.class);
                if (read.commit() != null && !read.commit().equals(commit)) {
                    fetch(sink);
                } else {
                    succeeded();
                }
            }
        } finally {
            watch.cancel();
            ended.cancel(true);
        }
    }

    /** Where there is no watch, a pause takes its place. */
    private void afterEnd(CompletableFuture<HttpResponse<Void>> ended)
            throws IOException, InterruptedException {
        try {
            int answer = ended.get(1, TimeUnit.SECONDS).statusCode();
            if (answer != 200) {
                Thread.sleep(settings.poll());
            }
        } catch (ExecutionException e) {
            throw new IOException("GET /mesh/watch: " + rootMessage(e), e);
        } catch (TimeoutException e) {
            throw new IOException("GET /mesh/watch: broken off", e);
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    @Override
    public List<LogEntry> log(int limit) throws IOException, InterruptedException {
        byte[] json = ask("/mesh/log?limit=" + limit, 409);
        return json == null ? List.of() : List.of(codec.read(json, LogEntry[].class));
    }

    @Override
    public Optional<PolicyBundle> at(String wanted) throws IOException, InterruptedException {
        byte[] json =
                ask(
                        "/mesh/bundle?revision="
                                + URLEncoder.encode(wanted, StandardCharsets.UTF_8),
                        404);
        return json == null ? Optional.empty() : Optional.of(codec.read(json, PolicyBundle.class));
    }

    /** Null where the answer is the one that says there is none. */
    private byte @Nullable [] ask(String path, int none) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                client.send(
                        request(path).timeout(TIMEOUT).header("Accept", "application/json").build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() == 200) {
                byte[] json = body.readNBytes(MAX_BUNDLE + 1);
                if (json.length > MAX_BUNDLE) {
                    throw new IOException("GET " + path + ": more than 64 MiB");
                }
                return json;
            }
            if (response.statusCode() == none) {
                return null;
            }
            throw new IOException("GET " + path + " answered " + response.statusCode());
        }
    }

    private HttpRequest.Builder request(String path) {
        String base = settings.url().toString().replaceAll("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        if (!settings.token().reveal().isEmpty()) {
            request.header("Authorization", "Bearer " + settings.token().reveal());
        }
        return request;
    }

    @Override
    public SourceStatus status() {
        return status;
    }

    @Override
    public void close() {
        closed = true;
        Thread running = reader;
        if (running != null) {
            running.interrupt();
        }
        client.shutdownNow();
    }

    /** A line of the watch: a commit, or a heartbeat. */
    private record WatchLine(@Nullable String commit, @Nullable Boolean heartbeat) {}
}
