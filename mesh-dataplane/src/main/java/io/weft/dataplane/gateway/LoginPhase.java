package io.weft.dataplane.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.weft.dataplane.http.Exchange;
import io.weft.dataplane.http.ProxyError;
import io.weft.dataplane.lane.LoginGate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Takes a request past the gate where people log in. Used on its event loop only. */
final class LoginPhase {

    private LoginPhase() {}

    static void run(LoginGate gate, Exchange exchange, Runnable then) {
        String proto = exchange.header("x-forwarded-proto");
        CompletableFuture<LoginGate.Outcome> asked =
                gate.admit(
                                new LoginGate.Request(
                                        exchange.method(),
                                        proto == null ? exchange.scheme() : proto,
                                        exchange.authority(),
                                        exchange.path(),
                                        exchange.query(),
                                        exchange::header))
                        .toCompletableFuture();
        if (asked.state() == Future.State.SUCCESS) {
            apply(exchange, asked.resultNow(), then);
            return;
        }
        asked.whenCompleteAsync(
                (outcome, failure) -> answered(exchange, outcome, failure, then),
                exchange.downstream().eventLoop());
    }

    private static void answered(
            Exchange exchange,
            LoginGate.@Nullable Outcome outcome,
            @Nullable Throwable failure,
            Runnable then) {
        if (exchange.finished()) {
            return;
        }
        if (outcome == null) {
            exchange.fail(new ProxyError.NotConfigured("the login failed: " + failure));
        } else {
            apply(exchange, outcome, then);
        }
    }

    private static void apply(Exchange exchange, LoginGate.Outcome outcome, Runnable then) {
        switch (outcome) {
            case LoginGate.Outcome.Pass(var changes, var cookies) -> {
                HttpHeaders headers = exchange.request().headers();
                changes.forEach((name, value) -> {
                    if (value.isEmpty()) {
                        headers.remove(name);
                    } else {
                        headers.set(name, value);
                    }
                });
                if (!cookies.isEmpty()) {
                    exchange.change((x, head) -> add(head, cookies));
                }
                then.run();
            }
            case LoginGate.Outcome.Answer answer -> {
                HttpResponse head = Exchange.newHead(answer.status());
                answer.headers().forEach(head.headers()::set);
                add(head, answer.cookies());
                exchange.answer(head, answer.body(), answer.details());
            }
        }
    }

    private static void add(HttpResponse head, List<String> cookies) {
        head.headers().add(HttpHeaderNames.SET_COOKIE, cookies);
    }
}
