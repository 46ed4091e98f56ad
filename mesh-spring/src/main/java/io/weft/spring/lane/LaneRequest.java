package io.weft.spring.lane;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.weft.dataplane.lane.LaneExchange;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;

/** An authorised request of the data plane as Spring sees it; headers are a view, not a copy. */
final class LaneRequest extends AbstractServerHttpRequest {

    private final LaneExchange exchange;
    private final RequestTarget target;
    private volatile @Nullable HttpHeaders trailers;

    LaneRequest(LaneExchange exchange, RequestTarget target) {
        super(
                HttpMethod.valueOf(exchange.head().method().name()),
                target.uri(),
                "",
                new org.springframework.http.HttpHeaders(
                        new Netty4HeadersAdapter(exchange.head().headers())));
        this.exchange = exchange;
        this.target = target;
    }

    static LaneRequest of(LaneExchange exchange) {
        String host = exchange.head().headers().get("host");
        String authority = host == null || host.isEmpty() ? "localhost" : host;
        return new LaneRequest(
                exchange, RequestTarget.of(exchange.scheme(), authority, exchange.head().uri()));
    }

    RequestTarget target() {
        return target;
    }

    /** Known once the body has been read. */
    @Nullable HttpHeaders trailers() {
        return trailers;
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return Bodies.toBuffers(exchange.body(), received -> trailers = received);
    }

    @Override
    public @Nullable InetSocketAddress getRemoteAddress() {
        return exchange.remoteAddress() instanceof InetSocketAddress inet ? inet : null;
    }

    @Override
    protected MultiValueMap<String, HttpCookie> initCookies() {
        MultiValueMap<String, HttpCookie> cookies = new LinkedMultiValueMap<>();
        for (String header : exchange.head().headers().getAll("cookie")) {
            for (Cookie cookie : ServerCookieDecoder.LAX.decodeAll(header)) {
                cookies.add(cookie.name(), new HttpCookie(cookie.name(), cookie.value()));
            }
        }
        return cookies;
    }

    @Override
    protected @Nullable SslInfo initSslInfo() {
        return null;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getNativeRequest() {
        return (T) exchange;
    }
}
