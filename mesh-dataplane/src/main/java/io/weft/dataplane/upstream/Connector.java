package io.weft.dataplane.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.weft.dataplane.identity.CertificateEnd;
import io.weft.dataplane.identity.SubjectAltNames;
import io.weft.dataplane.identity.TlsContexts;
import io.weft.dataplane.upstream.UpstreamFailure.Kind;
import io.weft.engine.MeshClock;
import io.weft.model.SpiffeId;
import io.weft.model.cluster.ProxyProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/** Opens connections: resolves, connects, shakes hands, and checks who answered. Thread-safe. */
public final class Connector {

    private final Class<? extends Channel> channelType;
    private final TlsContexts tls;
    private final MeshClock clock;
    private final Duration handshakeTimeout;
    private final InetAddress own;
    private final HostResolver resolver = new HostResolver();

    /**
     * @param own the proxy's address: where it is one of loopback's further ones, connections
     *     within loopback come from it, so that a policy about addresses sees the one that was
     *     given
     */
    public Connector(
            Class<? extends Channel> channelType,
            InetAddress own,
            TlsContexts tls,
            MeshClock clock,
            Duration handshakeTimeout) {
        this.channelType = channelType;
        this.own = own;
        this.tls = tls;
        this.clock = clock;
        this.handshakeTimeout = handshakeTimeout;
    }

    /** Hears of the end of a connect, on the event loop, exactly once. */
    public interface Listener {

        /** Handlers added now see every byte. */
        void connected(Channel channel);

        void failed(UpstreamFailure failure);
    }

    /**
     * Opens a connection on the loop.
     *
     * @param http2 what ALPN offers
     * @param announcement what is said to endpoints that want a PROXY header
     */
    public void connect(
            EventLoop loop,
            UpstreamEndpoint endpoint,
            boolean http2,
            ProxyAnnouncement announcement,
            Listener listener) {
        resolver.resolve(
                endpoint.host(),
                endpoint.port(),
                loop,
                address -> {
                    if (address == null) {
                        listener.failed(
                                failure(
                                        Kind.CONNECT,
                                        "host " + endpoint.host() + " has no address in DNS"));
                    } else {
                        open(loop, endpoint, address, http2, announcement, listener);
                    }
                });
    }

    private @Nullable InetSocketAddress origin(InetSocketAddress target) {
        return own.isLoopbackAddress()
                        && !own.equals(InetAddress.getLoopbackAddress())
                        && own.getClass() == target.getAddress().getClass()
                        && target.getAddress().isLoopbackAddress()
                ? new InetSocketAddress(own, 0)
                : null;
    }

