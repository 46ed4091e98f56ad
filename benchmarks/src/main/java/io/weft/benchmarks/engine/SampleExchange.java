package io.weft.benchmarks.engine;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.weft.dataplane.telemetry.DestinationView;
import io.weft.dataplane.telemetry.ExchangeView;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An exchange that went well, as nearly all do. */
final class SampleExchange implements ExchangeView {

    private static final HttpHeaders REQUEST =
            new DefaultHttpHeaders()
                    .add("user-agent", "curl/8.5")
                    .add("x-request-id", "6f1c7a3e-0000-4000-8000-000000000001")
                    .add("x-forwarded-for", "10.1.2.3");
    private static final HttpHeaders RESPONSE =
            new DefaultHttpHeaders().add("x-envoy-upstream-service-time", "1");
    private static final SocketAddress UPSTREAM = new InetSocketAddress("127.0.0.1", 8080);
    private static final SocketAddress REMOTE = new InetSocketAddress("127.0.0.1", 40_000);
    private static final SocketAddress LOCAL = new InetSocketAddress("127.0.0.1", 15_006);
    private static final SpiffeId PEER = new SpiffeId("cluster.local", "blog", "web");
    private static final DestinationView DESTINATION =
            new DestinationView(
                    "backend.bench",
                    "backend",
                    "bench",
                    "backend-v1",
                    "bench",
                    Map.of("app", "backend"),
                    PEER);

    @Override
    public boolean inbound() {
        return true;
    }

    @Override
    public boolean http() {
        return true;
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String originalPath() {
        return "/items/42?page=2";
    }

    @Override
    public String path() {
        return "/items/42?page=2";
    }

    @Override
    public String scheme() {
        return "http";
    }

    @Override
    public String authority() {
        return "backend.bench";
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
    }

    @Override
    public HttpHeaders requestHeaders() {
        return REQUEST;
    }

    @Override
    public @Nullable HttpHeaders responseHeaders() {
        return RESPONSE;
    }

    @Override
    public @Nullable HttpHeaders responseTrailers() {
        return null;
    }

    @Override
    public int status() {
        return 200;
    }

    @Override
    public int grpcStatus() {
        return -1;
    }

    @Override
    public String responseFlags() {
        return "-";
    }

    @Override
    public String responseCodeDetails() {
        return "via_upstream";
    }

    @Override
    public String upstreamFailure() {
        return "";
    }

    @Override
    public @Nullable Origin decidedBy() {
        return Samples.ORIGIN;
    }

    @Override
    public long bytesReceived() {
        return 0;
    }

    @Override
    public long bytesSent() {
        return 162;
    }

    @Override
    public long startEpochMicros() {
        return 1_795_000_000_123_456L;
    }

    @Override
    public long durationNanos() {
        return 1_234_567;
    }

    @Override
    public long upstreamServiceNanos() {
        return 1_000_000;
    }

    @Override
    public int attempts() {
        return 1;
    }

    @Override
    public @Nullable SocketAddress upstreamAddress() {
        return UPSTREAM;
    }

    @Override
    public @Nullable SocketAddress downstreamRemote() {
        return REMOTE;
    }

    @Override
    public @Nullable SocketAddress downstreamLocal() {
        return LOCAL;
    }

    @Override
    public String upstreamCluster() {
        return "outbound|80||backend.bench";
    }

    @Override
    public String routeName() {
        return "default";
    }

    @Override
    public @Nullable String sni() {
        return null;
    }

    @Override
    public @Nullable SpiffeId peer() {
        return PEER;
    }

    @Override
    public boolean mutualTls() {
        return true;
    }

    @Override
    public DestinationView destination() {
        return DESTINATION;
    }

    @Override
    public String traceId() {
        return "4bf92f3577b34da6a3ce929d0e0e4736";
    }

    @Override
    public String spanId() {
        return "00f067aa0ba902b7";
    }

    @Override
    public String parentSpanId() {
        return "";
    }

    @Override
    public boolean sampled() {
        return false;
    }
}
