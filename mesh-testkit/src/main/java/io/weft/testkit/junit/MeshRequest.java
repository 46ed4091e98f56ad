package io.weft.testkit.junit;

import io.weft.testkit.lab.Lab;
import io.weft.testkit.lab.control.Answer;
import io.weft.testkit.lab.control.RequestOrder;
import io.weft.testkit.lab.control.Requests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that is being described; sent by {@link #send} or by an expectation. */
public final class MeshRequest {

    private final Lab lab;
    private final RequestOrder.From from;
    private final RequestOrder.To to;
    private final List<List<String>> headers = new ArrayList<>();
    private @Nullable String protocol;
    private @Nullable String method;
    private @Nullable String path;
    private @Nullable String body;
    private boolean direct;
    private boolean tls;

    MeshRequest(Lab lab, String from, String to) {
        this.lab = lab;
        this.from = caller(from);
        int colon = to.lastIndexOf(':');
        this.to =
                colon < 0
                        ? new RequestOrder.To(to, null)
                        : new RequestOrder.To(
                                to.substring(0, colon), Integer.valueOf(to.substring(colon + 1)));
    }

    private static RequestOrder.From caller(String from) {
        if (from.equals("outside") || from.startsWith("outside:")) {
            String gateway = from.equals("outside") ? null : from.substring(8);
            return new RequestOrder.From(null, null, null, true, gateway);
        }
        int dot = from.indexOf('.');
        return dot < 0
                ? new RequestOrder.From(from, null, null, null, null)
                : new RequestOrder.From(
                        from.substring(0, dot), from.substring(dot + 1), null, null, null);
    }

    public MeshRequest get(String target) {
        return method("GET", target);
    }

    public MeshRequest post(String target) {
        return method("POST", target);
    }

    /** Any method; the target goes over the wire as it is. */
    public MeshRequest method(String name, String target) {
        method = name;
        path = target;
        return this;
    }

    public MeshRequest header(String name, String value) {
        headers.add(List.of(name, value));
        return this;
    }

    /** {@code authorization: Bearer …}. */
    public MeshRequest bearer(String token) {
        return header("authorization", "Bearer " + token);
    }

    public MeshRequest body(String text) {
        body = text;
        return this;
    }

    /** {@code http1} (the default), {@code http2}, {@code grpc}, {@code tcp}, {@code websocket}. */
    public MeshRequest protocol(String name) {
        protocol = name;
        return this;
    }

    /** Goes round the caller's sidecar, in plain text. */
    public MeshRequest direct() {
        direct = true;
        return this;
    }

    /** The caller itself speaks TLS, as a browser does to a gateway. */
    public MeshRequest tls() {
        tls = true;
        return this;
    }

    /** Sends it once. */
    public MeshAnswer send() {
        return new MeshAnswer(requests().send(order(1)).getFirst());
    }

    /** Sends it and expects an HTTP status. */
    public MeshAnswer expectStatus(int status) {
        return send().expectStatus(status);
    }

    /** Sends it and expects that there is no HTTP answer at all. */
    public MeshAnswer expectNoAnswer() {
        return send().expectNoAnswer();
    }

    /** Sends it so often, and tells how often each workload answered. */
    public Map<String, Integer> distribution(int count) {
        Requests requests = requests();
        List<Answer> answers = requests.send(order(count));
        return requests.distribution(answers);
    }

    private Requests requests() {
        return new Requests(lab.mesh());
    }

    private RequestOrder order(int count) {
        return new RequestOrder(
                from, to, protocol, direct, method, path, headers, body, null, count, null, tls,
                null, null);
    }
}
