package io.weft.dataplane.telemetry;

import java.util.Set;

/**
 * Operators that exist in Envoy and have nothing to say here: there are no filters with a state or
 * metadata of their own, and times within a request are not taken.
 */
final class EmptyOperators {

    static final Set<String> NAMES =
            Set.of(
                    "STREAM_ID",
                    "VIRTUAL_CLUSTER_NAME",
                    "REQUEST_DURATION",
                    "REQUEST_TX_DURATION",
                    "RESPONSE_TX_DURATION",
                    "COMMON_DURATION",
                    "DOWNSTREAM_HANDSHAKE_DURATION",
                    "ROUNDTRIP_DURATION",
                    "UPSTREAM_CONNECTION_POOL_READY_DURATION",
                    "DOWNSTREAM_WIRE_BYTES_SENT",
                    "DOWNSTREAM_WIRE_BYTES_RECEIVED",
                    "DOWNSTREAM_HEADER_BYTES_SENT",
                    "DOWNSTREAM_HEADER_BYTES_RECEIVED",
                    "UPSTREAM_WIRE_BYTES_SENT",
                    "UPSTREAM_WIRE_BYTES_RECEIVED",
                    "UPSTREAM_HEADER_BYTES_SENT",
                    "UPSTREAM_HEADER_BYTES_RECEIVED",
                    "UPSTREAM_CONNECTION_ID",
                    "UPSTREAM_PROTOCOL",
                    "DOWNSTREAM_TRANSPORT_FAILURE_REASON",
                    "DOWNSTREAM_LOCAL_IP_SAN",
                    "DOWNSTREAM_LOCAL_EMAIL_SAN",
                    "DOWNSTREAM_PEER_EMAIL_SAN",
                    "DOWNSTREAM_LOCAL_CLOSE_REASON",
                    "DOWNSTREAM_DETECTED_CLOSE_TYPE",
                    "UPSTREAM_LOCAL_CLOSE_REASON",
                    "UPSTREAM_DETECTED_CLOSE_TYPE",
                    "TLS_JA3_FINGERPRINT",
                    "TLS_JA4_FINGERPRINT",
                    "UPSTREAM_FILTER_STATE",
                    "FILTER_STATE",
                    "DYNAMIC_METADATA",
                    "CLUSTER_METADATA",
                    "UPSTREAM_METADATA",
                    "ROUTE_METADATA",
                    "LISTENER_METADATA",
                    "VIRTUAL_HOST_METADATA",
                    "METADATA");

    private EmptyOperators() {}
}
