package io.weft.dataplane.tcp;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.weft.dataplane.http.ConnectionContext;
import io.weft.dataplane.telemetry.ExchangeView;
import io.weft.dataplane.telemetry.TlsFacts;
import io.weft.engine.RequestFacts;
import io.weft.engine.VerifiedToken;
import io.weft.model.SpiffeId;
import org.jspecify.annotations.Nullable;

/** What decisions and logs may ask of a connection, and all that it has not since it is no HTTP. */
abstract class OpaqueFacts implements RequestFacts, ExchangeView {

    final ConnectionContext connection;

    OpaqueFacts(ConnectionContext connection) {
        this.connection = connection;
    }

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
        return connection.sourceIp();
    }

    @Override
    public byte @Nullable [] destinationIp() {
        return connection.destinationIp();
    }

    @Override
    public int destinationPort() {
        return connection.destinationPort();
    }

    @Override
    public @Nullable String sni() {
        return connection.sni();
    }

    @Override
    public boolean isHttp() {
        return false;
    }

    @Override
    public String method() {
        return "";
    }

    @Override
    public String scheme() {
        return "";
    }

    @Override
    public String path() {
        return "";
    }

    @Override
    public @Nullable String query() {
        return null;
    }

    @Override
    public @Nullable String header(String lowerCaseName) {
        return null;
    }

    @Override
    public @Nullable VerifiedToken token() {
        return null;
    }

    @Override
    public boolean http() {
        return false;
    }

    @Override
    public String originalPath() {
        return "";
    }

    @Override
    public String protocol() {
        return "TCP";
    }

    @Override
    public HttpHeaders requestHeaders() {
        return EmptyHttpHeaders.INSTANCE;
    }

    @Override
    public @Nullable HttpHeaders responseHeaders() {
        return null;
    }

    @Override
    public @Nullable HttpHeaders responseTrailers() {
        return null;
    }

    @Override
    public int status() {
        return 0;
    }

    @Override
    public int grpcStatus() {
        return -1;
    }

    @Override
    public long upstreamServiceNanos() {
        return -1;
    }

    @Override
    public String traceId() {
        return "";
    }

    @Override
    public String spanId() {
        return "";
    }

    @Override
    public String parentSpanId() {
        return "";
    }

    @Override
    public boolean sampled() {
        return false;
    }

    @Override
    public TlsFacts downstreamTls() {
        return connection.tlsFacts();
    }

    @Override
    public String connectionId() {
        return connection.id();
    }
}
