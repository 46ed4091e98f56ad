package io.weft.testkit.echo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers one HTTP/2 stream. A gRPC call of any method gets its messages back as they come, the
 * report base64-encoded in the header {@code x-weft-echo}, and status 0 in the trailers.
 */
final class Http2Echo extends SimpleChannelInboundHandler<Http2StreamFrame> {

    static final String REPORT_HEADER = "x-weft-echo";

    private final EchoContext echo;
    private final StringBuilder body = new StringBuilder();
    private @Nullable Http2Headers request;
    private EchoFaults.@Nullable Fault fault;
    private boolean grpc;

    Http2Echo(EchoContext echo) {
        this.echo = echo;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame) {
        if (frame instanceof Http2HeadersFrame headers) {
            onHeaders(ctx, headers);
        } else if (frame instanceof Http2DataFrame data) {
            onData(ctx, data);
        }
    }

    private void onHeaders(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
        if (request == null) {
            request = frame.headers();
            fault = echo.faults().next();
            CharSequence type = request.get("content-type");
            grpc = type != null && type.toString().startsWith("application/grpc");
            if (grpc && fault == null) {
                startGrpc(ctx);
            }
        }
        if (frame.isEndStream()) {
            finish(ctx);
        }
    }

    private void onData(ChannelHandlerContext ctx, Http2DataFrame frame) {
        ByteBuf content = frame.content();
        if (grpc && fault == null) {
            ctx.writeAndFlush(new DefaultHttp2DataFrame(content.retainedDuplicate()));
        } else {
            body.append(content.toString(StandardCharsets.UTF_8));
        }
        if (frame.isEndStream()) {
            finish(ctx);
        }
    }

    private void startGrpc(ChannelHandlerContext ctx) {
        byte[] json = echo.write(report(ctx));
        Http2Headers head =
                new DefaultHttp2Headers()
                        .status("200")
                        .set("content-type", "application/grpc")
                        .set(REPORT_HEADER, Base64.getEncoder().encodeToString(json));
        ctx.writeAndFlush(new DefaultHttp2HeadersFrame(head));
    }

    private void finish(ChannelHandlerContext ctx) {
        EchoFaults.Fault ordered = fault;
        if (ordered != null && ordered.delayMillis() > 0) {
            ctx.executor()
                    .schedule(
                            () -> answer(ctx, ordered),
                            ordered.delayMillis(),
                            TimeUnit.MILLISECONDS);
        } else {
            answer(ctx, ordered);
        }
    }

    private void answer(ChannelHandlerContext ctx, EchoFaults.@Nullable Fault ordered) {
        if (ordered != null && ordered.reset()) {
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
        } else if (grpc) {
            answerGrpc(ctx, ordered);
        } else {
            int status = ordered != null && ordered.status() != 0 ? ordered.status() : 200;
            Http2Headers head =
                    new DefaultHttp2Headers()
                            .status(Integer.toString(status))
                            .set("content-type", "application/json");
            EchoReport report = report(ctx);
            EchoContext.wanted(report)
                    .forEach((name, value) -> head.set(name.toLowerCase(Locale.ROOT), value));
            ctx.write(new DefaultHttp2HeadersFrame(head));
            ByteBuf json = Unpooled.wrappedBuffer(echo.write(report));
            ctx.writeAndFlush(new DefaultHttp2DataFrame(json, true));
        }
    }

    private void answerGrpc(ChannelHandlerContext ctx, EchoFaults.@Nullable Fault ordered) {
        Http2Headers trailers = new DefaultHttp2Headers();
        if (ordered == null) {
            trailers.set("grpc-status", "0");
        } else if (ordered.status() >= 100) {
            trailers.status(Integer.toString(ordered.status()));
        } else {
            // Below 100 it is a gRPC status, answered without a body (trailers only).
            trailers.status("200")
                    .set("content-type", "application/grpc")
                    .set("grpc-status", Integer.toString(ordered.status()));
        }
        ctx.writeAndFlush(new DefaultHttp2HeadersFrame(trailers, true));
    }

    private EchoReport report(ChannelHandlerContext ctx) {
        Http2Headers headers = java.util.Objects.requireNonNull(request);
        List<List<String>> list = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            if (header.getKey().charAt(0) != ':') {
                list.add(List.of(header.getKey().toString(), header.getValue().toString()));
            }
        }
        return echo.report(
                ctx.channel(),
                "HTTP/2",
                text(headers.method()),
                text(headers.path()),
                text(headers.authority()),
                list,
                body.toString());
    }

    private static @Nullable String text(@Nullable CharSequence value) {
        return value == null ? null : value.toString();
    }
}
