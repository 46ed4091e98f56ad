package io.weft.dataplane.soak;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Calls over HTTP/2, half of it gRPC, on several streams of one connection at a time; resets
 * streams, and now and then leaves with all of them. On one event loop.
 */
final class SecondCaller {

    private static final int STREAMS = 16;

    private final EventLoopGroup group;
    private final int port;
    private final Tally tally;
    private final Random random;
    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable Channel connection;
    private int active;
    private boolean leaving;
    private boolean enough;

    SecondCaller(EventLoopGroup group, int port, Tally tally, long seed) {
        this.group = group;
        this.port = port;
        this.tally = tally;
        this.random = new Random(seed);
    }

    CountDownLatch start() {
        connect();
        return done;
    }

    private void connect() {
        leaving = false;
        new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel made) {
                                made.pipeline()
                                        .addLast(
                                                Http2FrameCodecBuilder.forClient()
                                                        .initialSettings(
                                                                Http2Settings.defaultSettings()
                                                                        .pushEnabled(false))
                                                        .build(),
                                                new Http2MultiplexHandler(
                                                        new ChannelInboundHandlerAdapter()));
                            }
                        })
                .connect("127.0.0.1", port)
                .addListener((io.netty.channel.ChannelFuture made) -> {
                    if (!made.isSuccess()) {
                        tally.wrong("h2: " + made.cause());
                        done.countDown();
                        return;
                    }
                    connection = made.channel();
                    made.channel().closeFuture().addListener(closed -> gone());
                    more();
                });
    }

    private void gone() {
        connection = null;
        group.next()
                .execute(() -> {
                    if (enough) {
                        done.countDown();
                    } else {
                        connect();
                    }
                });
    }

    private void more() {
        Channel on = connection;
        while (on != null && !leaving && !enough && active < STREAMS) {
            long id = tally.next();
            if (id < 0) {
                enough = true;
                break;
            }
            if (random.nextInt(2000) == 0) {
                leaving = true;
                tally.count(
                        "h2 caller left with " + (active > 0 ? "streams" : "nothing") + " open");
                on.close();
                return;
            }
            open(on, id);
        }
        if (enough && active == 0 && on != null) {
            on.close();
        }
    }

    private void open(Channel on, long id) {
        active++;
        boolean grpc = random.nextBoolean();
        int dice = random.nextInt(1000);
        String what = dice < 20 ? "reset" : dice < 40 ? "half" : dice < 60 ? "close" : "ok";
        int size = random.nextInt(20) == 0 ? random.nextInt(200_000) : random.nextInt(2_000);
        int body = random.nextInt(3) == 0 ? 1 + random.nextInt(60_000) : 0;
        Stream stream = new Stream(id, grpc, what, size, dice);
        new Http2StreamChannelBootstrap(on)
                .handler(stream)
                .open()
                .addListener(opened -> {
                    if (!opened.isSuccess()) {
                        stream.end("h2 not opened");
                        return;
                    }
                    Http2StreamChannel channel = (Http2StreamChannel) opened.getNow();
                    channel.closeFuture().addListener(closed -> stream.end("h2 closed"));
                    send(channel, stream, body);
                });
    }

    private void send(Http2StreamChannel channel, Stream stream, int body) {
        Http2Headers head =
                new DefaultHttp2Headers()
                        .method(body > 0 || stream.grpc ? "POST" : "GET")
                        .scheme("http")
                        .authority(random.nextBoolean() ? "server.ns:9090" : "server.ns:8080")
                        .path("/soak")
                        .add("x-id", String.valueOf(stream.id))
                        .add("x-do", stream.what)
                        .add("x-size", String.valueOf(stream.size));
        if (stream.grpc) {
            head.authority("server.ns:9090").add("content-type", "application/grpc");
        }
        boolean abandon = stream.dice >= 980 && body > 0;
        channel.write(new DefaultHttp2HeadersFrame(head, body == 0));
        if (body > 0) {
            channel.write(
                    new DefaultHttp2DataFrame(
                            Unpooled.wrappedBuffer(stream.bytes(body)), !abandon));
        }
        channel.flush();
        if (abandon || stream.dice >= 990) {
            stream.end("h2 caller reset its request");
            channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        }
    }

    private final class Stream extends SimpleChannelInboundHandler<Http2StreamFrame> {
        private final long id;
        private final boolean grpc;
        private final String what;
        private final int size;
        private final int dice;
        private int got;
        private int status;
        private String grpcStatus = "";
        private boolean right;
        private boolean ended;

        Stream(long id, boolean grpc, String what, int size, int dice) {
            this.id = id;
            this.grpc = grpc;
            this.what = what;
            this.size = size;
            this.dice = dice;
        }

        /** A body, of one message where it is gRPC. */
        byte[] bytes(int count) {
            byte[] bytes = new byte[count];
            return grpc ? UnreliableApp.message(bytes) : bytes;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame) {
            boolean last = false;
            if (frame instanceof Http2HeadersFrame headers) {
                head(headers.headers());
                last = headers.isEndStream();
                if (!last && dice >= 960 && dice < 980) {
                    end("h2 caller reset in the answer");
                    ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
                    return;
                }
            } else if (frame instanceof Http2DataFrame data) {
                got += data.content().readableBytes();
                last = data.isEndStream();
            }
            if (last) {
                whole();
            }
        }

        private void head(Http2Headers headers) {
            if (headers.status() != null) {
                status = Integer.parseInt(headers.status().toString());
                CharSequence told = headers.get("x-id");
                right = told != null && told.toString().equals(String.valueOf(id));
            }
            CharSequence code = headers.get("grpc-status");
            if (code != null) {
                grpcStatus = code.toString();
            }
        }

        private void whole() {
            boolean expected = what.equals("ok") || what.equals("goaway");
            String name = grpc ? "grpc " + grpcStatus : "h2 " + status;
            if (expected) {
                boolean good =
                        status == 200 && right && got == size && (!grpc || "0".equals(grpcStatus));
                end(name);
                if (!good) {
                    tally.wrong(name + " for " + what + ", " + got + " bytes of " + size);
                }
            } else {
                end("app's fault: " + name);
                if (grpc ? "0".equals(grpcStatus) : status == 200) {
                    tally.wrong(name + " for " + what);
                }
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                if (!ended && (what.equals("ok") || what.equals("goaway"))) {
                    tally.wrong("h2: reset " + reset.errorCode() + " for " + what);
                }
                end("app's fault: h2 reset");
            }
        }

        void end(String outcome) {
            if (!ended) {
                ended = true;
                active--;
                tally.count(leaving ? "h2 caller left" : outcome);
                group.next().execute(SecondCaller.this::more);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            tally.wrong("h2: " + cause);
            ctx.close();
        }
    }
}
