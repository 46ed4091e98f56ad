package io.weft.dataplane.workloadapi;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.weft.dataplane.codec.ProtoWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gRPC call with one message from the caller and none, one or many to it, on one HTTP/2 stream.
 * Used on its event loop, except {@link #execute}.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC over
 *     HTTP/2</a>
 */
final class GrpcCall extends SimpleChannelInboundHandler<Http2StreamFrame> {

    private static final Logger LOG = LoggerFactory.getLogger(GrpcCall.class);
    private static final int PREFIX = 5;
    private static final int MAX_MESSAGE = 64 * 1024;

    private final Channel stream;
    private final WorkloadMethods methods;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private @Nullable Http2Headers head;
    private boolean answering;
    private boolean over;
    private @Nullable Supplier<byte[]> followed;
    private byte @Nullable [] lastSent;

    GrpcCall(Channel stream, WorkloadMethods methods) {
        this.stream = stream;
        this.methods = methods;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame) {
        switch (frame) {
            case Http2HeadersFrame headers -> {
                if (head == null) {
                    head = headers.headers();
                }
                ended(headers.isEndStream());
            }
            case Http2DataFrame data -> {
                data(data.content());
                ended(data.isEndStream());
            }
            case Http2ResetFrame reset -> over = true;
            default -> {
                // Window updates and the like are the codec's.
            }
        }
    }

    private void data(ByteBuf content) {
        if (over) {
            return;
        }
        if (received.size() + content.readableBytes() > PREFIX + MAX_MESSAGE) {
            fail(GrpcStatus.RESOURCE_EXHAUSTED, "a message of more than " + MAX_MESSAGE + " bytes");
            return;
        }
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        received.writeBytes(bytes);
    }

    private void ended(boolean end) {
        Http2Headers headers = head;
        if (!end || over || headers == null) {
            return;
        }
        byte[] all = received.toByteArray();
        if (all.length < PREFIX
                || all[0] != 0
                || ByteBuffer.wrap(all, 1, Integer.BYTES).getInt() != all.length - PREFIX) {
            fail(GrpcStatus.INVALID_ARGUMENT, "expected: one uncompressed message");
            return;
        }
        byte[] message = Arrays.copyOfRange(all, PREFIX, all.length);
        try {
            methods.call(String.valueOf(headers.path()), headers, message, this);
        } catch (IllegalArgumentException e) {
            fail(GrpcStatus.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("{} failed", headers.path(), e);
            fail(GrpcStatus.UNAVAILABLE, "internal error");
        }
    }

    /** On the event loop of the call, from wherever. */
    void execute(Runnable step) {
        stream.eventLoop().execute(step);
    }

    /** Sends the only message and ends. */
    void answer(ProtoWriter message) {
        send(message.toBytes());
        end(GrpcStatus.OK, "");
    }

    /** Sends a message now, and another whenever it has become another, until the caller goes. */
    void follow(Supplier<byte[]> message) {
        followed = message;
        update();
    }

    /**
     * Looks whether there is something else to say; a reader that is slow hears the newest later.
     */
    void update() {
        Supplier<byte[]> source = followed;
        if (source == null || over || !stream.isWritable()) {
            return;
        }
        try {
            byte[] message = source.get();
            if (!Arrays.equals(message, lastSent)) {
                lastSent = message;
                send(message);
            }
        } catch (NotNow e) {
            fail(GrpcStatus.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        update();
        context.fireChannelWritabilityChanged();
    }

    /** Ends without a message, or without a further one. */
    void fail(GrpcStatus status, String reason) {
        end(status, reason);
    }

    private void send(byte[] message) {
        if (over) {
            return;
        }
        if (!answering) {
            answering = true;
            stream.write(new DefaultHttp2HeadersFrame(head()));
        }
        ByteBuf framed = Unpooled.buffer(PREFIX + message.length);
        framed.writeByte(0).writeInt(message.length).writeBytes(message);
        stream.writeAndFlush(new DefaultHttp2DataFrame(framed));
    }

    private void end(GrpcStatus status, String reason) {
        if (over) {
            return;
        }
        over = true;
        followed = null;
        Http2Headers trailers = answering ? new DefaultHttp2Headers() : head();
        trailers.setInt("grpc-status", status.code());
        if (!reason.isEmpty()) {
            trailers.set("grpc-message", percentEncoded(reason));
        }
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(trailers, true));
    }

    private static Http2Headers head() {
        return new DefaultHttp2Headers().status("200").set("content-type", "application/grpc");
    }

    private static String percentEncoded(String text) {
        // The encoder of query strings encodes more than it must; all of it is decoded.
        QueryStringEncoder encoder = new QueryStringEncoder("");
        encoder.addParam("m", text);
        return encoder.toString().substring("?m=".length()).replace("+", "%20");
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over = true;
        followed = null;
        methods.gone(this);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("workload API: {}", cause.toString());
        context.close();
    }

    /** What is asked for is not there now; the caller may try again. */
    static final class NotNow extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotNow(String reason) {
            super(reason, null, false, false);
        }
    }
}
