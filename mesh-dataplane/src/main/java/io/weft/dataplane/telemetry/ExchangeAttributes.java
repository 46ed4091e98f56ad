package io.weft.dataplane.telemetry;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that expressions of Envoy and Istio may ask for, by root and name. Numbers are
 * {@link Long}, times {@link Instant}, spans of time {@link Duration}; what an exchange does not
 * have is null, and absent for expressions.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes">
 *     Attributes</a>
 */
final class ExchangeAttributes {

    private static final Map<String, LogValue> REQUEST =
            Map.ofEntries(
                    Map.entry("path", e -> e.http() ? e.originalPath() : null),
                    Map.entry("url_path", e -> e.http() ? pathOnly(e) : null),
                    Map.entry("query", e -> e.http() ? query(e) : null),
                    Map.entry("host", e -> e.http() ? e.authority() : null),
                    Map.entry("scheme", e -> e.http() ? e.scheme() : null),
                    Map.entry("method", e -> e.http() ? e.method() : null),
                    Map.entry("protocol", e -> e.protocol()),
                    Map.entry("headers", e -> e.http() ? new HeaderMap(e.requestHeaders()) : null),
                    Map.entry("referer", e -> header(e.requestHeaders(), "referer")),
                    Map.entry("useragent", e -> header(e.requestHeaders(), "user-agent")),
                    Map.entry("id", e -> header(e.requestHeaders(), "x-request-id")),
                    Map.entry(
                            "time",
                            e ->
                                    Instant.ofEpochSecond(
                                            e.startEpochMicros() / 1_000_000,
                                            e.startEpochMicros() % 1_000_000 * 1_000)),
                    Map.entry("duration", e -> Duration.ofNanos(e.durationNanos())),
                    Map.entry("size", e -> e.bytesReceived()),
                    Map.entry("total_size", e -> e.bytesReceived()));

    private static final Map<String, LogValue> RESPONSE =
            Map.ofEntries(
                    Map.entry("code", e -> e.http() ? (long) e.status() : null),
                    Map.entry("code_details", e -> e.responseCodeDetails()),
                    Map.entry("flags", e -> ResponseFlags.bits(e.responseFlags())),
                    Map.entry(
                            "grpc_status", e -> e.grpcStatus() < 0 ? null : (long) e.grpcStatus()),
                    Map.entry("headers", e -> headers(e.responseHeaders())),
                    Map.entry("trailers", e -> headers(e.responseTrailers())),
                    Map.entry("size", e -> e.bytesSent()),
                    Map.entry("total_size", e -> e.bytesSent()),
                    Map.entry(
                            "backend_latency",
                            e ->
                                    e.upstreamServiceNanos() < 0
                                            ? null
                                            : Duration.ofNanos(e.upstreamServiceNanos())));

    private static final Map<String, LogValue> SOURCE =
            Map.ofEntries(
                    Map.entry("address", e -> AddressTexts.text(e.downstreamRemote())),
                    Map.entry("port", e -> port(e.downstreamRemote())),
                    Map.entry("principal", e -> e.inbound() ? uri(e.peer()) : null),
                    Map.entry(
                            "workload",
                            e -> e.inbound() ? text(e.peerMetadata().workload()) : null),
                    Map.entry("namespace", e -> e.inbound() ? namespace(e.peer()) : null));

    private static final Map<String, LogValue> DESTINATION =
            Map.ofEntries(
                    Map.entry(
                            "address",
                            e ->
                                    AddressTexts.text(
                                            e.inbound()
                                                    ? e.downstreamLocal()
                                                    : e.upstreamAddress())),
                    Map.entry(
                            "port",
                            e -> port(e.inbound() ? e.downstreamLocal() : e.upstreamAddress())),
                    Map.entry("principal", e -> uri(e.destination().identity())),
                    Map.entry("service", e -> text(e.destination().service())),
                    Map.entry("workload", e -> text(e.destination().workload())),
                    Map.entry("namespace", e -> text(e.destination().serviceNamespace())),
                    Map.entry("labels", e -> e.destination().labels()));

