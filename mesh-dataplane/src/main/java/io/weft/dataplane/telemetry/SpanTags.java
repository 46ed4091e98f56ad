package io.weft.dataplane.telemetry;

import io.micrometer.tracing.Span;

/** The tags of a hop's span: Envoy's names, and Istio's canonical ones. */
final class SpanTags {

    private static final int SERVER_ERROR = 500;

    /** Envoy's. */
    private static final int MAX_PATH = 256;

    private static final int MAX_VALUE = 1_024;

    private SpanTags() {}

    static void put(Span span, ExchangeView exchange) {
        span.name(cut(exchange.authority()) + "/*");
        span.tag("component", "proxy");
        span.tag("http.method", cut(exchange.method()));
        span.tag(
                "http.url",
                exchange.scheme()
                        + "://"
                        + cut(exchange.authority())
                        + cut(exchange.originalPath(), MAX_PATH));
        span.tag("http.protocol", exchange.protocol());
        span.tag("http.status_code", Integer.toString(exchange.status()));
        span.tag("request_size", Long.toString(exchange.bytesReceived()));
        span.tag("response_size", Long.toString(exchange.bytesSent()));
        span.tag("response_flags", exchange.responseFlags());
        span.tag("upstream_cluster", exchange.upstreamCluster());
        String id = exchange.requestHeaders().get(RequestIds.HEADER);
        if (id != null) {
            span.tag("guid:x-request-id", cut(id));
        }
        String agent = exchange.requestHeaders().get("user-agent");
        if (agent != null) {
            span.tag("user_agent", cut(agent));
        }
        if (exchange.grpcStatus() >= 0) {
            span.tag("grpc.status_code", Integer.toString(exchange.grpcStatus()));
        }
        if (exchange.attempts() > 1) {
            span.tag("retry_count", Integer.toString(exchange.attempts() - 1));
        }
        if (exchange.status() == 0
                || exchange.status() >= SERVER_ERROR
                || exchange.grpcStatus() > 0) {
            span.tag("error", "true");
        }
    }

    /** Who records it. */
    static void putIstio(Span span, LocalWorkload self) {
        PeerMetadata own = self.metadata();
        span.tag("node_id", self.workload().toString());
        span.tag("istio.canonical_service", own.canonicalService());
        span.tag("istio.canonical_revision", own.canonicalRevision());
        span.tag("istio.mesh_id", self.meshId());
        span.tag("istio.namespace", self.workload().namespace());
    }

    /** Values come from callers: a span must not hold more than a line of text of each. */
    static String cut(String value) {
        return cut(value, MAX_VALUE);
    }

    private static String cut(String value, int length) {
        return value.length() <= length ? value : value.substring(0, length);
    }
}
