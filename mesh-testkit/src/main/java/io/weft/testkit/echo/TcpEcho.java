package io.weft.testkit.echo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sends back what comes, after a greeting where the server speaks first; closes when told EOF. */
final class TcpEcho extends ChannelInboundHandlerAdapter {

    private final EchoContext echo;
    private final boolean serverFirst;
    private boolean counted;
    private long delayMillis;

    TcpEcho(EchoContext echo, boolean serverFirst) {
        this.echo = echo;
        this.serverFirst = serverFirst;
    }

    /** In place of a detector only when the first bytes are there; then it is active already. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            opened(ctx);
        }
    }

    private void opened(ChannelHandlerContext ctx) {
        echo.connections()
                .opened(
                        peerPort(ctx),
                        echo.report(ctx.channel(), "TCP", null, null, null, List.of(), ""));
    }

    private static int peerPort(ChannelHandlerContext ctx) {
        return ctx.channel().remoteAddress() instanceof InetSocketAddress peer ? peer.getPort() : 0;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        opened(ctx);
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
        delayMillis = fault == null ? 0 : fault.delayMillis();
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
        echo.connections().received(peerPort(ctx), bytes);
        if (count(ctx)) {
            bytes.release();
        } else if (delayMillis > 0) {
            ctx.executor()
                    .schedule(() -> ctx.writeAndFlush(bytes), delayMillis, TimeUnit.MILLISECONDS);
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
