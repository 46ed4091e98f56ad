package io.weft.dataplane.telemetry;

import io.micrometer.tracing.Span;

/** The tags of a hop's span: Envoy's names, and Istio's canonical ones. */
final class SpanTags {

    private static final int SERVER_ERROR = 500;

    private SpanTags() {}

    static void put(Span span, ExchangeView exchange, LocalWorkload self) {
        PeerMetadata own = self.metadata();
        span.name(exchange.authority() + "/*");
        span.tag("component", "proxy");
        span.tag("http.method", exchange.method());
        span.tag(
                "http.url",
                exchange.scheme() + "://" + exchange.authority() + exchange.originalPath());
        span.tag("http.protocol", exchange.protocol());
        span.tag("http.status_code", Integer.toString(exchange.status()));
        span.tag("request_size", Long.toString(exchange.bytesReceived()));
        span.tag("response_size", Long.toString(exchange.bytesSent()));
        span.tag("response_flags", exchange.responseFlags());
        span.tag("upstream_cluster", exchange.upstreamCluster());
        span.tag("node_id", self.workload().toString());
        span.tag("istio.canonical_service", own.canonicalService());
        span.tag("istio.canonical_revision", own.canonicalRevision());
        span.tag("istio.mesh_id", self.meshId());
        span.tag("istio.namespace", self.workload().namespace());
        String id = exchange.requestHeaders().get(RequestIds.HEADER);
        if (id != null) {
            span.tag("guid:x-request-id", id);
        }
        String agent = exchange.requestHeaders().get("user-agent");
        if (agent != null) {
            span.tag("user_agent", agent);
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
}
