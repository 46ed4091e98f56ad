package io.weft.testkit.lab.mesh;

import io.weft.dataplane.telemetry.ExchangeView;
import io.weft.model.Origin;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar's log said at the end of an exchange.
 *
 * @param sequence counts up with each that is recorded
 * @param proxy whose log, {@code instance} of the registration
 * @param downstreamPort local port of whoever connected, 0 when not known
 * @param upstreamLocalPort of the proxy's own connection, 0 without
 * @param requestId empty without
 * @param details Envoy's response code details, with the cause of a failed connection
 */
public record SeenExchange(
        long sequence,
        String proxy,
        boolean inbound,
        boolean http,
        String method,
        int status,
        String responseFlags,
        @Nullable Origin decidedBy,
        String requestId,
        int downstreamPort,
        int upstreamLocalPort,
        int upstreamPort,
        String details) {

    /** Whether this is only the tunnel through which the exchange came. */
    public boolean isTunnel() {
        return http && method.equals("CONNECT") && status / 100 == 2;
    }

    static SeenExchange of(long sequence, String proxy, ExchangeView view) {
        String id = view.http() ? view.requestHeaders().get("x-request-id") : null;
        return new SeenExchange(
                sequence,
                proxy,
                view.inbound(),
                view.http(),
                view.http() ? view.method() : "",
                view.status(),
                view.responseFlags(),
                view.decidedBy(),
                id == null ? "" : id,
                port(view.downstreamRemote()),
                port(view.upstreamLocal()),
                port(view.upstreamAddress()),
                view.upstreamFailure().isEmpty()
                        ? view.responseCodeDetails()
                        : view.responseCodeDetails() + ": " + view.upstreamFailure());
    }

    private static int port(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet.getPort() : 0;
    }
}
