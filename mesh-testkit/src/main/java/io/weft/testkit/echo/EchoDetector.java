package io.weft.testkit.echo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells HTTP/2 from HTTP/1.1 and from anything else by the first bytes. */
final class EchoDetector extends ByteToMessageDecoder {

    private static final byte[] H2 = "PRI * HTTP/2.0".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_BODY = 64 * 1024 * 1024;
    private static final int MAX_HEADERS = 256 * 1024;
    private static final int LONGEST_METHOD = 20;

    private final EchoContext echo;
    private final boolean tcpAllowed;

    EchoDetector(EchoContext echo, boolean tcpAllowed) {
        this.echo = echo;
        this.tcpAllowed = tcpAllowed;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int compared = Math.min(in.readableBytes(), H2.length);
        boolean h2 =
                ByteBufUtil.equals(
                        in,
                        in.readerIndex(),
                        io.netty.buffer.Unpooled.wrappedBuffer(H2),
                        0,
                        compared);
        if (h2 && compared < H2.length) {
            return;
        }
        ChannelPipeline pipeline = ctx.pipeline();
        if (h2) {
            http2(pipeline);
        } else if (!tcpAllowed || looksLikeHttp(in)) {
            http1(pipeline);
        } else {
            pipeline.addLast(new TcpEcho(echo, false));
        }
        pipeline.remove(this);
    }

    private static boolean looksLikeHttp(ByteBuf in) {
        int space = in.bytesBefore(Math.min(in.readableBytes(), LONGEST_METHOD), (byte) ' ');
        if (space < 1) {
            return false;
        }
        for (int i = 0; i < space; i++) {
            byte b = in.getByte(in.readerIndex() + i);
            if (b < 'A' || b > 'Z') {
                return false;
            }
        }
        return in.toString(StandardCharsets.ISO_8859_1).contains(" HTTP/1.");
    }

    private void http1(ChannelPipeline pipeline) {
        HttpDecoderConfig lenient = new HttpDecoderConfig().setMaxHeaderSize(MAX_HEADERS);
        pipeline.addLast(new HttpServerCodec(lenient));
        pipeline.addLast(new Http1Collector(MAX_BODY));
        pipeline.addLast(new Http1Echo(echo));
    }

    private void http2(ChannelPipeline pipeline) {
        pipeline.addLast(
                Http2FrameCodecBuilder.forServer()
                        .initialSettings(
                                Http2Settings.defaultSettings().maxHeaderListSize(MAX_HEADERS))
                        .build());
        pipeline.addLast(
                new Http2MultiplexHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel stream) {
                                stream.pipeline().addLast(new Http2Echo(echo));
                            }
                        }));
    }
}
