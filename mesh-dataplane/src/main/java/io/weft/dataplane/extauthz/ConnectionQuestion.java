package io.weft.dataplane.extauthz;

import io.netty.channel.Channel;
import io.weft.dataplane.extauthz.ExternalAuthorizers.Provider;
import io.weft.dataplane.http.HttpServices;
import io.weft.dataplane.tcp.TcpExchange;
import io.weft.dataplane.telemetry.ExchangeLog.Counted;
import io.weft.dataplane.upstream.BufferedCall;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Permit;
import io.weft.engine.authz.Verdict;
import io.weft.model.listener.ExternalAuthorizer;
import java.util.function.Consumer;

/** One opaque connection that waits for what authorisers say of it. Used on its event loop only. */
final class ConnectionQuestion {

    private final ExternalAuthorizers authorizers;
    private final TcpExchange exchange;
    private final HttpServices services;
    private final Consumer<Permit> then;
    private boolean over;

    ConnectionQuestion(
            ExternalAuthorizers authorizers,
            TcpExchange exchange,
            HttpServices services,
            Consumer<Permit> then) {
        this.authorizers = authorizers;
        this.exchange = exchange;
        this.services = services;
        this.then = then;
    }

    void ask(AuthzEngine engine, Verdict.AskExternal ask) {
        exchange.hold();
        Provider provider = authorizers.provider(ask.provider());
        if (provider == null) {
            refuse(engine, ask, "no such provider is configured", true);
            return;
        }
        ExternalAuthorizer config = provider.config();
        if (!config.grpc()) {
            refuse(engine, ask, "an HTTP provider cannot be asked about a connection", true);
            return;
        }
        Channel channel = exchange.connection().channel();
        Check check =
                new GrpcCheck(
                        provider.target().destination().service(),
                        CheckAttributes.connection(
                                exchange.connection(), authorizers.self(), services.clock().now()),
                        config.timeout().toMillis());
        BufferedCall call =
                BufferedCall.send(
                        services.pools(),
                        channel.eventLoop(),
                        provider.target(),
                        exchange,
                        check.head(),
                        check.body(),
                        true,
                        config.timeout(),
                        result -> answered(config, engine, ask, read(check, result)));
        channel.closeFuture()
                .addListener(closed -> {
                    call.cancel();
                    gone(ask);
                });
    }

    private void gone(Verdict.AskExternal ask) {
        if (!over) {
            over = true;
            exchange.refuse(
                    "DC",
                    "downstream_remote_disconnect",
                    "the caller went away while " + ask.provider() + " was asked",
                    null);
        }
    }

    private static CheckAnswer read(Check check, BufferedCall.Result result) {
        return switch (result) {
            case BufferedCall.Result.Answered answer -> check.read(answer);
            case BufferedCall.Result.Failed failed -> new CheckAnswer.Failure(failed.reason());
        };
    }

    private void answered(
            ExternalAuthorizer config,
            AuthzEngine engine,
            Verdict.AskExternal ask,
            CheckAnswer answer) {
        if (over) {
            return;
        }
        switch (answer) {
            case CheckAnswer.Consent consent -> goOn(engine, ask, "ok");
            case CheckAnswer.Refusal refusal -> {
                count(ask, "denied");
                refuse(engine, ask, "it denied the connection", false);
            }
            case CheckAnswer.Failure(var reason) -> {
                if (config.failOpen()) {
                    goOn(engine, ask, "failure_mode_allowed");
                } else {
                    count(ask, "error");
                    refuse(engine, ask, reason, true);
                }
            }
        }
    }

    private void goOn(AuthzEngine engine, Verdict.AskExternal ask, String result) {
        count(ask, result);
        switch (engine.consented(exchange, ask)) {
            case Verdict.Allowed allowed -> {
                over = true;
                then.accept(allowed.permit());
            }
            case Verdict.Denied(var by, var reason, var recorded) -> {
                over = true;
                exchange.refuse("-", "rbac_access_denied", reason, by);
            }
            case Verdict.AskExternal further -> ask(engine, further);
        }
    }

    private void count(Verdict.AskExternal ask, String result) {
        services.log().count(Counted.EXT_AUTHZ, ask.provider(), result);
    }

    private void refuse(AuthzEngine engine, Verdict.AskExternal ask, String why, boolean failed) {
        over = true;
        exchange.refuse(
                "UAEX",
                failed ? "ext_authz_error" : "ext_authz_denied",
                engine.refused(ask, why).reason(),
                ask.decidedBy());
    }
}
