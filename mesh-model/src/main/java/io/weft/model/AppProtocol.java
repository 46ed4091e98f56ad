package io.weft.model;

import java.util.Locale;

/** The protocol that an application speaks on a port, as declared or still to be detected. */
public enum AppProtocol {
    HTTP,
    HTTP2,
    GRPC,
    TCP,
    TLS,
    HTTPS,
    /** Not declared: the first bytes decide. */
    AUTO;

    /** Whether requests can be routed one by one (also when detection may find HTTP). */
    public boolean mayBeHttp() {
        return this == HTTP || this == HTTP2 || this == GRPC || this == AUTO;
    }

    /** Whether the application wants HTTP/2. */
    public boolean isHttp2() {
        return this == HTTP2 || this == GRPC;
    }

    /**
     * Reads a protocol as Istio, Kubernetes ({@code appProtocol}) and Consul write it; what is not
     * known is {@link #AUTO}.
     */
    public static AppProtocol parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "http", "http1", "http/1.1", "websocket", "kubernetes.io/ws" -> HTTP;
            case "http2", "h2c", "kubernetes.io/h2c" -> HTTP2;
            case "grpc", "grpc-web" -> GRPC;
            case "tcp", "mongo", "redis", "mysql" -> TCP;
            case "tls" -> TLS;
            case "https" -> HTTPS;
            default -> AUTO;
        };
    }

    /**
     * The protocol of a Kubernetes port: its {@code appProtocol}, else its name up to the first
     * dash, else detection.
     *
     * @param appProtocol empty for none
     * @param portName empty for none
     */
    public static AppProtocol ofPort(String appProtocol, String portName) {
        if (!appProtocol.isEmpty()) {
            return parse(appProtocol);
        }
        int dash = portName.indexOf('-');
        return parse(dash < 0 ? portName : portName.substring(0, dash));
    }
}
