package io.weft.testkit.echo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;

/** Sends back what comes, after a greeting where the server speaks first; closes when told EOF. */
final class TcpEcho extends ChannelInboundHandlerAdapter {

    private final EchoContext echo;
    private final boolean serverFirst;
    private boolean counted;

    TcpEcho(EchoContext echo, boolean serverFirst) {
        this.echo = echo;
        this.serverFirst = serverFirst;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (serverFirst) {
            greet(ctx);
        }
        ctx.fireChannelActive();
    }

    private void greet(ChannelHandlerContext ctx) {
        if (!count(ctx)) {
            EchoIdentity self = echo.identity();
            String hello = "hello from " + self.workload() + "." + self.namespace() + "\n";
            ctx.writeAndFlush(Unpooled.copiedBuffer(hello, StandardCharsets.UTF_8));
        }
    }

    /** Counts the connection as one request; true when a fault took it. */
    private boolean count(ChannelHandlerContext ctx) {
        if (counted) {
            return false;
        }
        counted = true;
        EchoFaults.Fault fault = echo.faults().next();
        if (fault != null && fault.reset()) {
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            ctx.close();
            return true;
        }
        return false;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (count(ctx)) {
            bytes.release();
        } else {
            ctx.writeAndFlush(bytes);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> ctx.close());
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
