package io.weft.dataplane.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.weft.dataplane.identity.CertificateEnd;
import io.weft.dataplane.upstream.UpstreamFailure.Kind;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 connection: many requests at a time (RFC 9113). */
final class Http2Connection extends ChannelInboundHandlerAdapter implements ClientConnection {

    private static final long DEFAULT_STREAMS = 100;

    private final Channel channel;
    private final EndpointPool pool;
    private final int maxRequests;
    private final Http2StreamChannelBootstrap streams;
    private long maxStreams = DEFAULT_STREAMS;
    private int active;
    private int served;
    private boolean draining;
    private boolean closed;
    private long idleSince = System.nanoTime();

    Http2Connection(Channel channel, EndpointPool pool, int maxRequests) {
        this.channel = channel;
        this.pool = pool;
        this.maxRequests = maxRequests;
        this.streams = new Http2StreamChannelBootstrap(channel);
    }

    @Override
    public boolean available() {
        return !draining && !closed && channel.isActive() && active < maxStreams;
    }

    @Override
    public boolean idle() {
        return active == 0;
    }

    @Override
    public void start(UpstreamListener listener) {
        active++;
        served++;
        if (maxRequests > 0 && served >= maxRequests) {
            draining = true;
        }
        streams.open()
                .addListener(opened -> {
                    if (opened.isSuccess()) {
                        Http2StreamChannel stream = (Http2StreamChannel) opened.getNow();
                        new Http2ClientStream(stream, this, listener).begin();
                    } else {
                        refused(listener, opened.cause());
                    }
                });
    }

    private void refused(UpstreamListener listener, @Nullable Throwable cause) {
        draining = true;
        streamClosed();
        listener.failed(
                new UpstreamFailure(Kind.REFUSED, "no new HTTP/2 stream: " + cause, served > 1));
    }

    /** A stream is over; called on the event loop. */
    void streamClosed() {
        active--;
        if (active == 0) {
            idleSince = System.nanoTime();
            if (draining) {
                channel.close();
                return;
            }
        }
        if (!closed) {
            pool.released(this);
        }
    }

    boolean reused() {
        return served > 1;
    }

    Channel channel() {
        return channel;
    }

    @Override
    public long idleSince() {
        return idleSince;
    }

    @Override
    public void retire() {
        draining = true;
        if (active == 0) {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http2SettingsFrame settings) {
            Long max = settings.settings().maxConcurrentStreams();
            if (max != null) {
                maxStreams = max;
            }
        } else if (message instanceof Http2GoAwayFrame) {
            draining = true;
            if (active == 0) {
                ctx.close();
            }
        }
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == CertificateEnd.EVENT) {
            retire();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
        ctx.fireChannelInactive();
        pool.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