    private static final Map<String, LogValue> CONNECTION =
            Map.ofEntries(
                    Map.entry("mtls", e -> e.mutualTls()),
                    Map.entry("requested_server_name", e -> e.sni()),
                    Map.entry("tls_version", e -> text(e.downstreamTls().version())),
                    Map.entry("uri_san_peer_certificate", e -> uri(e.peer())),
                    Map.entry(
                            "subject_peer_certificate", e -> text(e.downstreamTls().peerSubject())),
                    Map.entry(
                            "sha256_peer_certificate_digest",
                            e -> text(e.downstreamTls().peerDigest())),
                    Map.entry(
                            "uri_san_local_certificate",
                            e ->
                                    e.inbound() && e.mutualTls()
                                            ? uri(e.destination().identity())
                                            : null));

    private static final Map<String, LogValue> UPSTREAM =
            Map.ofEntries(
                    Map.entry("address", e -> AddressTexts.text(e.upstreamAddress())),
                    Map.entry("port", e -> port(e.upstreamAddress())),
                    Map.entry("local_address", e -> AddressTexts.text(e.upstreamLocal())),
                    Map.entry("cluster_name", e -> text(e.upstreamCluster())),
                    Map.entry("transport_failure_reason", e -> text(e.upstreamFailure())),
                    Map.entry("request_attempt_count", e -> (long) e.attempts()),
                    Map.entry(
                            "uri_san_peer_certificate",
                            e -> e.inbound() ? null : uri(e.destination().identity())));

    private static final Map<String, LogValue> XDS =
            Map.ofEntries(
                    Map.entry("cluster_name", e -> text(e.upstreamCluster())),
                    Map.entry("route_name", e -> text(e.routeName())),
                    Map.entry("virtual_host_name", e -> null),
                    Map.entry("listener_direction", e -> e.inbound() ? 1L : 2L));

    private static final Map<String, LogValue> WEFT =
            Map.of(
                    "decided_by", e -> origin(e.decidedBy()),
                    "response_flags", e -> e.responseFlags());

    /** By root. */
    static final Map<String, Map<String, LogValue>> ROOTS =
            Map.of(
                    "request", REQUEST,
                    "response", RESPONSE,
                    "source", SOURCE,
                    "destination", DESTINATION,
                    "connection", CONNECTION,
                    "upstream", UPSTREAM,
                    "xds", XDS,
                    "weft", WEFT);

    private ExchangeAttributes() {}

    /** One attribute that is no map, as {@code response.code}; null when there is no such one. */
    static @Nullable LogValue plain(String name) {
        int dot = name.indexOf('.');
        Map<String, LogValue> root = dot < 0 ? null : ROOTS.get(name.substring(0, dot));
        String rest = name.substring(dot + 1);
        return root == null
                        || rest.equals("headers")
                        || rest.equals("trailers")
                        || rest.equals("labels")
                ? null
                : root.get(rest);
    }

    private static @Nullable Object headers(@Nullable HttpHeaders headers) {
        return headers == null ? null : new HeaderMap(headers);
    }

    private static @Nullable String namespace(@Nullable SpiffeId id) {
        return id == null ? null : id.namespace();
    }

    private static @Nullable String header(HttpHeaders headers, String name) {
        return headers.get(name);
    }

    private static String pathOnly(ExchangeView e) {
        int query = e.originalPath().indexOf('?');
        return query < 0 ? e.originalPath() : e.originalPath().substring(0, query);
    }

    private static String query(ExchangeView e) {
        int query = e.originalPath().indexOf('?');
        return query < 0 ? "" : e.originalPath().substring(query + 1);
    }

    private static @Nullable Long port(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet ? (long) inet.getPort() : null;
    }

    private static @Nullable String uri(@Nullable SpiffeId id) {
        return id == null ? null : id.uri();
    }

    private static @Nullable String text(String value) {
        return value.isEmpty() ? null : value;
    }

    private static @Nullable String origin(@Nullable Origin origin) {
        return origin == null ? null : origin.describe();
    }
}
