package io.weft.dataplane.telemetry;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request (or of a TCP connection) at its end. Read on the event loop, once;
 * must not be kept.
 */
public interface ExchangeView {

    /** Which side of the mesh records: inbound is {@code destination}, outbound {@code source}. */
    boolean inbound();

    /** False for opaque TCP: then there is no method, path, header or status. */
    boolean http();

    String method();

    /** As received, with its query. */
    String originalPath();

    /** As forwarded, with its query. */
    String path();

    String scheme();

    String authority();

    /** {@code HTTP/1.1}, {@code HTTP/2}; {@code TCP} for connections. */
    String protocol();

    HttpHeaders requestHeaders();

    /** Null when no answer was sent. */
    @Nullable HttpHeaders responseHeaders();

    @Nullable HttpHeaders responseTrailers();

    /** 0 when no answer was sent. */
    int status();

    /** -1 when the exchange is not gRPC or has no status. */
    int grpcStatus();

    /** Envoy's response flags, {@code -} for none. */
    String responseFlags();

    /** Envoy's response code details, for example {@code via_upstream}. */
    String responseCodeDetails();

    /** The cause of a failed upstream connection, empty for none. */
    String upstreamFailure();

    /** What decided about the request when it was denied or answered here. */
    @Nullable Origin decidedBy();

    long bytesReceived();

    long bytesSent();

    /** How many of {@link #bytesReceived} were told while it went on (TCP). */
    default long bytesReceivedTold() {
        return 0;
    }

    /** How many of {@link #bytesSent} were told while it went on (TCP). */
    default long bytesSentTold() {
        return 0;
    }

    long startEpochMicros();

    long durationNanos();

    /** From dispatch to the upstream's first response byte; -1 if there was none. */
    long upstreamServiceNanos();

    int attempts();

    @Nullable SocketAddress upstreamAddress();

    @Nullable SocketAddress downstreamRemote();

    @Nullable SocketAddress downstreamLocal();

    /** Cluster name in Istio's form, {@code outbound|8080|v1|blog-api.blog.svc.cluster.local}. */
    String upstreamCluster();

    String routeName();

    @Nullable String sni();

    /** Verified identity of the caller (inbound). */
    @Nullable SpiffeId peer();

    boolean mutualTls();

    /** Who is called: the service and workload behind it. */
    DestinationView destination();

    /** W3C trace id and span id in hex, empty when there is no trace. */
    String traceId();

    String spanId();

    /** Span id of the caller, empty for a root. */
    String parentSpanId();

    boolean sampled();

    /** What {@link Spans#start} gave for this exchange. */
    default TraceContext trace() {
        return TraceContext.NONE;
    }

    /** What the caller's sidecar says of itself, only believed over the mesh's mTLS (inbound). */
    default PeerMetadata peerMetadata() {
        return PeerMetadata.UNKNOWN;
    }

    /** gRPC messages received from the caller, -1 when they were not counted. */
    default long requestMessages() {
        return -1;
    }

    /** gRPC messages sent to the caller, -1 when they were not counted. */
    default long responseMessages() {
        return -1;
    }

    /** Local address of the connection to the upstream, null when there was none. */
    default @Nullable SocketAddress upstreamLocal() {
        return null;
    }

    /** The caller's TLS connection to here. */
    default TlsFacts downstreamTls() {
        return TlsFacts.NONE;
    }

    /** Our TLS connection to the upstream. */
    default TlsFacts upstreamTls() {
        return TlsFacts.NONE;
    }

    /** Names the connection in logs: the same for all its requests; empty for none. */
    default String connectionId() {
        return "";
    }
}
