package io.weft.dataplane.snapshot;

import io.netty.handler.ssl.SslContext;
import io.weft.model.listener.GatewayServer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway serves on one logical port. The most specific host wins, then the first server.
 *
 * @param tls whether connections begin with TLS
 */
public record GatewayPort(int port, boolean tls, List<Server> servers) {

    /**
     * A server with what was made for it.
     *
     * @param contexts for terminated TLS, in the order of its certificates
     */
    public record Server(GatewayServer config, List<NamedContext> contexts, OutboundTable routes) {

        boolean passthrough() {
            return config.tls() instanceof GatewayServer.ServerTls.Passthrough;
        }
    }

    /** A TLS context and the names its certificate is for. */
    public record NamedContext(SslContext context, List<String> names, boolean meshIdentity) {}

    /** The server for a host name, null when none serves it. */
    public @Nullable Server find(@Nullable String host) {
        String name = host == null ? "" : host.toLowerCase(Locale.ROOT);
        Server best = null;
        int bestRank = -1;
        for (Server server : servers) {
            for (String pattern : server.config.hosts()) {
                int rank = rank(pattern, name);
                if (rank > bestRank) {
                    best = server;
                    bestRank = rank;
                }
            }
        }
        return best;
    }

    /**
     * The context of a server for a name: the first whose certificate is for it, else the first.
     */
    public static @Nullable NamedContext context(Server server, @Nullable String host) {
        List<NamedContext> contexts = server.contexts;
        if (host != null) {
            String name = host.toLowerCase(Locale.ROOT);
            for (NamedContext candidate : contexts) {
                for (String pattern : candidate.names) {
                    if (rank(pattern, name) >= 0) {
                        return candidate;
                    }
                }
            }
        }
        return contexts.isEmpty() ? null : contexts.getFirst();
    }

    /** How specific a pattern matches, -1 when it does not. */
    private static int rank(String pattern, String host) {
        if (pattern.equals("*")) {
            return 0;
        }
        if (pattern.startsWith("*.")) {
            return host.endsWith(pattern.substring(1)) && host.length() > pattern.length() - 1
                    ? pattern.length()
                    : -1;
        }
        return pattern.equals(host) ? Integer.MAX_VALUE : -1;
    }
}
