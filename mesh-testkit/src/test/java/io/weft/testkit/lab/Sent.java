package io.weft.testkit.lab;

import io.weft.testkit.lab.control.Answer;
import io.weft.testkit.lab.control.RequestOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shorthand for requests of tests. */
record Sent(RequestOrder order) {

    static Sent from(String caller, String host, int port) {
        int dot = caller.indexOf('.');
        RequestOrder.From from =
                caller.equals("outside")
                        ? new RequestOrder.From(null, null, null, true, null)
                        : new RequestOrder.From(
                                caller.substring(0, dot),
                                caller.substring(dot + 1),
                                null,
                                null,
                                null);
        return new Sent(
                new RequestOrder(
                        from,
                        new RequestOrder.To(host, port),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    Sent by(String protocol, @Nullable String body) {
        return with(protocol, order.direct(), order.method(), order.path(), order.headers(), body);
    }

    Sent as(String method, String path) {
        return with(order.protocol(), order.direct(), method, path, order.headers(), order.body());
    }

    Sent with(List<List<String>> headers) {
        return with(
                order.protocol(),
                order.direct(),
                order.method(),
                order.path(),
                headers,
                order.body());
    }

    Sent bearer(String token) {
        return with(List.of(List.of("authorization", "Bearer " + token)));
    }

    Sent direct() {
        return with(
                order.protocol(),
                true,
                order.method(),
                order.path(),
                order.headers(),
                order.body());
    }

    Sent tls(@Nullable String clientCertificate) {
        return new Sent(
                new RequestOrder(
                        order.from(),
                        order.to(),
                        order.protocol(),
                        order.direct(),
                        order.method(),
                        order.path(),
                        order.headers(),
                        order.body(),
                        null,
                        null,
                        null,
                        true,
                        null,
                        clientCertificate));
    }

    RequestOrder times(int count) {
        return new RequestOrder(
                order.from(),
                order.to(),
                order.protocol(),
                order.direct(),
                order.method(),
                order.path(),
                order.headers(),
                order.body(),
                null,
                count,
                null,
                order.tls(),
                null,
                null);
    }

    private Sent with(
            @Nullable String protocol,
            @Nullable Boolean direct,
            @Nullable String method,
            @Nullable String path,
            @Nullable List<List<String>> headers,
            @Nullable String body) {
        return new Sent(
                new RequestOrder(
                        order.from(),
                        order.to(),
                        protocol,
                        direct,
                        method,
                        path,
                        headers,
                        body,
                        null,
                        null,
                        null,
                        order.tls(),
                        null,
                        null));
    }

    Answer to(Lab lab) {
        return (Answer) lab.api().request(order);
    }
}
