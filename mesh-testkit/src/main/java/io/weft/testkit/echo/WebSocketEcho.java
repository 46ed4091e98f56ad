package io.weft.testkit.echo;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.nio.charset.StandardCharsets;

/** Says once, as its first message, what the upgrade request was; then sends every frame back. */
final class WebSocketEcho extends SimpleChannelInboundHandler<WebSocketFrame> {

    private final EchoContext echo;
    private final EchoReport report;

    WebSocketEcho(EchoContext echo, EchoReport report) {
        this.echo = echo;
        this.report = report;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
            String json = new String(echo.write(report), StandardCharsets.UTF_8);
            ctx.writeAndFlush(new TextWebSocketFrame(json));
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        ctx.writeAndFlush(frame.retain());
    }
}
