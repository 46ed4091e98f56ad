package io.weft.policy.stream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import io.weft.policy.ca.SvidVerifier;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** After the handshake: takes down who the peer is, and speaks HTTP/2 or HTTP/1.1. */
final class Negotiation extends ApplicationProtocolNegotiationHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Negotiation.class);
    private static final int MAX_STREAMS = 64;
    private static final int MAX_HEADERS = 16 * 1024;

    private final String door;
    private final ApiHandler api;
    private final ServerLimits limits;
    private final @Nullable SvidVerifier clients;

    Negotiation(String door, ApiHandler api, ServerLimits limits, @Nullable SvidVerifier clients) {
        super(ApplicationProtocolNames.HTTP_1_1);
        this.door = door;
        this.api = api;
        this.limits = limits;
        this.clients = clients;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) throws Exception {
        Peer peer = clients == null ? null : peer(ctx, clients);
        String remote = remote(ctx.channel());
        ChannelPipeline pipeline = ctx.pipeline();
        if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
            pipeline.addLast(
                    Http2FrameCodecBuilder.forServer()
                            .initialSettings(
                                    Http2Settings.defaultSettings()
                                            .maxConcurrentStreams(MAX_STREAMS)
                                            .maxHeaderListSize(MAX_HEADERS))
                            .build(),
                    new Http2MultiplexHandler(
                            new ChannelInitializer<>() {
                                @Override
                                protected void initChannel(Channel stream) {
                                    stream.pipeline()
                                            .addLast(
                                                    new Http2StreamFrameToHttpObjectCodec(true),
                                                    new HttpObjectAggregator(limits.maxBody()),
                                                    new ApiChannelHandler(api, peer, remote, true));
                                }
                            }));
        } else {
            pipeline.addLast(
                    new HttpServerCodec(),
                    new FlowControlHandler(),
                    new HttpObjectAggregator(limits.maxBody(), true),
                    new ApiChannelHandler(api, peer, remote, false));
        }
    }

    /**
     * Verified once more, although the handshake did: a resumed session brings the certificate of
     * the session it goes on from, which may have ended since.
     */
    private static Peer peer(ChannelHandlerContext ctx, SvidVerifier clients) throws Exception {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null) {
            throw new SSLPeerUnverifiedException("no TLS");
        }
        Certificate[] certificates = tls.engine().getSession().getPeerCertificates();
        List<X509Certificate> chain =
                Arrays.stream(certificates).map(X509Certificate.class::cast).toList();
        SvidVerifier.VerifiedPeer peer = clients.peer(chain);
        return new Peer(peer.identity(), peer.serial(), peer.notAfter(), peer.root());
    }

    private static String remote(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress() + ":" + address.getPort()
                : "unknown";
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
        LOG.info(
                "{}: TLS handshake of {} failed: {}",
                door,
                remote(ctx.channel()),
                rootMessage(cause));
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: connection of {} failed: {}", door, remote(ctx.channel()), cause.toString());
        ctx.close();
    }

    private static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
