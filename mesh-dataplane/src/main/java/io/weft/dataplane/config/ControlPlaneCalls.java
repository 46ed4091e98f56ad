package io.weft.dataplane.config;

import io.weft.model.catalog.Registration;
import io.weft.model.wire.Ack;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.Subscription;
import io.weft.model.wire.TrafficReport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;

/**
 * The calls of one connection to one control plane; HTTP/2 over mTLS. A connection has its own
 * client, so that a reconnect shows the certificate of then.
 */
final class ControlPlaneCalls implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_REASON = 500;

    private final HttpClient client;
    private final String base;
    private final String address;
    private final MeshCodec codec;
    private CompletableFuture<Void> acks = CompletableFuture.completedFuture(null);

    ControlPlaneCalls(String address, String instance, SSLContext tls, MeshCodec codec) {
        this.address = address;
        this.base = "https://" + address + "/v1/instances/" + instance;
        this.codec = codec;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .sslContext(tls)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    /** Tells who this is; blocks. */
    void register(Registration registration) throws IOException, InterruptedException {
        require("registration", client.send(put("", registration), text()));
    }

    /** Says what is wanted and held; blocks. */
    void subscribe(Subscription subscription) throws IOException, InterruptedException {
        require("subscription", client.send(put("/subscription", subscription), text()));
    }

    /** As {@link #register} or {@link #subscribe} while the stream is open, without blocking. */
    CompletableFuture<Void> putLater(String path, Object body) {
        return client.sendAsync(put(path, body), text())
                .thenAccept(response -> {
                    try {
                        require(path.isEmpty() ? "registration" : "subscription", response);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
    }

    /** Opens the stream; its bytes go to the subscriber. Blocks until the answer's head. */
    void stream(Flow.Subscriber<List<ByteBuffer>> subscriber)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + "/stream"))
                        .header("accept", "application/x-ndjson")
                        .timeout(TIMEOUT)
                        .GET()
                        .build();
        int[] status = new int[1];
        HttpResponse<?> response =
                client.send(
                        request,
                        info -> {
                            status[0] = info.statusCode();
                            return info.statusCode() == 200
                                    ? new Forwarding(subscriber)
                                    : HttpResponse.BodySubscribers.replacing(null);
                        });
        if (response.statusCode() != 200) {
            throw new IOException(
                    "control plane " + address + " answers the stream with " + status[0]);
        }
    }

    /** Sends acknowledgements one after the other; a failure is only worth a line. */
    void acknowledge(Ack ack, java.util.function.Consumer<String> onFailure) {
        HttpRequest request =
                request("/acks")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(codec.write(ack)))
                        .build();
        acks =
                acks.thenCompose(done -> client.sendAsync(request, text()))
                        .handle((response, failure) -> {
                            if (failure != null) {
                                onFailure.accept(String.valueOf(failure.getMessage()));
                            } else if (response.statusCode() / 100 != 2) {
                                onFailure.accept("answered " + response.statusCode());
                            }
                            return null;
                        });
    }

    /** Sends a report; false when it was not taken. Never fails. */
    CompletableFuture<Boolean> report(TrafficReport report) {
        HttpRequest request =
                request("/traffic")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(codec.write(report)))
                        .build();
        return client.sendAsync(request, text())
                .handle((response, failure) -> failure == null && response.statusCode() / 100 == 2);
    }

    /** Gives acknowledgements a moment to go out before the connection is closed. */
    void awaitAcknowledged() {
        acks.completeOnTimeout(null, 1, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    private HttpRequest put(String path, Object body) {
        return request(path).PUT(HttpRequest.BodyPublishers.ofByteArray(codec.write(body))).build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("content-type", "application/json")
                .timeout(TIMEOUT);
    }

    private static HttpResponse.BodyHandler<String> text() {
        return HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), 1 << 20);
    }

    private void require(String what, HttpResponse<String> response) throws IOException {
        if (response.statusCode() / 100 != 2) {
            String reason = response.body().replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
            throw new IOException(
                    "control plane "
                            + address
                            + " refuses the "
                            + what
                            + " with "
                            + response.statusCode()
                            + ": "
                            + reason.substring(0, Math.min(reason.length(), MAX_REASON)));
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** Hands the bytes on; its own result is there at once, since the stream has no end. */
    private record Forwarding(Flow.Subscriber<List<ByteBuffer>> target)
            implements HttpResponse.BodySubscriber<Boolean> {

        @Override
        public CompletableFuture<Boolean> getBody() {
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            target.onSubscribe(subscription);
        }

        @Override
        public void onNext(List<ByteBuffer> item) {
            target.onNext(item);
        }

        @Override
        public void onError(Throwable failure) {
            target.onError(failure);
        }

        @Override
        public void onComplete() {
            target.onComplete();
        }
    }
}
