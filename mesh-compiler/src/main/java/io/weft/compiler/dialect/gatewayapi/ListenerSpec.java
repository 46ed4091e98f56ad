package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.dialect.LabelSelector;
import io.weft.model.Origin;
import io.weft.model.listener.GatewayServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listener of a Gateway.
 *
 * @param hostname {@link Hostnames#ANY} where none is written
 * @param certificates names of certificate resources
 * @param namespaces {@code Same}, {@code All}, {@code None} or {@code Selector}
 * @param flaws what is wrong with it
 */
record ListenerSpec(
        String name,
        int port,
        GatewayServer.Protocol protocol,
        String hostname,
        boolean passthrough,
        List<String> certificates,
        Set<RouteKind> kinds,
        String namespaces,
        @Nullable LabelSelector selector,
        List<Flaw> flaws,
        Origin origin) {

    ListenerSpec {
        certificates = List.copyOf(certificates);
        kinds = Set.copyOf(kinds);
        flaws = List.copyOf(flaws);
    }

    /** Whether it can be served in spite of its flaws. */
    boolean usable() {
        boolean certified =
                protocol == GatewayServer.Protocol.HTTP
                        || protocol == GatewayServer.Protocol.TCP
                        || passthrough
                        || !certificates.isEmpty();
        return certified
                && flaws.stream()
                        .noneMatch(f ->
                                f.condition().equals("Accepted")
                                        || f.condition().equals("Conflicted"));
    }

    /** Listeners of one port must be of one kind. */
    String bindKind() {
        return switch (protocol) {
            case HTTP -> "HTTP";
            case HTTPS, TLS -> "TLS";
            case TCP -> "TCP";
        };
    }

    /** Plain HTTP listeners of a port share a table; others have their own. */
    String table() {
        return protocol == GatewayServer.Protocol.HTTP
                ? "gateway:" + port
                : "gateway:" + port + "/" + name;
    }

    ListenerSpec with(Flaw flaw) {
        List<Flaw> all = new ArrayList<>(flaws);
        all.add(flaw);
        return new ListenerSpec(
                name,
                port,
                protocol,
                hostname,
                passthrough,
                certificates,
                kinds,
                namespaces,
                selector,
                all,
                origin);
    }
}
