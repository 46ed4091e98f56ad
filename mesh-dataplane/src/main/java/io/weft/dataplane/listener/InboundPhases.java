package io.weft.dataplane.listener;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.dataplane.codec.HeaderNames;
import io.weft.dataplane.http.ConnectionContext;
import io.weft.dataplane.http.Exchange;
import io.weft.dataplane.http.ExchangeHandler;
import io.weft.dataplane.http.PolicyPhases;
import io.weft.dataplane.http.ProxyError;
import io.weft.dataplane.snapshot.ConfigSnapshot;
import io.weft.dataplane.snapshot.InboundProgram;
import io.weft.engine.ForwardedClientCert;
import io.weft.engine.ForwardedFor;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Permit;
import io.weft.engine.authz.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to a request from the mesh before the application sees it, in this order. */
final class InboundPhases implements ExchangeHandler {

    private final Proxy proxy;
    private final AppForwarder forwarder;
    private final int port;

    InboundPhases(Proxy proxy, AppForwarder forwarder, int port) {
        this.proxy = proxy;
        this.forwarder = forwarder;
        this.port = port;
    }

    @Override
    public void handle(Exchange exchange) {
        ConfigSnapshot snapshot = proxy.config().current();
        InboundProgram program = snapshot == null ? null : snapshot.inbound().get(port);
        exchange.identify();
        if (snapshot == null || program == null) {
            exchange.fail(new ProxyError.NotConfigured("no configuration for port " + port));
            return;
        }
        exchange.denials(snapshot.workload().refusals());
        exchange.record()
                .route(
                        "default",
                        program.application().label(),
                        program.application().destination());
        sanitize(exchange);
        byte[] first = ForwardedFor.last(exchange.header("x-forwarded-for"));
        if (first != null) {
            exchange.remoteIp(first);
        }
        String refusal = exchange.normalize(snapshot.workload().pathNormalization());
        if (refusal != null) {
            exchange.fail(new ProxyError.BadRequest(400, "path_normalization_failed", refusal));
        } else if (PolicyPhases.authenticate(exchange, program.jwt())) {
            authorize(exchange, snapshot, program);
        }
    }

    private void authorize(Exchange exchange, ConfigSnapshot snapshot, InboundProgram program) {
        Verdict verdict = program.authz().decide(exchange);
        if (verdict instanceof Verdict.AskExternal ask) {
            snapshot.externals()
                    .ask(
                            exchange,
                            program.authz(),
                            ask,
                            this::authz,
                            permit -> forward(permit, exchange, program));
            return;
        }
        Permit permit = PolicyPhases.settle(exchange, verdict);
        if (permit != null) {
            forward(permit, exchange, program);
        }
    }

    /** What is let through is asked again when policy changes, for as long as it lasts. */
    private void forward(Permit permit, Exchange exchange, InboundProgram program) {
        AuthzEngine before = program.authz();
        proxy.connections().guard(exchange, now -> refusal(now, exchange, before));
        if (exchange.upgrades()) {
            // The exchange ends with its 101; what follows is the connection's.
            proxy.connections()
                    .guard(
                            exchange.connection().channel(),
                            now -> refusal(now, exchange, before) == null);
        }
        forwarder.forward(permit, exchange, program);
    }

    private @Nullable ProxyError refusal(
            ConfigSnapshot snapshot, Exchange exchange, AuthzEngine before) {
        InboundProgram now = snapshot.inbound().get(port);
        if (now == null) {
            return new ProxyError.NotConfigured("no configuration for port " + port);
        }
        return DecidedAnew.refusal(exchange, before, now.authz());
    }

    private @Nullable AuthzEngine authz() {
        ConfigSnapshot now = proxy.config().current();
        InboundProgram program = now == null ? null : now.inbound().get(port);
        return program == null ? null : program.authz();
    }

    /** Who calls is said by the certificate; what a caller says of itself is taken out. */
    private void sanitize(Exchange exchange) {
        HttpHeaders headers = exchange.request().headers();
        ConnectionContext connection = exchange.connection();
        String certificate = connection.clientCertificate(proxy.tls().self());
        if (certificate == null) {
            headers.remove(HeaderNames.X_FORWARDED_CLIENT_CERT);
        } else {
            // What the caller's proxy tells of its own caller stays before what is known of it.
            List<String> before = headers.getAll(HeaderNames.X_FORWARDED_CLIENT_CERT);
            headers.set(
                    HeaderNames.X_FORWARDED_CLIENT_CERT,
                    before.isEmpty()
                            ? certificate
                            : ForwardedClientCert.append(String.join(",", before), certificate));
        }
        if (!headers.contains(HeaderNames.X_FORWARDED_PROTO)) {
            headers.set(HeaderNames.X_FORWARDED_PROTO, connection.tls() ? "https" : "http");
        }
    }
}
