package io.weft.dataplane.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.weft.dataplane.lane.MeshResponse;

/** Sends the answer to an error: for gRPC callers a trailers-only one, else a body. */
final class LocalAnswer {

    private LocalAnswer() {}

    static void send(Exchange exchange, ProxyError error, ErrorAnswer answer) {
        if (exchange.grpc()) {
            HttpResponse head = Exchange.newHead(200);
            head.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
                    .set("grpc-status", answer.grpcStatus());
            if (!answer.body().isEmpty()) {
                head.headers().set("grpc-message", percentEncoded(answer.body()));
            }
            exchange.answer(head, "", answer.details());
            return;
        }
        HttpResponse head = Exchange.newHead(answer.status());
        if (answer.flag().equals("UO")) {
            head.headers().set("x-envoy-overloaded", "true");
        }
        if (answer.flag().equals("OM")) {
            head.headers().set("x-envoy-local-overloaded", "true");
        }
        if (answer.wwwAuthenticate() != null) {
            String url =
                    exchange.scheme() + "://" + exchange.authority() + exchange.request().uri();
            head.headers()
                    .set(
                            HttpHeaderNames.WWW_AUTHENTICATE,
                            answer.wwwAuthenticate().replace("%s", url.replace("\"", "%22")));
        }
        DenialBody denial = DenialBody.of(exchange, error, answer);
        if (denial == null) {
            exchange.answer(head, answer.body(), answer.details());
        } else {
            head.headers().set(HttpHeaderNames.CONTENT_TYPE, denial.contentType());
            exchange.answer(head, denial.text(), answer.details());
        }
    }

    /** The same for code that looks at answers before the caller does. */
    static MeshResponse response(ErrorAnswer answer) {
        byte[] text = answer.body().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        HttpResponse head = Exchange.newHead(answer.status() == 0 ? 503 : answer.status());
        head.headers()
                .set(HttpHeaderNames.CONTENT_LENGTH, text.length)
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
        HttpContent body = new DefaultLastHttpContent(Unpooled.wrappedBuffer(text));
        return new MeshResponse(head, new OnePart(body));
    }

    /** The gRPC protocol's form of a message in a header. */
    private static String percentEncoded(String message) {
        StringBuilder out = new StringBuilder(message.length());
        for (byte b : message.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            if (b >= 0x20 && b <= 0x7e && b != '%') {
                out.append((char) b);
            } else {
                out.append('%').append(String.format("%02X", b));
            }
        }
        return out.toString();
    }
}
