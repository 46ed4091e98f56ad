package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.weft.model.cluster.LoadBalancing.HashKey;
import java.time.Duration;
import java.util.HexFormat;

/** Gives a caller the cookie (RFC 6265) by which it will be balanced from now on. */
final class StickyCookie {

    private StickyCookie() {}

    /** Makes a value, sends it with the answer, and returns it. */
    static String set(Exchange exchange, HashKey.Cookie cookie) {
        String value =
                HexFormat.of().toHexDigits(exchange.services().random().nextLong(Long.MAX_VALUE));
        StringBuilder text = new StringBuilder(cookie.name()).append('=').append(value);
        Duration ttl = cookie.ttl();
        if (ttl != null && !ttl.isZero()) {
            text.append("; Max-Age=").append(ttl.toSeconds());
        }
        if (cookie.path() != null && !cookie.path().isEmpty()) {
            text.append("; Path=").append(cookie.path());
        }
        if (exchange.connection().tls()) {
            text.append("; Secure");
        }
        text.append("; HttpOnly");
        exchange.change((x, head) -> head.headers().add(HttpHeaderNames.SET_COOKIE, text));
        return value;
    }
}
