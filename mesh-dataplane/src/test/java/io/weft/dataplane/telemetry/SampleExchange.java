package io.weft.dataplane.telemetry;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An exchange as a proxy would show it; fields are set by the tests. */
final class SampleExchange implements ExchangeView {

    static final SpiffeId WEB = new SpiffeId("cluster.local", "blog", "web");
    static final SpiffeId API = new SpiffeId("cluster.local", "blog", "api");
    static final DestinationView DESTINATION =
            new DestinationView(
                    "blog-api.blog.svc.cluster.local",
                    "blog-api",
                    "blog",
                    "blog-api-v1",
                    "blog",
                    Map.of("app", "blog-api", "version", "v1"),
                    API);

    boolean inbound = true;
    boolean http = true;
    int status = 200;
    int grpcStatus = -1;
    String flags = "-";
    String path = "/api/v1/articles?page=2";
    String originalPath = "/api/v1/articles?page=2";
    long durationNanos = 12_345_678;
    @Nullable SpiffeId peer = WEB;
    boolean mutualTls = true;
    PeerMetadata peerMetadata =
            PeerMetadata.of("web-deploy", Map.of("app", "web", "version", "v3"), "Kubernetes");
    DestinationView destination = DESTINATION;
    TraceContext trace = TraceContext.NONE;
    long requestMessages = -1;
    long responseMessages = -1;
    @Nullable Origin decidedBy;
    final HttpHeaders requestHeaders =
            new DefaultHttpHeaders()
                    .add("user-agent", "curl/8.5")
                    .add("x-request-id", "6f1c7a3e-0000-4000-8000-000000000001")
                    .add("x-forwarded-for", "10.1.2.3");

    @Override
    public boolean inbound() {
        return inbound;
    }

    @Override
    public boolean http() {
        return http;
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String originalPath() {
        return originalPath;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String scheme() {
        return "http";
    }

    @Override
    public String authority() {
        return "blog-api:8080";
    }

    @Override
    public String protocol() {
        return http ? "HTTP/1.1" : "TCP";
    }

    @Override
    public HttpHeaders requestHeaders() {
        return requestHeaders;
    }

    @Override
    public HttpHeaders responseHeaders() {
        return new DefaultHttpHeaders().add("content-type", "application/json");
    }

    @Override
    public @Nullable HttpHeaders responseTrailers() {
        return null;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public int grpcStatus() {
        return grpcStatus;
    }

    @Override
    public String responseFlags() {
        return flags;
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
        return decidedBy;
    }

    @Override
    public long bytesReceived() {
        return 17;
    }

    @Override
    public long bytesSent() {
        return 421;
    }

    @Override
    public long startEpochMicros() {
        return 1_763_812_800_123_456L;
    }

    @Override
    public long durationNanos() {
        return durationNanos;
    }

    @Override
    public long upstreamServiceNanos() {
        return 11_900_000;
    }

    @Override
    public int attempts() {
        return 1;
    }

    @Override
    public SocketAddress upstreamAddress() {
        return new InetSocketAddress("127.0.0.1", 8081);
    }

    @Override
    public SocketAddress downstreamRemote() {
        return new InetSocketAddress("10.0.0.9", 51234);
    }

    @Override
    public SocketAddress downstreamLocal() {
        return new InetSocketAddress("10.0.0.1", 8080);
    }

    @Override
    public String upstreamCluster() {
        return "inbound|8080||";
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
        return peer;
    }

    @Override
    public boolean mutualTls() {
        return mutualTls;
    }

    @Override
    public DestinationView destination() {
        return destination;
    }

    @Override
    public String traceId() {
        return trace.traceId();
    }

    @Override
    public String spanId() {
        return trace.spanId();
    }

    @Override
    public String parentSpanId() {
        return trace.parentSpanId();
    }

    @Override
    public boolean sampled() {
        return trace.sampled();
    }

    @Override
    public TraceContext trace() {
        return trace;
    }

    @Override
    public PeerMetadata peerMetadata() {
        return peerMetadata;
    }

    @Override
    public long requestMessages() {
        return requestMessages;
    }

    @Override
    public long responseMessages() {
        return responseMessages;
    }

    static LocalWorkload local() {
        return new LocalWorkload(
                new io.weft.model.WorkloadId("blog", "blog-api-v1"),
                API,
                Map.of("app", "blog-api", "version", "v1"),
                "Kubernetes",
                "weft");
    }
}
