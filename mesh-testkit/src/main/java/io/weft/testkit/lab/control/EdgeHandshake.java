package io.weft.testkit.lab.control;

import io.weft.engine.explain.Explanation.Decision;
import io.weft.engine.explain.Explanation.Result;
import io.weft.engine.explain.GatewayHosts;
import io.weft.model.Origin;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.GatewayServer.ClientCertificates;
import io.weft.model.listener.GatewayServer.ServerTls;
import io.weft.model.resource.WorkloadConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a gateway makes of a connection before it sees a request: TLS or not, and which server. */
record EdgeHandshake(WorkloadConfig gateway, int port) {

    /**
     * How it ends.
     *
     * @param decision the end of the connection, null when it goes on
     * @param opaque whether what comes in it is passed on as bytes
     */
    record Outcome(@Nullable Decision decision, boolean opaque) {
        static final Outcome HTTP = new Outcome(null, false);
        static final Outcome OPAQUE = new Outcome(null, true);

        static Outcome ended(Result result, String why, @Nullable Origin origin) {
            Origin by = origin == null ? Origin.builtIn("gateway port") : origin;
            return new Outcome(new Decision(result, 0, why, by), false);
        }
    }

    /**
     * @param sni of the caller's handshake, null for plain text
     * @param authority of the request in it
     */
    Outcome of(boolean tls, @Nullable String sni, String authority) {
        List<GatewayServer> servers =
                gateway.servers().stream().filter(each -> each.port() == port).toList();
        if (servers.isEmpty()) {
            return Outcome.ended(Result.NO_ROUTE, "no Gateway serves port " + port, null);
        }
        boolean secure = servers.stream().anyMatch(each -> each.tls() != null);
        if (!secure) {
            boolean tcp = servers.getFirst().protocol() == GatewayServer.Protocol.TCP;
            return tcp || tls ? Outcome.OPAQUE : Outcome.HTTP;
        }
        if (!tls) {
            return Outcome.ended(Result.DENIED, "plain text to a TLS port", null);
        }
        GatewayServer server = find(servers, sni == null ? "" : sni);
        if (server == null) {
            return Outcome.ended(
                    Result.NO_ROUTE, "no server of port " + port + " has host " + sni, null);
        }
        return switch (server.tls()) {
            case ServerTls.Passthrough passthrough -> Outcome.OPAQUE;
            case ServerTls.Terminate terminate
                    when terminate.clientCertificates() == ClientCertificates.REQUIRED
                            || terminate.clientCertificates() == ClientCertificates.MESH ->
                    Outcome.ended(Result.DENIED, "no client certificate was shown", null);
            case null, default -> terminated(servers, server, authority);
        };
    }

    private static Outcome terminated(
            List<GatewayServer> servers, GatewayServer server, String authority) {
        GatewayServer.Protocol protocol = server.protocol();
        if (protocol == GatewayServer.Protocol.TCP || protocol == GatewayServer.Protocol.TLS) {
            return Outcome.OPAQUE;
        }
        GatewayServer named = find(servers, authority);
        if (named != null && !named.equals(server)) {
            return new Outcome(
                    new Decision(
                            Result.DENIED,
                            421,
                            "host " + authority + " is not the one of the handshake",
                            Origin.builtIn("misdirected request")),
                    false);
        }
        return Outcome.HTTP;
    }

    private static @Nullable GatewayServer find(List<GatewayServer> servers, String host) {
        GatewayServer best = null;
        int longest = -1;
        for (GatewayServer server : servers) {
            int length = GatewayHosts.longestMatch(server.hosts(), host);
            if (length > longest) {
                best = server;
                longest = length;
            }
        }
        return best;
    }
}
