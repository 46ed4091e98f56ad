package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.engine.RequestFacts;
import io.weft.engine.VerifiedToken;
import io.weft.model.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * A request as it was when it was let through. Routes rewrite paths and headers behind the
 * decision; when policy changes it is this picture that is decided on again, not what was made of
 * it.
 */
public final class DecidedFacts implements RequestFacts {

    private final Exchange exchange;
    private final HttpHeaders headers;
    private final String authority;
    private final String path;
    private final @Nullable String query;

    private DecidedFacts(Exchange exchange) {
        this.exchange = exchange;
        this.headers = exchange.request().headers().copy();
        this.authority = exchange.authority();
        this.path = exchange.path();
        this.query = exchange.query();
    }

    /** A picture of the request as it is now. */
    public static DecidedFacts of(Exchange exchange) {
        return new DecidedFacts(exchange);
    }

    @Override
    public @Nullable SpiffeId peer() {
        return exchange.peer();
    }

    @Override
    public @Nullable String peerPrincipal() {
        return exchange.peerPrincipal();
    }

    @Override
    public byte[] sourceIp() {
        return exchange.sourceIp();
    }

    @Override
    public byte[] remoteIp() {
        return exchange.remoteIp();
    }

    @Override
    public byte @Nullable [] destinationIp() {
        return exchange.destinationIp();
    }

    @Override
    public int destinationPort() {
        return exchange.destinationPort();
    }

    @Override
    public @Nullable String sni() {
        return exchange.sni();
    }

    @Override
    public boolean isHttp() {
        return true;
    }

    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String scheme() {
        return exchange.scheme();
    }

    @Override
    public String authority() {
        return authority;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String query() {
        return query;
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        return HeaderRules.joined(headers, lowerCaseName);
    }

    @Override
    public @Nullable VerifiedToken token() {
        return exchange.token();
    }
}
