package io.weft.dataplane.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslHandler;
import io.weft.dataplane.codec.HeaderNames;
import io.weft.dataplane.telemetry.DestinationView;
import io.weft.dataplane.telemetry.ExchangeView;
import io.weft.dataplane.telemetry.GrpcMessageCounter;
import io.weft.dataplane.telemetry.PeerMetadata;
import io.weft.dataplane.telemetry.TlsFacts;
import io.weft.dataplane.telemetry.TraceContext;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the log will be told of an exchange; filled in by the phases as they pass. */
public final class ExchangeRecord implements ExchangeView {

    private static final DestinationView UNKNOWN =
            new DestinationView("", "", "", "", "", Map.of(), null);

    private final Exchange exchange;
    private final String originalPath;
    private final String authority;
    private final long startNanos = System.nanoTime();
    private final long startEpochMicros;
    @Nullable HttpHeaders responseHeaders;
    @Nullable HttpHeaders responseTrailers;
    int status;
    String flags = "-";
    String details = "via_upstream";
    String upstreamFailure = "";
    @Nullable Origin decidedBy;
    long bytesSent;
    long dispatchNanos;
    long upstreamServiceNanos = -1;
    long durationNanos;
    int attempts;
    @Nullable GrpcMessageCounter requestMessages;
    @Nullable GrpcMessageCounter responseMessages;
    @Nullable SocketAddress upstreamAddress;
    @Nullable Channel upstreamChannel;
    String upstreamCluster = "";
    String routeName = "";
    DestinationView destination = UNKNOWN;
    TraceContext trace = TraceContext.NONE;
    PeerMetadata peerMetadata = PeerMetadata.UNKNOWN;

    ExchangeRecord(Exchange exchange, String originalPath, String authority, long epochMicros) {
        this.exchange = exchange;
        this.originalPath = originalPath;
        this.authority = authority;
        this.startEpochMicros = epochMicros;
    }

    /** Names the route and cluster that were chosen. */
    public void route(String name, String cluster, DestinationView view) {
        routeName = name;
        upstreamCluster = cluster;
        destination = view;
    }

    /** Names what decided. */
    public void decidedBy(Origin origin) {
        decidedBy = origin;
    }

    /** Names who is called. */
    public void destination(DestinationView view) {
        destination = view;
    }

    long elapsedNanos() {
        return System.nanoTime() - startNanos;
    }

    @Override
    public boolean inbound() {
        return exchange.connection().inbound();
    }

    @Override
    public boolean http() {
        return true;
    }

    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String originalPath() {
        return originalPath;
    }

    @Override
    public String path() {
        return exchange.request().uri();
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
    public String protocol() {
        return exchange.downstream().protocol();
    }

    @Override
    public HttpHeaders requestHeaders() {
        return exchange.request().headers();
    }

    @Override
    public @Nullable HttpHeaders responseHeaders() {
        return responseHeaders;
    }

    @Override
    public @Nullable HttpHeaders responseTrailers() {
        return responseTrailers;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public int grpcStatus() {
        String text =
                responseTrailers == null ? null : responseTrailers.get(HeaderNames.GRPC_STATUS);
        if (text == null && responseHeaders != null) {
            text = responseHeaders.get(HeaderNames.GRPC_STATUS);
        }
        if (text == null || text.isEmpty() || text.length() > 3) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    @Override
    public String responseFlags() {
        return flags;
    }

    @Override
    public String responseCodeDetails() {
        return details;
    }

    @Override
    public String upstreamFailure() {
        return upstreamFailure;
    }

    @Override
    public @Nullable Origin decidedBy() {
        return decidedBy;
    }

    @Override
    public long bytesReceived() {
        return exchange.body().received();
    }

    @Override
    public long bytesSent() {
        return bytesSent;
    }

    @Override
    public long startEpochMicros() {
        return startEpochMicros;
    }

    @Override
    public long durationNanos() {
        return durationNanos;
    }

    @Override
    public long upstreamServiceNanos() {
        return upstreamServiceNanos;
    }

    @Override
    public int attempts() {
        return attempts;
    }

    @Override
    public @Nullable SocketAddress upstreamAddress() {
        return upstreamAddress;
    }

    @Override
    public @Nullable SocketAddress upstreamLocal() {
        Channel channel = upstreamChannel;
        return channel == null ? null : channel.localAddress();
    }

    @Override
    public TlsFacts upstreamTls() {
        Channel channel = upstreamChannel;
        SslHandler tls = channel == null ? null : channel.pipeline().get(SslHandler.class);
        return tls == null ? TlsFacts.NONE : new TlsFacts(tls.engine().getSession());
    }

    @Override
    public TlsFacts downstreamTls() {
        return exchange.connection().tlsFacts();
    }

    @Override
    public String connectionId() {
        return exchange.connection().id();
    }

    @Override
    public @Nullable SocketAddress downstreamRemote() {
        return exchange.connection().remoteAddress();
    }

    @Override
    public @Nullable SocketAddress downstreamLocal() {
        return exchange.connection().localAddress();
    }

    @Override
    public String upstreamCluster() {
        return upstreamCluster;
    }

    @Override
    public String routeName() {
        return routeName;
    }

    @Override
    public @Nullable String sni() {
        return exchange.connection().sni();
    }

    @Override
    public @Nullable SpiffeId peer() {
        return exchange.connection().peer();
    }

    @Override
    public boolean mutualTls() {
        return exchange.connection().tls() && exchange.connection().peer() != null;
    }

    @Override
    public DestinationView destination() {
        return destination;
    }

    @Override
    public String traceId() {
        return trace.traceId();
    }

    @Override
    public String spanId() {
        return trace.spanId();
    }

    @Override
    public String parentSpanId() {
        return trace.parentSpanId();
    }

    @Override
    public boolean sampled() {
        return trace.sampled();
    }

    @Override
    public long requestMessages() {
        return requestMessages == null ? -1 : requestMessages.messages();
    }

    @Override
    public long responseMessages() {
        return responseMessages == null ? -1 : responseMessages.messages();
    }

    @Override
    public TraceContext trace() {
        return trace;
    }

    @Override
    public PeerMetadata peerMetadata() {
        return peerMetadata;
    }
}
