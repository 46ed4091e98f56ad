package io.weft.dataplane.upstream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import io.weft.dataplane.upstream.UpstreamFailure.Kind;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** One request on an HTTP/2 connection. */
final class Http2ClientStream extends ChannelInboundHandlerAdapter implements UpstreamStream {

    private final Http2StreamChannel channel;
    private final Http2Connection connection;
    private @Nullable UpstreamListener listener;
    private boolean requestDone;
    private boolean responseDone;

    Http2ClientStream(
            Http2StreamChannel channel, Http2Connection connection, UpstreamListener listener) {
        this.channel = channel;
        this.connection = connection;
        this.listener = listener;
    }

    void begin() {
        channel.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(false), this);
        channel.closeFuture().addListener(closed -> connection.streamClosed());
        UpstreamListener to = listener;
        if (to != null) {
            to.connected(this);
        }
    }

    @Override
    public void writeHead(HttpRequest head, boolean end) {
        requestDone = end;
        Object message =
                end
                        ? new DefaultFullHttpRequest(
                                head.protocolVersion(),
                                head.method(),
                                head.uri(),
                                Unpooled.EMPTY_BUFFER,
                                head.headers(),
                                EmptyHttpHeaders.INSTANCE)
                        : head;
        channel.write(message)
                .addListener(written -> {
                    if (written.cause() instanceof Http2Exception refused) {
                        fail(Kind.PROTOCOL, "request not sent: " + refused.getMessage());
                    }
                });
        // The codec notes the scheme for itself; the head is still the log's and the next try's.
        head.headers().remove("x-http2-scheme");
    }

    @Override
    public void write(HttpContent content) {
        if (content instanceof LastHttpContent) {
            requestDone = true;
        }
        channel.write(content);
        if (requestDone && responseDone) {
            channel.flush();
        }
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void read(boolean on) {
        channel.config().setAutoRead(on);
    }

    @Override
    public void cancel() {
        listener = null;
        if (channel.isActive() && !(requestDone && responseDone)) {
            channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
            channel.close();
        }
    }

    @Override
    public boolean http2() {
        return true;
    }

    @Override
    public Channel transport() {
        return connection.channel();
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.channel().remoteAddress();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        UpstreamListener to = listener;
        if (to == null || !(message instanceof HttpObject)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpResponse head) {
            boolean end = message instanceof LastHttpContent;
            if (head.status().code() < 200) {
                to.informational(head);
                ReferenceCountUtil.release(message);
                return;
            }
            to.head(head, end);
            if (end) {
                responseDone = true;
                ReferenceCountUtil.release(message);
                to.readComplete();
            }
            return;
        }
        HttpContent content = (HttpContent) message;
        boolean end = content instanceof LastHttpContent;
        responseDone |= end;
        to.content(content);
        if (end) {
            // The stream closes with its last frame, and then no event tells the end of the
            // reading.
            to.readComplete();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.readComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.writabilityChanged();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame reset) {
            Kind kind =
                    reset.errorCode() == Http2Error.REFUSED_STREAM.code()
                            ? Kind.REFUSED
                            : Kind.RESET;
            Http2Error error = Http2Error.valueOf(reset.errorCode());
            fail(kind, "stream reset by the upstream: " + error);
        } else if (event instanceof Http2GoAwayFrame) {
            // Told to streams above the last one that the peer looks at (RFC 9113 §6.8).
            fail(Kind.REFUSED, "the upstream goes away and has not looked at the request");
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!responseDone) {
            fail(Kind.CLOSED, "connection closed by the upstream before the answer was complete");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(Kind.PROTOCOL, String.valueOf(cause.getMessage()));
        ctx.close();
    }

    private void fail(Kind kind, String reason) {
        UpstreamListener to = listener;
        listener = null;
        // One whose answer waits to be read does not close by itself when its peer resets it.
        channel.close();
        if (to != null) {
            to.failed(new UpstreamFailure(kind, reason, connection.reused()));
        }
    }
}
