package io.weft.dataplane.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.weft.dataplane.identity.CertificateEnd;
import io.weft.dataplane.upstream.UpstreamFailure.Kind;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A keep-alive HTTP/1.1 connection: one request at a time (RFC 9112). */
final class Http1Connection extends ChannelInboundHandlerAdapter
        implements ClientConnection, UpstreamStream {

    private final Channel channel;
    private final EndpointPool pool;
    private final int maxRequests;
    private @Nullable Http1ResponseDecoder decoder;
    private @Nullable UpstreamListener listener;

    /** A head whose body may follow at once: both then make one message and one write. */
    private @Nullable HttpRequest pendingHead;

    /**
     * Who was told of something in this turn of reading; not the listener any more after the end.
     */
    private @Nullable UpstreamListener heard;

    private boolean requestDone = true;
    private boolean responseDone = true;
    private boolean skipInformationalEnd;
    private boolean upgrading;
    private boolean keepAlive = true;
    private boolean closed;
    private boolean written;
    private int served;
    private long idleSince = System.nanoTime();

    Http1Connection(Channel channel, EndpointPool pool, int maxRequests) {
        this.channel = channel;
        this.pool = pool;
        this.maxRequests = maxRequests;
    }

    /** Puts itself behind a codec into the pipeline. */
    void install(int maxHeaders) {
        decoder = new Http1ResponseDecoder(maxHeaders);
        channel.pipeline().addLast(decoder, new Http1RequestEncoder(), this);
    }

    // --- as a connection of the pool

    @Override
    public boolean available() {
        return idle() && keepAlive && !closed && channel.isActive();
    }

    @Override
    public boolean idle() {
        return listener == null && requestDone && responseDone;
    }

    @Override
    public void start(UpstreamListener newListener) {
        listener = newListener;
        requestDone = false;
        responseDone = false;
        skipInformationalEnd = false;
        served++;
        if (maxRequests > 0 && served >= maxRequests) {
            keepAlive = false;
        }
        newListener.connected(this);
    }

    @Override
    public long idleSince() {
        return idleSince;
    }

    @Override
    public void retire() {
        keepAlive = false;
        if (idle()) {
            channel.close();
        }
    }

    // --- as the stream of the request under way

    @Override
    public void writeHead(HttpRequest head, boolean end) {
        if (decoder != null) {
            decoder.toHead(head.method().equals(HttpMethod.HEAD));
        }
        upgrading = head.headers().contains(HttpHeaderNames.UPGRADE);
        if (!end) {
            pendingHead = head;
            return;
        }
        requestDone = true;
        written = true;
        channel.write(
                full(head, Unpooled.EMPTY_BUFFER, EmptyHttpHeaders.INSTANCE),
                channel.voidPromise());
    }

    private static HttpRequest full(HttpRequest head, ByteBuf body, HttpHeaders trailers) {
        return new DefaultFullHttpRequest(
                head.protocolVersion(), head.method(), head.uri(), body, head.headers(), trailers);
    }

    private void writePendingHead() {
        HttpRequest head = pendingHead;
        if (head != null) {
            pendingHead = null;
            written = true;
            channel.write(head, channel.voidPromise());
        }
    }

    @Override
    public void write(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        HttpRequest head = pendingHead;
        written = true;
        if (last && head != null) {
            pendingHead = null;
            HttpHeaders trailers = ((LastHttpContent) content).trailingHeaders();
            channel.write(full(head, content.content(), trailers), channel.voidPromise());
        } else {
            writePendingHead();
            channel.write(content, channel.voidPromise());
        }
        if (last) {
            requestDone = true;
            if (responseDone) {
                finish();
            }
        }
    }

    @Override
    public void flush() {
        writePendingHead();
        if (written) {
            written = false;
            channel.flush();
        }
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void read(boolean on) {
        if (!closed) {
            channel.config().setAutoRead(on);
        }
    }

    @Override
    public void cancel() {
        listener = null;
        pendingHead = null;
        if (!(requestDone && responseDone)) {
            keepAlive = false;
            channel.close();
        }
    }

    @Override
    public boolean http2() {
        return false;
    }

    @Override
    public Channel transport() {
        return channel;
    }

    @Override
    public SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    // --- what the peer says

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (listener == null || !(message instanceof HttpObject part)) {
            // Bytes that nobody asked for: the peer is out of step.
            ReferenceCountUtil.release(message);
            if (idle()) {
                ctx.close();
            }
            return;
        }
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            fail(Kind.PROTOCOL, "not HTTP/1.1: " + part.decoderResult().cause().getMessage());
            ctx.close();
            return;
        }
        heard = listener;
        if (part instanceof HttpResponse head) {
            readHead(listener, head);
        }
        if (part instanceof HttpContent content) {
            readContent(content);
        }
    }

    private void readHead(UpstreamListener to, HttpResponse head) {
        int status = head.status().code();
        if (status == 101 && !upgrading) {
            fail(Kind.PROTOCOL, "switched protocols without having been asked to");
            channel.close();
            return;
        }
        if (status == 101) {
            upgrade(to, head);
            return;
        }
        if (status < 200) {
            skipInformationalEnd = true;
            to.informational(head);
            return;
        }
        if (!HttpUtil.isKeepAlive((HttpMessage) head)) {
            keepAlive = false;
        }
        to.head(head, false);
    }

    private void readContent(HttpContent content) {
        UpstreamListener to = listener;
        if (skipInformationalEnd && content instanceof LastHttpContent) {
            skipInformationalEnd = false;
            content.release();
            return;
        }
        if (to == null) {
            content.release();
            return;
        }
        boolean last = content instanceof LastHttpContent;
        if (last) {
            responseDone = true;
        }
        to.content(content);
        if (last && requestDone) {
            finish();
        }
    }

    private void upgrade(UpstreamListener to, HttpResponse head) {
        listener = null;
        keepAlive = false;
        channel.pipeline().remove(this);
        pool.forget(this);
        to.upgraded(head, channel);
        channel.pipeline().remove(Http1RequestEncoder.class);
        channel.pipeline().remove(Http1ResponseDecoder.class);
    }

    private void finish() {
        if (closed) {
            return;
        }
        listener = null;
        idleSince = System.nanoTime();
        if (keepAlive) {
            channel.config().setAutoRead(true);
            pool.released(this);
        } else {
            channel.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        UpstreamListener to = heard;
        heard = null;
        if (to != null) {
            to.readComplete();
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
        if (event == CertificateEnd.EVENT) {
            retire();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
        fail(Kind.CLOSED, "connection closed by the upstream before the answer was complete");
        pool.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Kind kind = cause instanceof java.io.IOException ? Kind.RESET : Kind.PROTOCOL;
        fail(kind, String.valueOf(cause.getMessage()));
        ctx.close();
    }

    private void fail(Kind kind, String reason) {
        UpstreamListener to = listener;
        listener = null;
        keepAlive = false;
        if (to != null) {
            to.failed(new UpstreamFailure(kind, reason, served > 1));
        }
    }
}
