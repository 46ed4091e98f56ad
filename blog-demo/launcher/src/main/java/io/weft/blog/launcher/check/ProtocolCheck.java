package io.weft.blog.launcher.check;

import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.weft.blog.launcher.check.Findings.Seen;
import io.weft.blog.launcher.topology.Topology;
import io.weft.blog.users.v1.GetUserRequest;
import io.weft.blog.users.v1.UsersGrpc;
import io.weft.blog.users.v1.WatchRequest;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Item 6: gRPC, WebSocket and plain TCP through two sidecars. */
final class ProtocolCheck implements AcceptanceCheck {

    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration SHORT_DEADLINE = Duration.ofMillis(700);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Metadata.Key<String> SERVED_BY =
            Metadata.Key.of("x-users-served-by", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> DEADLINE_MILLIS =
            Metadata.Key.of("x-users-deadline-millis", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public int item() {
        return 6;
    }

    @Override
    public String title() {
        return "gRPC, WebSocket and TCP";
    }

    @Override
    public void run(CheckedDemo demo, Findings findings) throws Exception {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(
                                "127.0.0.1", demo.callers().curl(Topology.USER_SERVICE).port())
                        .overrideAuthority(Topology.USER_SERVICE)
                        .usePlaintext()
                        .build();
        try {
            grpc(channel, findings);
        } finally {
            channel.shutdownNow();
            channel.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        webSocket(demo, findings);
        tcp(demo, findings);
    }

    private static void grpc(ManagedChannel channel, Findings findings)
            throws InterruptedException {
        AtomicReference<Metadata> headers = new AtomicReference<>(new Metadata());
        AtomicReference<Metadata> trailers = new AtomicReference<>(new Metadata());
        ClientInterceptor capture = MetadataUtils.newCaptureMetadataInterceptor(headers, trailers);
        UsersGrpc.UsersBlockingStub stub =
                UsersGrpc.newBlockingStub(channel).withInterceptors(capture);
        findings.equal(
                "gRPC: GetUser answers",
                "ada",
                () -> within(stub, DEADLINE).getUser(request("ada")).getId());
        findings.that(
                "gRPC: the trailers arrive",
                "x-users-served-by: user-service-…",
                () -> {
                    String by =
                            String.valueOf(Objects.requireNonNull(trailers.get()).get(SERVED_BY));
                    return Seen.of(by.startsWith("user-service"), by);
                });
        findings.that(
                "gRPC: the deadline arrives",
                "2000 to 3000 ms left of 3000",
                () -> {
                    String left =
                            String.valueOf(
                                    Objects.requireNonNull(trailers.get()).get(DEADLINE_MILLIS));
                    long millis = Long.parseLong(left);
                    return Seen.of(
                            millis > DEADLINE.toMillis() - 1000 && millis <= DEADLINE.toMillis(),
                            left + " ms");
                });
        findings.equal(
                "gRPC: an error keeps its status",
                Status.Code.NOT_FOUND,
                () -> code(() -> within(stub, DEADLINE).getUser(request("nobody"))));
        findings.that(
                "gRPC: a stream ends at its deadline",
                "DEADLINE_EXCEEDED after 0.7 s",
                () -> {
                    long start = System.nanoTime();
                    Status.Code code =
                            code(() ->
                                    within(stub, SHORT_DEADLINE)
                                            .watch(WatchRequest.getDefaultInstance())
                                            .forEachRemaining(event -> {}));
                    double seconds = (System.nanoTime() - start) / 1e9;
                    return Seen.of(
                            code == Status.Code.DEADLINE_EXCEEDED && seconds < 3,
                            "%s after %.1f s".formatted(code, seconds));
                });
    }

    private static UsersGrpc.UsersBlockingStub within(
            UsersGrpc.UsersBlockingStub stub, Duration deadline) {
        return stub.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static GetUserRequest request(String id) {
        return GetUserRequest.newBuilder().setId(id).build();
    }

    private static Status.Code code(Runnable call) {
        try {
            call.run();
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    private static void webSocket(CheckedDemo demo, Findings findings) throws InterruptedException {
        int port = demo.callers().frontend(Topology.BLOG_API).port();
        findings.equal(
                "WebSocket: a message comes back",
                "over the mesh",
                () -> {
                    CompletableFuture<String> echoed = new CompletableFuture<>();
                    try (HttpClient client = HttpClient.newHttpClient()) {
                        WebSocket socket =
                                client.newWebSocketBuilder()
                                        .connectTimeout(PATIENCE)
                                        .buildAsync(
                                                URI.create(
                                                        "ws://127.0.0.1:" + port + "/api/v1/live"),
                                                new FirstText(echoed))
                                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                        socket.sendText("over the mesh", true);
                        try {
                            return echoed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                        } finally {
                            socket.abort();
                        }
                    }
                });
    }

    private static void tcp(CheckedDemo demo, Findings findings) throws InterruptedException {
        int port = demo.callers().curl(Topology.ECHO).port();
        findings.equal(
                "TCP: bytes come back after a half-close",
                "17 of 17 bytes",
                () -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        socket.setSoTimeout((int) PATIENCE.toMillis());
                        byte[] sent =
                                "\u0000\u0001\u007f over the mesh".getBytes(StandardCharsets.UTF_8);
                        socket.getOutputStream().write(sent);
                        socket.shutdownOutput();
                        byte[] back = socket.getInputStream().readAllBytes();
                        int mismatch = Arrays.mismatch(sent, back);
                        return (mismatch < 0 ? sent.length : mismatch)
                                + " of "
                                + sent.length
                                + " bytes";
                    }
                });
    }

    private static final class FirstText implements WebSocket.Listener {

        private final CompletableFuture<String> text;

        FirstText(CompletableFuture<String> text) {
            this.text = text;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.complete(data.toString());
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            text.completeExceptionally(error);
        }
    }
}
