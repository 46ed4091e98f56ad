package io.weft.dataplane.extauthz;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.weft.dataplane.extauthz.ExternalAuthorizers.Provider;
import io.weft.dataplane.http.Exchange;
import io.weft.dataplane.http.HttpServices;
import io.weft.dataplane.http.PolicyPhases;
import io.weft.dataplane.http.ProxyError;
import io.weft.dataplane.http.RequestBody;
import io.weft.dataplane.telemetry.ExchangeLog.Counted;
import io.weft.dataplane.upstream.BufferedCall;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Permit;
import io.weft.engine.authz.Verdict;
import io.weft.model.listener.ExternalAuthorizer;
import io.weft.model.route.HeaderOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request that waits for what authorisers say of it. Used on its event loop only. */
final class RequestQuestion implements Exchange.Work {

    private final ExternalAuthorizers authorizers;
    private final Exchange exchange;
    private final HttpServices services;
    private final Supplier<@Nullable AuthzEngine> current;
    private final Consumer<Permit> then;
    private @Nullable BufferedCall call;

    RequestQuestion(
            ExternalAuthorizers authorizers,
            Exchange exchange,
            Supplier<@Nullable AuthzEngine> current,
            Consumer<Permit> then) {
        this.authorizers = authorizers;
        this.exchange = exchange;
        this.services = exchange.services();
        this.current = current;
        this.then = then;
    }

    void ask(AuthzEngine engine, Verdict.AskExternal ask) {
        exchange.work(this);
        Provider provider = authorizers.provider(ask.provider());
        if (provider == null) {
            // Closed when in doubt: an authoriser that is not asked has not consented.
            refuse(engine, ask, 403, List.of(), "", "no such provider is configured", true);
            return;
        }
        int bytes = provider.config().includeBodyBytes();
        if (bytes == 0) {
            send(provider, engine, ask, RequestBody.Part.NOTHING);
            return;
        }
        if (exchange.request().headers().contains(HttpHeaderNames.EXPECT)) {
            exchange.request().headers().remove(HttpHeaderNames.EXPECT);
            exchange.informational(Exchange.newHead(100));
        }
        boolean partial = provider.config().partialBody();
        exchange.body()
                .gather(
                        bytes,
                        partial,
                        part -> {
                            if (exchange.finished()) {
                                return;
                            }
                            if (part.whole() || partial) {
                                send(provider, engine, ask, part);
                            } else {
                                tooLarge(ask, bytes);
                            }
                        });
    }

    private void tooLarge(Verdict.AskExternal ask, int bytes) {
        exchange.fail(
                new ProxyError.TooLarge(
                        "a body of more than the "
                                + bytes
                                + " bytes that external authoriser "
                                + ask.provider()
                                + " may see"));
    }

    private void send(
            Provider provider, AuthzEngine engine, Verdict.AskExternal ask, RequestBody.Part body) {
        ExternalAuthorizer config = provider.config();
        Check check =
                config.grpc()
                        ? new GrpcCheck(
                                provider.target().destination().service(),
                                CheckAttributes.request(
                                        config,
                                        exchange,
                                        body,
                                        authorizers.self(),
                                        services.clock().now()),
                                config.timeout().toMillis())
                        : HttpCheck.of(config, provider.included(), exchange, body);
        call =
                BufferedCall.send(
                        services.pools(),
                        exchange.downstream().eventLoop(),
                        provider.target(),
                        exchange,
                        check.head(),
                        check.body(),
                        config.grpc() || provider.target().http2(false),
                        config.timeout(),
                        result -> answered(config, engine, ask, read(check, result)));
    }

    private static CheckAnswer read(Check check, BufferedCall.Result result) {
        return switch (result) {
            case BufferedCall.Result.Answered answer -> valid(check.read(answer));
            case BufferedCall.Result.Failed failed -> new CheckAnswer.Failure(failed.reason());
        };
    }

    /** Headers that could not be written as one line each make the whole answer worthless. */
    private static CheckAnswer valid(CheckAnswer answer) {
        List<HeaderOp> ops = new ArrayList<>();
        switch (answer) {
            case CheckAnswer.Consent consent -> {
                ops.addAll(consent.request());
                ops.addAll(consent.response());
            }
            case CheckAnswer.Refusal refusal -> ops.addAll(refusal.headers());
            case CheckAnswer.Failure failure -> {}
        }
        for (HeaderOp op : ops) {
            if (!HeaderNames.isValid(op)) {
                return new CheckAnswer.Failure("its answer has an ill-formed header");
            }
        }
        return answer;
    }

    private void answered(
            ExternalAuthorizer config,
            AuthzEngine engine,
            Verdict.AskExternal ask,
            CheckAnswer answer) {
        if (exchange.finished()) {
            return;
        }
        switch (answer) {
            case CheckAnswer.Consent consent -> {
                count(ask, "ok");
                exchange.apply(consent.request());
                if (!consent.query().isEmpty()) {
                    exchange.target(
                            exchange.path(), Queries.change(exchange.query(), consent.query()));
                }
                if (!consent.response().isEmpty()) {
                    exchange.changeAnswer(consent.response());
                }
                goOn(engine, ask);
            }
            case CheckAnswer.Refusal(var status, var headers, var body) -> {
                count(ask, "denied");
                refuse(engine, ask, status, headers, body, "it answered " + status, false);
            }
            case CheckAnswer.Failure(var reason) -> {
                if (config.failOpen()) {
                    count(ask, "failure_mode_allowed");
                    goOn(engine, ask);
                } else {
                    count(ask, "error");
                    refuse(engine, ask, config.statusOnError(), List.of(), "", reason, true);
                }
            }
        }
    }

    private void count(Verdict.AskExternal ask, String result) {
        services.log().count(Counted.EXT_AUTHZ, ask.provider(), result);
    }

    /** With the next policy; all of them anew if they have changed in the meantime. */
    private void goOn(AuthzEngine engine, Verdict.AskExternal ask) {
        AuthzEngine now = current.get();
        if (now == null) {
            exchange.fail(new ProxyError.NotConfigured("the port is not configured any more"));
            return;
        }
        boolean same = now == engine || now.program().equals(engine.program());
        Verdict next = same ? engine.consented(exchange, ask) : now.decide(exchange);
        if (next instanceof Verdict.AskExternal further) {
            ask(same ? engine : now, further);
            return;
        }
        Permit permit = PolicyPhases.settle(exchange, next);
        if (permit != null) {
            then.accept(permit);
        }
    }

    private void refuse(
            AuthzEngine engine,
            Verdict.AskExternal ask,
            int status,
            List<HeaderOp> headers,
            String body,
            String why,
            boolean failed) {
        if (!headers.isEmpty()) {
            exchange.changeAnswer(headers);
        }
        exchange.fail(
                new ProxyError.ExternallyDenied(
                        engine.refused(ask, why).reason(), ask.decidedBy(), status, body, failed));
    }

    // --- Work

    @Override
    public void downstreamWritability() {}

    @Override
    public void requestFlush() {}

    @Override
    public void requestComplete() {}

    @Override
    public void cancel() {
        if (call != null) {
            call.cancel();
        }
    }
}
