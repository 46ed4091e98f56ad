package io.weft.dataplane.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.weft.dataplane.http.DecidedFacts;
import io.weft.dataplane.http.Exchange;
import io.weft.dataplane.http.ExchangeHandler;
import io.weft.dataplane.http.PolicyPhases;
import io.weft.dataplane.http.ProxyError;
import io.weft.dataplane.http.RoutePlan;
import io.weft.dataplane.lane.LoginGate;
import io.weft.dataplane.listener.DecidedAnew;
import io.weft.dataplane.listener.Proxy;
import io.weft.dataplane.snapshot.ConfigSnapshot;
import io.weft.dataplane.snapshot.GatewayPort;
import io.weft.engine.RandomSource;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Permit;
import io.weft.engine.authz.Verdict;
import io.weft.engine.match.Authorities;
import io.weft.model.listener.ForwardClientCert;
import org.jspecify.annotations.Nullable;

/** What happens to a request from outside at the edge, in this order. */
final class GatewayPhases implements ExchangeHandler {

    private final Proxy proxy;
    private final int port;
    private final boolean tls;

    GatewayPhases(Proxy proxy, int port, boolean tls) {
        this.proxy = proxy;
        this.port = port;
        this.tls = tls;
    }

    @Override
    public void handle(Exchange exchange) {
        ConfigSnapshot snapshot = proxy.config().current();
        GatewayPort servers = snapshot == null ? null : snapshot.gateways().get(port);
        if (snapshot == null) {
            exchange.fail(new ProxyError.NotConfigured("the gateway has no configuration yet"));
            return;
        }
        if (servers == null) {
            exchange.fail(
                    new ProxyError.NoRoute(
                            "no Gateway serves port "
                                    + port
                                    + ": is there a Gateway resource that selects this workload?"));
            return;
        }
        exchange.denials(snapshot.workload().refusals());
        ForwardClientCert details = snapshot.workload().forwardClientCert();
        EdgeHeaders.clientCertificate(
                exchange,
                details == null ? ForwardClientCert.SANITIZE_SET : details,
                exchange.connection().peer() == null ? null : proxy.tls().self());
        EdgeHeaders.clean(exchange, snapshot.workload().trustedProxies(), tls);
        exchange.identify();
        GatewayPort.Server server = server(exchange, servers);
        if (server == null) {
            return;
        }
        if (server.config().httpsRedirect() && !tls) {
            redirect(exchange, server);
            return;
        }
        String refusal = exchange.normalize(snapshot.workload().pathNormalization());
        if (refusal != null) {
            exchange.fail(new ProxyError.BadRequest(400, "path_normalization_failed", refusal));
            return;
        }
        LoginGate login = proxy.login();
        if (login == null) {
            decide(exchange, server, snapshot);
        } else {
            LoginPhase.run(login, exchange, () -> admitted(exchange));
        }
    }

    /** Behind a login, which may have taken a while, it is the newest configuration that counts. */
    private void admitted(Exchange exchange) {
        ConfigSnapshot snapshot = proxy.config().current();
        GatewayPort servers = snapshot == null ? null : snapshot.gateways().get(port);
        if (snapshot == null || servers == null) {
            exchange.fail(new ProxyError.NoRoute("no Gateway serves port " + port + " any more"));
            return;
        }
        GatewayPort.Server server = server(exchange, servers);
        if (server != null) {
            decide(exchange, server, snapshot);
        }
    }

    private void decide(Exchange exchange, GatewayPort.Server server, ConfigSnapshot snapshot) {
        if (!PolicyPhases.authenticate(exchange, snapshot.gatewayJwt())) {
            return;
        }
        Verdict verdict = snapshot.gatewayAuthz().decide(exchange);
        if (verdict instanceof Verdict.AskExternal ask) {
            ask(exchange, server, snapshot, ask);
            return;
        }
        Permit permit = PolicyPhases.settle(exchange, verdict);
        if (permit != null) {
            guard(exchange, snapshot.gatewayAuthz());
            route(exchange, server.routes().match(exchange, random()), server, permit);
        }
    }

    /** The route is the one of the request as it came, unless the authoriser may change it. */
    private void ask(
            Exchange exchange,
            GatewayPort.Server server,
            ConfigSnapshot snapshot,
            Verdict.AskExternal ask) {
        boolean again = snapshot.externals().clearsRouteCache(ask.provider());
        RoutePlan before = server.routes().match(exchange, random());
        snapshot.externals()
                .ask(
                        exchange,
                        snapshot.gatewayAuthz(),
                        ask,
                        this::authz,
                        permit -> {
                            guard(exchange, snapshot.gatewayAuthz());
                            route(
                                    exchange,
                                    again ? server.routes().match(exchange, random()) : before,
                                    server,
                                    permit);
                        });
    }

    /** What is let through is asked again when policy changes, for as long as it lasts. */
    private void guard(Exchange exchange, AuthzEngine before) {
        DecidedFacts facts = DecidedFacts.of(exchange);
        proxy.connections()
                .guard(exchange, now -> DecidedAnew.refusal(facts, before, now.gatewayAuthz()));
        if (exchange.upgrades()) {
            // The exchange ends with its 101; what follows is the connection's.
            proxy.connections()
                    .guard(
                            exchange.connection().channel(),
                            now -> DecidedAnew.refusal(facts, before, now.gatewayAuthz()) == null);
        }
    }

    private @Nullable AuthzEngine authz() {
        ConfigSnapshot now = proxy.config().current();
        return now == null ? null : now.gatewayAuthz();
    }

    private RandomSource random() {
        return proxy.services().random();
    }

    /** By the authority; over TLS it must be one that the name in the handshake leads to, too. */
    private GatewayPort.@Nullable Server server(Exchange exchange, GatewayPort servers) {
        String host = Authorities.host(exchange.authority());
        GatewayPort.Server server = servers.find(host);
        if (server == null) {
            exchange.fail(
                    new ProxyError.NoRoute("no server of port " + port + " has host " + host));
            return null;
        }
        String sni = exchange.sni();
        if (tls && sni != null && servers.find(sni) != server) {
            exchange.fail(
                    new ProxyError.BadRequest(
                            421,
                            "misdirected_request",
                            "host " + host + " is not the one of the handshake, " + sni));
            return null;
        }
        return server;
    }

    private static void redirect(Exchange exchange, GatewayPort.Server server) {
        HttpResponse head = Exchange.newHead(301);
        head.headers()
                .set(
                        HttpHeaderNames.LOCATION,
                        "https://"
                                + Authorities.host(exchange.authority())
                                + exchange.request().uri());
        exchange.record().decidedBy(server.config().origin());
        exchange.answer(head, "", "direct_response");
    }

    private void route(
            Exchange exchange, @Nullable RoutePlan plan, GatewayPort.Server server, Permit permit) {
        if (plan == null) {
            exchange.fail(
                    new ProxyError.NoRoute(
                            "no route of "
                                    + server.routes().table().name()
                                    + " fits "
                                    + exchange.authority()
                                    + exchange.path()));
        } else {
            proxy.routes().run(exchange, plan, permit);
        }
    }
}
