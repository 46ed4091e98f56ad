package io.weft.testkit.echo;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_TYPE;
import static io.netty.handler.codec.http.HttpHeaderNames.UPGRADE;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Answers HTTP/1.1 requests with a report; upgrades to WebSocket when asked to. */
final class Http1Echo extends SimpleChannelInboundHandler<FullHttpRequest> {

    private final EchoContext echo;

    Http1Echo(EchoContext echo) {
        this.echo = echo;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        EchoFaults.Fault fault = echo.faults().next();
        if (request.headers().containsValue(UPGRADE, "websocket", true)
                && (fault == null || fault.status() == 0 && !fault.reset())) {
            long delay = fault == null ? 0 : fault.delayMillis();
            request.retain();
            ctx.executor().schedule(() -> upgrade(ctx, request), delay, TimeUnit.MILLISECONDS);
            return;
        }
        EchoReport report = report(ctx, request);
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        boolean head = request.method().equals(HttpMethod.HEAD);
        if (fault != null && fault.delayMillis() > 0) {
            ctx.executor()
                    .schedule(
                            () -> answer(ctx, report, keepAlive, head, fault),
                            fault.delayMillis(),
                            TimeUnit.MILLISECONDS);
        } else {
            answer(ctx, report, keepAlive, head, fault);
        }
    }

    private void answer(
            ChannelHandlerContext ctx,
            EchoReport report,
            boolean keepAlive,
            boolean head,
            EchoFaults.@org.jspecify.annotations.Nullable Fault fault) {
        if (fault != null && fault.reset()) {
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            ctx.close();
            return;
        }
        byte[] body = echo.write(report);
        int status = fault != null && fault.status() != 0 ? fault.status() : 200;
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        response.headers().set(CONTENT_TYPE, "application/json").set(CONTENT_LENGTH, body.length);
        EchoContext.wanted(report).forEach((name, value) -> response.headers().set(name, value));
        if (!keepAlive) {
            response.headers().set(CONNECTION, "close");
        }
        var written = ctx.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private EchoReport report(ChannelHandlerContext ctx, FullHttpRequest request) {
        List<List<String>> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : request.headers()) {
            headers.add(List.of(header.getKey(), header.getValue()));
        }
        return echo.report(
                ctx.channel(),
                request.protocolVersion().text(),
                request.method().name(),
                request.uri(),
                request.headers().get("host"),
                headers,
                request.content().toString(StandardCharsets.UTF_8));
    }

    private void upgrade(ChannelHandlerContext ctx, FullHttpRequest request) {
        EchoReport report = report(ctx, request);
        ctx.pipeline()
                .addAfter(
                        ctx.name(),
                        "websocket",
                        new WebSocketServerProtocolHandler(path(request), null, true));
        ctx.pipeline().addLast(new WebSocketEcho(echo, report));
        ctx.fireChannelRead(request);
        ctx.pipeline().remove(this);
    }

    private static String path(FullHttpRequest request) {
        int query = request.uri().indexOf('?');
        return query < 0 ? request.uri() : request.uri().substring(0, query);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
