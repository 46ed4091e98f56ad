package io.weft.dataplane.listener;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.dataplane.codec.HeaderNames;
import io.weft.dataplane.http.Exchange;
import io.weft.dataplane.http.ExchangeHandler;
import io.weft.dataplane.http.ProxyError;
import io.weft.dataplane.http.RoutePlan;
import io.weft.dataplane.snapshot.ConfigSnapshot;
import io.weft.dataplane.snapshot.OutboundTable;
import io.weft.engine.route.OutboundDecision;
import org.jspecify.annotations.Nullable;

/** What happens to a request of the own application before it is dispatched, in this order. */
final class OutboundPhases implements ExchangeHandler {

    private final Proxy proxy;
    private final UnknownTargets unknown;
    private final @Nullable HostPort fixed;
    private final @Nullable HostPort captured;
    private final Authorities authorities = new Authorities();

    /**
     * @param fixed the destination of a tunnel or a bound port; null takes the request's authority
     */
    OutboundPhases(Proxy proxy, UnknownTargets unknown, @Nullable HostPort fixed) {
        this(proxy, unknown, fixed, null);
    }

    private OutboundPhases(
            Proxy proxy,
            UnknownTargets unknown,
            @Nullable HostPort fixed,
            @Nullable HostPort captured) {
        this.proxy = proxy;
        this.unknown = unknown;
        this.fixed = fixed;
        this.captured = captured;
    }

    /**
     * For captured connections: the authority names the routes, at the port that was called; what
     * nobody knows by that name goes where the connection went.
     */
    static OutboundPhases captured(Proxy proxy, UnknownTargets unknown, HostPort original) {
        return new OutboundPhases(proxy, unknown, null, original);
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.identify();
        HttpHeaders headers = exchange.request().headers();
        headers.remove(HeaderNames.X_FORWARDED_CLIENT_CERT);
        if (!headers.contains(HeaderNames.X_FORWARDED_PROTO)) {
            headers.set(HeaderNames.X_FORWARDED_PROTO, "http");
        }
        HostPort to = destination(exchange);
        exchange.destinationPort(to.port());
        ConfigSnapshot snapshot = proxy.config().current();
        if (snapshot != null && snapshot.knows(to.key())) {
            route(exchange, snapshot, to);
        } else {
            ask(exchange, to);
        }
    }

    private HostPort destination(Exchange exchange) {
        if (fixed != null) {
            return fixed;
        }
        HostPort named = authorities.parse(exchange.authority());
        return captured == null || named.port() == captured.port()
                ? named
                : HostPort.parse(named.host(), captured.port());
    }

    /** The first request to a destination waits until the control plane has spoken. */
    private void ask(Exchange exchange, HostPort to) {
        proxy.config()
                .whenKnown(
                        to.key(),
                        exchange.downstream().eventLoop(),
                        proxy.routeWait(),
                        snapshot -> {
                            if (exchange.finished()) {
                                return;
                            }
                            if (snapshot == null) {
                                exchange.fail(
                                        new ProxyError.NotConfigured(
                                                "no routes for "
                                                        + to.key()
                                                        + " came within "
                                                        + proxy.routeWait().toMillis()
                                                        + " ms: is the control plane there?"));
                            } else {
                                route(exchange, snapshot, to);
                            }
                        });
    }

    private void route(Exchange exchange, ConfigSnapshot snapshot, HostPort to) {
        String refusal = exchange.normalize(snapshot.workload().pathNormalization());
        if (refusal != null) {
            exchange.fail(new ProxyError.BadRequest(400, "path_normalization_failed", refusal));
            return;
        }
        OutboundTable table = snapshot.table(to.key());
        if (table == null) {
            passOn(exchange, snapshot, to);
            return;
        }
        if (fixed != null && table.routes().host(exchange.authority()) == null) {
            exchange.authority(to.key());
        }
        RoutePlan plan = table.match(exchange, proxy.services().random());
        if (plan == null) {
            exchange.fail(
                    new ProxyError.NoRoute(
                            "no route of "
                                    + to.key()
                                    + " fits "
                                    + exchange.method()
                                    + " "
                                    + exchange.path()));
        } else {
            proxy.routes().run(exchange, plan, proxy.own());
        }
    }

    private void passOn(Exchange exchange, ConfigSnapshot snapshot, HostPort to) {
        HostPort address = captured == null ? to : captured;
        OutboundDecision decision = OutboundDecision.of(snapshot.workload(), address.host());
        if (decision.closed()) {
            exchange.record().route("block_all", "BlackHoleCluster", UnknownTargets.BLACK_HOLE);
            exchange.fail(new ProxyError.UnknownDestination(closed(to, decision)));
            return;
        }
        RoutePlan plan =
                RoutePlan.forward("allow_any", decision.origin(), unknown.passthrough(address));
        proxy.routes().run(exchange, plan, proxy.own());
    }

    static String closed(HostPort to, OutboundDecision decision) {
        return decision.origin().isBuiltIn()
                ? to.key()
                        + " is not in the mesh's registry (outbound traffic policy"
                        + " REGISTRY_ONLY): add a ServiceEntry"
                : to.key()
                        + " is not in the mesh's registry, and closed by "
                        + decision.origin().describe();
    }
}
