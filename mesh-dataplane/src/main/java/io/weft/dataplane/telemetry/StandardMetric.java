package io.weft.dataplane.telemetry;

import java.util.ArrayList;
import java.util.List;

/** Istio's standard metrics; the constants are named as Telemetry resources name them. */
enum StandardMetric {
    REQUEST_COUNT("istio_requests_total", Kind.HTTP, false, "Requests"),
    REQUEST_DURATION(
            "istio_request_duration_milliseconds", Kind.HTTP, true, "Duration of requests"),
    REQUEST_SIZE("istio_request_bytes", Kind.HTTP, true, "Size of request bodies"),
    RESPONSE_SIZE("istio_response_bytes", Kind.HTTP, true, "Size of response bodies"),
    GRPC_REQUEST_MESSAGES(
            "istio_request_messages_total", Kind.HTTP, false, "gRPC messages from callers"),
    GRPC_RESPONSE_MESSAGES(
            "istio_response_messages_total", Kind.HTTP, false, "gRPC messages to callers"),
    TCP_OPENED_CONNECTIONS(
            "istio_tcp_connections_opened_total", Kind.TCP, false, "Connections opened"),
    TCP_CLOSED_CONNECTIONS(
            "istio_tcp_connections_closed_total", Kind.TCP, false, "Connections closed"),
    TCP_SENT_BYTES("istio_tcp_sent_bytes_total", Kind.TCP, false, "Bytes sent to callers"),
    TCP_RECEIVED_BYTES(
            "istio_tcp_received_bytes_total", Kind.TCP, false, "Bytes received from callers");

    private enum Kind {
        HTTP,
        TCP
    }

    private final String exposedName;
    private final Kind kind;
    private final boolean histogram;
    private final String help;

    StandardMetric(String exposedName, Kind kind, boolean histogram, String help) {
        this.exposedName = exposedName;
        this.kind = kind;
        this.histogram = histogram;
        this.help = help;
    }

    String exposedName() {
        return exposedName;
    }

    boolean isHistogram() {
        return histogram;
    }

    boolean isTcp() {
        return kind == Kind.TCP;
    }

    boolean isGrpc() {
        return this == GRPC_REQUEST_MESSAGES || this == GRPC_RESPONSE_MESSAGES;
    }

    String help() {
        return help;
    }

    /** The labels that it always has, in the order of {@link StandardLabels#values}. */
    List<String> labels() {
        List<String> labels = new ArrayList<>(StandardLabels.COMMON);
        if (kind == Kind.HTTP) {
            labels.addAll(StandardLabels.HTTP_ONLY);
        }
        return List.copyOf(labels);
    }
}