    private void open(
            EventLoop loop,
            UpstreamEndpoint endpoint,
            InetSocketAddress address,
            boolean http2,
            ProxyAnnouncement announcement,
            Listener listener) {
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(channelType)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) endpoint.limits().connectTimeout().toMillis())
                        .handler(NOTHING);
        ChannelFutureListener connected =
                connect -> {
                    if (connect.isSuccess()) {
                        announce(connect.channel(), endpoint, announcement);
                        secure(connect.channel(), endpoint, http2, listener);
                    } else {
                        listener.failed(notConnected(address, connect.cause()));
                    }
                };
        // As a task, when the events of this turn are done with: one of them may be meant for a
        // connection that was just closed and had the number that the kernel gives this one. And
        // at once behind its registration, for the kernel calls what is not connected hung up.
        loop.execute(() ->
                bootstrap
                        .register()
                        .addListener((ChannelFuture registered) -> {
                            if (registered.isSuccess()) {
                                registered
                                        .channel()
                                        .connect(address, origin(address))
                                        .addListener(connected);
                            } else {
                                listener.failed(notConnected(address, registered.cause()));
                            }
                        }));
    }

    /** Comes before TLS: load balancers read it without keys. */
    private static void announce(
            Channel channel, UpstreamEndpoint endpoint, ProxyAnnouncement announcement) {
        ProxyProtocol version = endpoint.proxyProtocol();
        if (version != null) {
            channel.writeAndFlush(announcement.header(version, channel.alloc()));
        }
    }

    private void secure(
            Channel channel, UpstreamEndpoint endpoint, boolean http2, Listener listener) {
        try {
            switch (endpoint.security()) {
                case UpstreamSecurity.Plain plain -> listener.connected(channel);
                case UpstreamSecurity.Mesh mesh ->
                        handshake(
                                channel,
                                naming(
                                        tls.meshClient(http2)
                                                .newHandler(
                                                        channel.alloc(),
                                                        mesh.sni(),
                                                        endpoint.port()),
                                        mesh.sni()),
                                mesh,
                                listener);
                case UpstreamSecurity.Origination out ->
                        handshake(
                                channel,
                                (http2 ? out.http2() : out.http1())
                                        .newHandler(channel.alloc(), out.sni(), endpoint.port()),
                                out,
                                listener);
            }
        } catch (RuntimeException e) {
            channel.close();
            listener.failed(failure(Kind.TLS, "no TLS to " + endpoint + ": " + e.getMessage()));
        }
    }

    /**
     * Sends the server name. It is no host name by the rules of {@link javax.net.ssl.SNIHostName},
     * which the engines therefore leave out.
     */
    private static SslHandler naming(SslHandler handler, String sni) {
        if (handler.engine() instanceof ReferenceCountedOpenSslEngine openSsl) {
            SSL.setTlsExtHostName(openSsl.sslPointer(), sni);
        } else {
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setServerNames(List.of(new MeshServerName(sni)));
            handler.engine().setSSLParameters(parameters);
        }
        return handler;
    }

    private void handshake(
            Channel channel, SslHandler handler, UpstreamSecurity security, Listener listener) {
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        HandshakeGuard.secure(channel, handler);
        handler.handshakeFuture()
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        channel.close();
                        listener.failed(notSecured(channel, done.cause()));
                        return;
                    }
                    String wrong = mismatch(handler, security);
                    if (wrong != null) {
                        channel.close();
                        listener.failed(failure(Kind.TLS, wrong));
                        return;
                    }
                    CertificateEnd.ofEither(channel, handler.engine().getSession(), clock);
                    listener.connected(channel);
                });
    }

    private @Nullable String mismatch(SslHandler handler, UpstreamSecurity security) {
        return switch (security) {
            case UpstreamSecurity.Plain plain -> null;
            case UpstreamSecurity.Mesh mesh -> mismatch(handler, mesh);
            case UpstreamSecurity.Origination(var http1, var http2, var sni, var names) ->
                    names.isEmpty() || SubjectAltNames.present(handler.engine().getSession(), names)
                            ? null
                            : "the certificate of " + sni + " is for none of " + names;
        };
    }

    private @Nullable String mismatch(SslHandler handler, UpstreamSecurity.Mesh mesh) {
        SpiffeId seen = tls.peer(handler.engine().getSession());
        if (seen == null) {
            return "the upstream showed no identity (expected: " + mesh.expected() + ")";
        }
        if (mesh.expected() != null && !mesh.expected().equals(seen)) {
            return "the upstream is " + seen + " (expected: " + mesh.expected() + ")";
        }
        return null;
    }

    private static UpstreamFailure notConnected(InetSocketAddress address, Throwable cause) {
        String text = cause.getMessage();
        return failure(
                Kind.CONNECT,
                "cannot connect to "
                        + address.getAddress().getHostAddress()
                        + ":"
                        + address.getPort()
                        + ": "
                        + (text == null ? cause.getClass().getSimpleName() : text));
    }

    private static UpstreamFailure notSecured(Channel channel, Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return failure(
                Kind.TLS,
                "TLS handshake with " + channel.remoteAddress() + " failed: " + root.getMessage());
    }

    private static UpstreamFailure failure(Kind kind, String reason) {
        return new UpstreamFailure(kind, reason, false);
    }

    private static final ChannelHandler NOTHING = new Nothing();

    /** A channel cannot be made without a handler; the real ones are added once it is connected. */
    @ChannelHandler.Sharable
    private static final class Nothing extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(io.netty.channel.ChannelHandlerContext ctx) {
            ctx.pipeline().remove(this);
        }
    }

    /** A server name of the type for hosts (RFC 6066) with underscores in it. */
    private static final class MeshServerName extends SNIServerName {
        MeshServerName(String name) {
            super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
