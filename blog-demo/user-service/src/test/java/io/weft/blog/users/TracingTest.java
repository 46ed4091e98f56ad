package io.weft.blog.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.weft.blog.users.v1.GetUserRequest;
import io.weft.blog.users.v1.UsersGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TracingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    @Test
    void aGrpcCallMakesOneSpanInTheCallersTraceAndExportsItOverOtlp() throws Exception {
        BlockingQueue<String> exports = new LinkedBlockingQueue<>();
        HttpServer collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/v1/traces",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    exports.add(new String(body, StandardCharsets.ISO_8859_1));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        collector.start();
        try (var context =
                UserServiceApplication.start(
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--" + RedisLocator.IN_MEMORY + "=true",
                        "--REDIS_URL=redis://127.0.0.1:1",
                        "--management.opentelemetry.tracing.export.schedule-delay=50ms",
                        "--management.opentelemetry.tracing.export.otlp.endpoint=http://127.0.0.1:"
                                + collector.getAddress().getPort()
                                + "/v1/traces")) {
            int port =
                    context.getEnvironment()
                            .getRequiredProperty("local.server.port", Integer.class);
            call(port);
            String export = exports.poll(10, TimeUnit.SECONDS);
            assertThat(export)
                    .isNotNull()
                    .contains(bytes(TRACE), bytes(PARENT), "weft.blog.users.v1.Users/GetUser")
                    .doesNotContain("http post");
        } finally {
            collector.stop(0);
        }
    }

    private static void call(int port) throws InterruptedException {
        ManagedChannel channel =
                ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try {
            var headers = new Metadata();
            headers.put(
                    Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
                    "00-" + TRACE + "-" + PARENT + "-01");
            UsersGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(5, TimeUnit.SECONDS)
                    .getUser(GetUserRequest.newBuilder().setId("admin").build());
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private static String bytes(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }
}
