package io.weft.model.telemetry;

import java.util.Map;
import java.util.Set;

/**
 * The attributes of an exchange that expressions in CEL may ask for, so that a misspelt one is
 * found when a policy is compiled and not only where it is used.
 *
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes">
 *     Attributes</a>
 */
public final class Attributes {

    /** By root, as in {@code response.code}. */
    public static final Map<String, Set<String>> BY_ROOT =
            Map.of(
                    "request",
                    Set.of(
                            "path",
                            "url_path",
                            "query",
                            "host",
                            "scheme",
                            "method",
                            "protocol",
                            "headers",
                            "referer",
                            "useragent",
                            "id",
                            "time",
                            "duration",
                            "size",
                            "total_size"),
                    "response",
                    Set.of(
                            "code",
                            "code_details",
                            "flags",
                            "grpc_status",
                            "headers",
                            "trailers",
                            "size",
                            "total_size",
                            "backend_latency"),
                    "source",
                    Set.of("address", "port", "principal", "workload", "namespace"),
                    "destination",
                    Set.of(
                            "address",
                            "port",
                            "principal",
                            "service",
                            "workload",
                            "namespace",
                            "labels"),
                    "connection",
                    Set.of(
                            "mtls",
                            "requested_server_name",
                            "tls_version",
                            "uri_san_peer_certificate",
                            "subject_peer_certificate",
                            "sha256_peer_certificate_digest",
                            "uri_san_local_certificate"),
                    "upstream",
                    Set.of(
                            "address",
                            "port",
                            "local_address",
                            "cluster_name",
                            "transport_failure_reason",
                            "request_attempt_count",
                            "uri_san_peer_certificate"),
                    "xds",
                    Set.of("cluster_name", "route_name", "virtual_host_name", "listener_direction"),
                    "weft",
                    Set.of("decided_by", "response_flags"));

    private Attributes() {}
}
