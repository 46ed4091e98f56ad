package io.weft.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.weft.dataplane.identity.CertificateEnd;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A downstream HTTP/1.1 connection: its requests one after the other (RFC 9112). */
public final class Http1Server extends ChannelInboundHandlerAdapter
        implements Downstream, Http1Watch.Connection {

    private static final int MAX_QUEUED = 64;
    private static final long DRAINED_BYTES = 1 << 20;

    private final Channel channel;
    private final ConnectionContext connection;
    private final HttpServices services;
    private final ExchangeHandler handler;
    private final Http1Codec.Encoder encoder = new Http1Codec.Encoder();
    private final Http1Codec.Decoder decoder;
    private final Http1Watch watch;

    /** What came behind the request under way. */
    private final Deque<HttpObject> queue = new ArrayDeque<>();

    private @Nullable Exchange exchange;

    /** A head whose body may follow at once: both then make one message and one write. */
    private @Nullable HttpResponse pendingHead;

    private boolean requestDone = true;
    private boolean responseDone = true;
    private boolean keepAlive = true;
    private boolean http10;
    private boolean skipEnd;
    private boolean switched;

    /** The last answer is given: what still comes is nobody's request. */
    private boolean ended;

    /** More may be on its way than was read. */
    private boolean unread;

    /** The caller waits for a 100 before it sends the body, and none was given. */
    private boolean expecting;

    private boolean reading;
    private boolean written;
    private long drained;
    private boolean retired;

    private Http1Server(
            Channel channel,
            ConnectionContext connection,
            HttpServices services,
            ExchangeHandler handler) {
        this.channel = channel;
        this.connection = connection;
        this.services = services;
        this.handler = handler;
        this.decoder = new Http1Codec.Decoder(services.limits());
        this.watch = new Http1Watch(channel.eventLoop(), services.limits(), this);
    }

    /** Serves HTTP/1.1 on a connection from here on. */
    public static void install(
            ConnectionContext connection, HttpServices services, ExchangeHandler handler) {
        Channel channel = connection.channel();
        Http1Server server = new Http1Server(channel, connection, services, handler);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast("h1-encoder", server.encoder);
        pipeline.addLast("h1-server", server);
        pipeline.addBefore("h1-encoder", "h1-decoder", server.decoder);
        server.watch.opened();
    }

    // --- the request

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ended) {
            discard(message);
            return;
        }
        if (!(message instanceof HttpObject part) || switched) {
            ReferenceCountUtil.release(message);
            return;
        }
        reading = true;
        if (part instanceof HttpRequest && !(requestDone && responseDone) || !queue.isEmpty()) {
            queue.add(part);
            if (queue.size() > MAX_QUEUED) {
                channel.config().setAutoRead(false);
            }
            return;
        }
        accept(part);
    }

    private void accept(HttpObject part) {
        if (part instanceof HttpRequest request) {
            begin(request);
            return;
        }
        HttpContent content = (HttpContent) part;
        if (skipEnd && content instanceof LastHttpContent) {
            skipEnd = false;
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            malformed(content.decoderResult().cause());
            return;
        }
        boolean last = content instanceof LastHttpContent;
        Exchange current = exchange;
        if (current == null || responseDone) {
            drained += content.content().readableBytes();
            content.release();
        } else {
            current.requestPart(content);
        }
        if (last) {
            requestDone = true;
            proceed();
        } else if (drained > DRAINED_BYTES) {
            channel.close();
        }
    }

    private void begin(HttpRequest request) {
        watch.headArrived();
        ProxyError.BadRequest bad = RequestGuard.check(request, services.limits());
        http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        keepAlive =
                bad == null
                        && HttpUtil.isKeepAlive(request)
                        && !retired
                        && !services.counters().draining()
                        && !services.overload().isShedding();
        request.setProtocolVersion(
                HttpVersion.HTTP_1_1); // Each hop speaks its own (RFC 9110 §2.5).
        expecting = request.headers().contains(HttpHeaderNames.EXPECT);
        encoder.toHead(request.method().name().equals("HEAD"));
        boolean bodyless =
                !HttpUtil.isTransferEncodingChunked(request)
                                && !request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                        || "0".equals(request.headers().get(HttpHeaderNames.CONTENT_LENGTH));
        requestDone = bodyless;
        skipEnd = bodyless && request.decoderResult().isSuccess();
        responseDone = false;
        drained = 0;
        if (decoder.underscores()) {
            ForgedNames.stripUnderscored(request.headers());
        }
        Exchange started =
                new Exchange(connection, this, services, request, bodyless || bad != null);
        exchange = started;
        if (bad != null) {
            requestDone = true;
            skipEnd = false;
            unread = true;
            started.fail(bad);
        } else if (!started.isShed()) {
            handler.handle(started);
        }
    }

    private void malformed(Throwable cause) {
        keepAlive = false;
        requestDone = true;
        unread = true;
        Exchange current = exchange;
        if (current != null && !responseDone) {
            current.fail(
                    new ProxyError.BadRequest(
                            400, "http1.codec_error", String.valueOf(cause.getMessage())));
        } else {
            channel.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (reading) {
            reading = false;
            watch.moved();
            if (exchange != null && !responseDone) {
                exchange.requestFlush();
            }
        } else if (exchange == null && !switched && decoder.inMidHead()) {
            watch.headBegan();
        }
    }

    // --- the answer

    @Override
    public void informational(HttpResponse head) {
        expecting &= head.status().code() != 100;
        channel.writeAndFlush(
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        head.status(),
                        Unpooled.EMPTY_BUFFER,
                        head.headers(),
                        EmptyHttpHeaders.INSTANCE));
    }

    @Override
    public void head(HttpResponse head, boolean end) {
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
        boolean framed =
                head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                        || HttpUtil.isTransferEncodingChunked(head);
        int status = head.status().code();
        if (!framed && status != 204 && status != 304) {
            if (end) {
                head.headers().set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
            } else if (http10) {
                keepAlive = false;
            } else {
                head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
        }
        if (expecting && !requestDone && exchange != null && exchange.body().received() == 0) {
            // Nobody can know whether the next bytes are the body or another request.
            keepAlive = false;
        }
        if (!keepAlive || services.counters().draining()) {
            keepAlive = false;
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        if (!end) {
            pendingHead = head;
            return;
        }
        written = true;
        channel.write(
                full(head, Unpooled.EMPTY_BUFFER, EmptyHttpHeaders.INSTANCE),
                channel.voidPromise());
        answered();
    }

    private static HttpResponse full(HttpResponse head, ByteBuf body, HttpHeaders trailers) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, head.status(), body, head.headers(), trailers);
    }

    private void writePendingHead() {
        HttpResponse head = pendingHead;
        if (head != null) {
            pendingHead = null;
            written = true;
            channel.write(head, channel.voidPromise());
        }
    }

    @Override
    public void content(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        HttpResponse head = pendingHead;
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
            answered();
        }
    }

    private void answered() {
        responseDone = true;
        if (!keepAlive) {
            end();
            return;
        }
        if (!requestDone) {
            channel.config()
                    .setAutoRead(true); // The rest of the request is drained, up to a bound.
        }
        if (requestDone && queue.isEmpty() && channel.config().isAutoRead()) {
            idling();
        } else {
            // Not in the middle of the answer's last write: its caller has to flush and record.
            channel.eventLoop().execute(this::proceed);
        }
    }

    /** Closes behind the last answer; gently where the caller may still be sending. */
    private void end() {
        ended = true;
        queue.forEach(ReferenceCountUtil::release);
        queue.clear();
        ChannelFuture last = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        if (requestDone && !unread) {
            last.addListener(ChannelFutureListener.CLOSE);
            return;
        }
        drained = 0;
        last.addListener(written -> Linger.begin(channel));
    }

    private void discard(Object message) {
        drained += message instanceof HttpContent content ? content.content().readableBytes() : 100;
        ReferenceCountUtil.release(message);
        if (drained > DRAINED_BYTES) {
            channel.close();
        }
    }

    private void proceed() {
        if (ended || !(requestDone && responseDone) || exchange == null || !channel.isActive()) {
            return;
        }
        idling();
        HttpObject part;
        while (requestDone && responseDone && (part = queue.peek()) != null) {
            acceptQueued();
            while (!requestDone
                    && (part = queue.peek()) != null
                    && !(part instanceof HttpRequest)) {
                acceptQueued();
            }
            if (skipEnd && queue.peek() instanceof LastHttpContent) {
                acceptQueued();
            }
        }
        if (exchange != null) {
            exchange.requestFlush();
        }
        if (queue.size() <= MAX_QUEUED && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    private void idling() {
        exchange = null;
        watch.moved();
        if (decoder.inMidHead()) {
            watch.headBegan();
        }
    }

    private void acceptQueued() {
        HttpObject part = queue.poll();
        if (part != null) {
            accept(part);
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
        channel.config().setAutoRead(on);
    }

    @Override
    public void abort() {
        keepAlive = false;
        responseDone = true;
        writePendingHead();
        channel.flush();
        channel.close();
    }

    @Override
    public void upgrade(HttpResponse head, Consumer<Channel> next) {
        switched = true;
        channel.write(
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        head.status(),
                        Unpooled.EMPTY_BUFFER,
                        head.headers(),
                        EmptyHttpHeaders.INSTANCE));
        channel.flush();
        channel.pipeline().remove(encoder);
        next.accept(channel);
        channel.pipeline().remove("h1-decoder");
        channel.pipeline().remove(this);
    }

    @Override
    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    @Override
    public String protocol() {
        return http10 ? "HTTP/1.0" : "HTTP/1.1";
    }

    @Override
    public boolean http2() {
        return false;
    }

    // --- the connection

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        watch.moved();
        if (exchange != null) {
            exchange.downstreamWritability();
        }
    }

    /** The peer's certificate has ended: what is under way is answered, nothing else. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != CertificateEnd.EVENT) {
            ctx.fireUserEventTriggered(event);
            return;
        }
        retired = true;
        keepAlive = false;
        if (exchange == null || responseDone) {
            channel.close();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        watch.stop();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        watch.stop();
        pendingHead = null;
        queue.forEach(ReferenceCountUtil::release);
        queue.clear();
        if (exchange != null) {
            exchange.body().release();
            if (!responseDone) {
                exchange.downstreamGone("the caller closed the connection");
            }
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public boolean idle() {
        return requestDone && responseDone;
    }

    @Override
    public boolean awaitsPeer() {
        return !requestDone && channel.config().isAutoRead() || !channel.isWritable();
    }

    @Override
    public void headTimedOut() {
        channel.close();
    }

    @Override
    public void stalled() {
        Exchange current = exchange;
        if (current == null || responseDone) {
            channel.close();
            return;
        }
        keepAlive = false;
        current.fail(
                new ProxyError.Timeout(
                        ProxyError.Which.STALLED,
                        "the caller moved no byte of the request or its answer for "
                                + services.limits().stalled().toSeconds()
                                + " s"));
    }
}
