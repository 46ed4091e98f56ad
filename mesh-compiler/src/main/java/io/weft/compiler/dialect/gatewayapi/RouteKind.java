package io.weft.compiler.dialect.gatewayapi;

import io.weft.model.listener.GatewayServer;
import java.util.Optional;

/** The kinds of routes. */
enum RouteKind {
    HTTP("HTTPRoute"),
    GRPC("GRPCRoute"),
    TLS("TLSRoute"),
    TCP("TCPRoute");

    private final String title;

    RouteKind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Whether it routes requests, not connections. */
    boolean isRequest() {
        return this == HTTP || this == GRPC;
    }

    static Optional<RouteKind> of(String title) {
        for (RouteKind kind : values()) {
            if (kind.title.equals(title)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** Whether a listener of this protocol can carry it at all. */
    boolean fits(GatewayServer.Protocol protocol, boolean passthrough) {
        return switch (this) {
            case HTTP, GRPC ->
                    protocol == GatewayServer.Protocol.HTTP
                            || protocol == GatewayServer.Protocol.HTTPS;
            case TLS -> protocol == GatewayServer.Protocol.TLS;
            case TCP ->
                    protocol == GatewayServer.Protocol.TCP
                            || protocol == GatewayServer.Protocol.TLS && !passthrough;
        };
    }
}
