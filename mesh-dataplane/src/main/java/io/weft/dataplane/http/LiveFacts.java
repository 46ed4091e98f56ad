package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.weft.engine.RequestFacts;
import io.weft.engine.VerifiedToken;
import io.weft.engine.path.PathNormalizer;
import io.weft.model.SpiffeId;
import io.weft.model.listener.PathNormalization;
import org.jspecify.annotations.Nullable;

/** What decisions may ask of a request under way; phases change it as they pass. */
abstract class LiveFacts implements RequestFacts {

    private final ConnectionContext connection;
    private final HttpRequest request;
    private final String method;
    private String authority;
    private String path;
    private @Nullable String query;

    /** Where the query begins in the request as it came, while nobody has asked for it; else -1. */
    private int mark;

    private @Nullable VerifiedToken token;
    private byte[] remoteIp;
    private int destinationPort;

    LiveFacts(ConnectionContext connection, HttpRequest request) {
        this.connection = connection;
        this.request = request;
        this.method = request.method().name();
        String host = request.headers().get(HttpHeaderNames.HOST);
        this.authority = host == null ? "" : host;
        this.remoteIp = connection.sourceIp();
        this.destinationPort = connection.destinationPort();
        String target = request.uri();
        this.mark = target.indexOf('?');
        this.path = mark < 0 ? target : target.substring(0, mark);
    }

    public ConnectionContext connection() {
        return connection;
    }

    /** The request's head; phases change it in place. */
    public HttpRequest request() {
        return request;
    }

    public boolean grpc() {
        String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && type.startsWith("application/grpc");
    }

    /** Normalises the path that is decided on and forwarded; why it cannot be, or null. */
    public @Nullable String normalize(PathNormalization mode) {
        String normal = PathNormalizer.normalize(path, mode);
        if (normal == null) {
            return PathNormalizer.refusal(path, mode);
        }
        if (!normal.equals(path)) {
            target(normal, query());
        }
        return null;
    }

    /** Replaces path and query of what is forwarded. */
    public void target(String newPath, @Nullable String newQuery) {
        path = newPath;
        query = newQuery;
        mark = -1;
        request.setUri(newQuery == null ? newPath : newPath + "?" + newQuery);
    }

    /** Replaces the authority of what is forwarded. */
    public void authority(String value) {
        authority = value;
        request.headers().set(HttpHeaderNames.HOST, value);
    }

    public void token(VerifiedToken verified) {
        token = verified;
    }

    /** The port that is called, where the connection itself does not say. */
    public void destinationPort(int port) {
        destinationPort = port;
    }

    public void remoteIp(byte[] address) {
        remoteIp = address;
    }

    // --- RequestFacts

    @Override
    public @Nullable SpiffeId peer() {
        return connection.peer();
    }

    @Override
    public @Nullable String peerPrincipal() {
        return connection.peerPrincipal();
    }

    @Override
    public byte[] sourceIp() {
        return connection.sourceIp();
    }

    @Override
    public byte[] remoteIp() {
        return remoteIp;
    }

    @Override
    public byte @Nullable [] destinationIp() {
        return connection.destinationIp();
    }

    @Override
    public int destinationPort() {
        return destinationPort;
    }

    @Override
    public @Nullable String sni() {
        return connection.sni();
    }

    @Override
    public boolean isHttp() {
        return true;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String scheme() {
        return connection.tls() ? "https" : "http";
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
        if (mark >= 0) {
            query = request.uri().substring(mark + 1);
            mark = -1;
        }
        return query;
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        return HeaderRules.joined(request.headers(), lowerCaseName);
    }

    @Override
    public @Nullable VerifiedToken token() {
        return token;
    }
}
