package io.weft.dataplane.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One stream of a downstream HTTP/2 connection (RFC 9113). */
public final class Http2Server extends ChannelInboundHandlerAdapter
        implements Downstream, Http2Watch.Stream {

    private final Channel stream;
    private final ConnectionContext connection;
    private final HttpServices services;
    private final ExchangeHandler handler;
    private final Http2Watch watch;
    private long moved = System.nanoTime();
    private @Nullable Exchange exchange;
    private boolean requestDone;
    private boolean responseDone;

    private Http2Server(
            Channel stream,
            ConnectionContext connection,
            HttpServices services,
            ExchangeHandler handler,
            Http2Watch watch) {
        this.watch = watch;
        this.stream = stream;
        this.connection = connection;
        this.services = services;
        this.handler = handler;
    }

    /** Serves HTTP/2 on a connection from here on; the preface has not been read yet. */
    public static void install(
            ConnectionContext connection, HttpServices services, ExchangeHandler handler) {
        ConnectionEvents events = new ConnectionEvents(connection, services);
        Http2Codec codec = new Http2Codec(services.limits(), events::refused);
        Http2Watch watch =
                new Http2Watch(
                        connection.channel(), services.limits(), codec.guard()::incompleteSince);
        connection
                .channel()
                .pipeline()
                .addLast("h2-linger", events.linger)
                .addLast("h2", codec.build())
                .addLast(
                        "h2-streams",
                        new Http2MultiplexHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline()
                                                .addLast(
                                                        new Http2StreamFrameToHttpObjectCodec(true))
                                                .addLast(
                                                        new Http2Server(
                                                                stream,
                                                                connection,
                                                                services,
                                                                handler,
                                                                watch));
                                    }
                                }))
                .addLast("h2-connection", events)
                .addLast("h2-end", new Http2Retirement());
    }

    /**
     * Tells a connection that no new stream is welcome. Those on their way are taken still (RFC
     * 9113 §6.8): to refuse one whose body follows would end the connection with all others.
     */
    public static void goAway(Channel channel) {
        channel.writeAndFlush(
                new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR)
                        .setExtraStreamIds(Integer.MAX_VALUE));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        watch.opened(this);
    }

    @Override
    public boolean stalled(long now, long nanos) {
        boolean awaitsPeer =
                responseDone
                        || !requestDone && stream.config().isAutoRead()
                        || !stream.isWritable();
        return awaitsPeer && now - moved >= nanos;
    }

    @Override
    public void endStalled() {
        Exchange current = exchange;
        if (current == null || responseDone) {
            stream.close();
            return;
        }
        moved = System.nanoTime();
        current.fail(
                new ProxyError.Timeout(
                        ProxyError.Which.STALLED,
                        "the caller moved no byte of the request or its answer for "
                                + services.limits().stalled().toSeconds()
                                + " s"));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        moved = System.nanoTime();
        if (message instanceof HttpRequest request) {
            boolean end = message instanceof LastHttpContent;
            requestDone = end;
            HttpRequest head = plainHead(request);
            ReferenceCountUtil.release(message);
            begin(head, end);
            return;
        }
        if (!(message instanceof HttpContent content)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (content instanceof LastHttpContent) {
            requestDone = true;
        }
        if (exchange == null || responseDone) {
            content.release();
        } else {
            exchange.requestPart(content);
        }
    }

    /** What the codec has made for HTTP/1.1 only is taken out again. */
    private static HttpRequest plainHead(HttpRequest request) {
        request.headers().remove("x-http2-scheme");
        request.headers().remove("x-http2-stream-id");
        request.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
        return new DefaultHttpRequest(
                HttpVersion.HTTP_1_1, request.method(), request.uri(), request.headers());
    }

    private void begin(HttpRequest request, boolean end) {
        ProxyError.BadRequest bad = RequestGuard.check(request, services.limits());
        ForgedNames.stripUnderscored(request.headers());
        Exchange started = new Exchange(connection, this, services, request, end);
        exchange = started;
        if (bad != null) {
            started.fail(bad);
        } else if (!started.isShed()) {
            handler.handle(started);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (exchange != null && !responseDone) {
            exchange.requestFlush();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame) {
            gone("the caller reset the stream");
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        watch.closed(this);
        gone("the caller closed the connection");
    }

    private void gone(String cause) {
        Exchange current = exchange;
        if (current != null) {
            current.body().release();
            if (!responseDone) {
                responseDone = true;
                current.downstreamGone(cause);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        String why = String.valueOf(cause.getMessage());
        Exchange current = exchange;
        if (current == null) {
            record(connection, services, "http2.protocol_error", why);
        } else if (!responseDone) {
            current.refuse("http2.protocol_error", why);
        }
        Http2Error error =
                cause instanceof Http2Exception refused
                        ? refused.error()
                        : Http2Error.INTERNAL_ERROR;
        responseDone = true;
        stream.writeAndFlush(new DefaultHttp2ResetFrame(error));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        moved = System.nanoTime();
        if (exchange != null) {
            exchange.downstreamWritability();
        }
    }

    // --- the answer

    @Override
    public void informational(HttpResponse head) {
        stream.writeAndFlush(full(head));
    }

    private static DefaultFullHttpResponse full(HttpResponse head) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                head.status(),
                Unpooled.EMPTY_BUFFER,
                head.headers(),
                EmptyHttpHeaders.INSTANCE);
    }

    @Override
    public void head(HttpResponse head, boolean end) {
        head.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
        stream.write(end ? full(head) : head);
        if (end) {
            answered();
        }
    }

    @Override
    public void content(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        stream.write(content);
        if (last) {
            answered();
        }
    }

    private void answered() {
        responseDone = true;
        stream.flush();
        if (!requestDone) {
            // An early answer: the rest of the request is not wanted (RFC 9113 §8.1).
            stream.eventLoop()
                    .execute(() -> {
                        if (!requestDone && stream.isActive()) {
                            stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
                        }
                    });
        }
    }

    @Override
    public void flush() {
        stream.flush();
    }

    @Override
    public boolean writable() {
        return stream.isWritable();
    }

    @Override
    public void read(boolean on) {
        stream.config().setAutoRead(on);
    }

    @Override
    public void abort() {
        responseDone = true;
        stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
    }

    @Override
    public void upgrade(HttpResponse head, Consumer<Channel> next) {
        throw new IllegalStateException("HTTP/2 has no upgrade (RFC 9113 §8.6)");
    }

    @Override
    public EventLoop eventLoop() {
        return stream.eventLoop();
    }

    @Override
    public String protocol() {
        return "HTTP/2";
    }

    @Override
    public boolean http2() {
        return true;
    }

    /** Records what never became a request; the log has the connection's own first line for it. */
    private static void record(
            ConnectionContext connection, HttpServices services, String details, String cause) {
        HttpRequest preface =
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf("PRI"), "*");
        new Exchange(connection, new Nowhere(connection), services, preface, true)
                .refuse(details, cause);
    }

    /** What concerns the connection as a whole. */
    private static final class ConnectionEvents extends ChannelInboundHandlerAdapter {

        private final ConnectionContext connection;
        private final HttpServices services;
        private final Linger linger = new Linger();

        ConnectionEvents(ConnectionContext connection, HttpServices services) {
            this.connection = connection;
            this.services = services;
        }

        /** What has no stream yet, or ends all of them, is recorded for the connection. */
        void refused(Http2Exception error) {
            boolean ofConnection = !(error instanceof Http2Exception.StreamException);
            if (ofConnection) {
                linger.arm();
            }
            if (ofConnection || !isOpen(error)) {
                record(
                        connection,
                        services,
                        error.error() == Http2Error.ENHANCE_YOUR_CALM
                                ? "http2.flood"
                                : "http2.protocol_error",
                        String.valueOf(error.getMessage()));
            }
        }

        private boolean isOpen(Http2Exception error) {
            Http2ConnectionHandler codec =
                    connection.channel().pipeline().get(Http2ConnectionHandler.class);
            return codec != null
                    && codec.connection().stream(Http2Exception.streamId(error)) != null;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            ReferenceCountUtil.release(frame);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!(cause instanceof Http2Exception)) {
                ctx.close(); // Of HTTP/2's own errors the codec tells the caller, and closes.
            }
        }
    }
}
