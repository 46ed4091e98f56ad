package io.weft.policy.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lines as chunks of an HTTP response. */
final class NettyLineSink implements LineSink {

    private static final byte[] LINE_END = {'\n'};

    private final ChannelHandlerContext ctx;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    NettyLineSink(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public CompletionStage<Void> write(byte[] line) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        ByteBuf chunk = Unpooled.wrappedBuffer(line, LINE_END);
        ctx.writeAndFlush(new DefaultHttpContent(chunk))
                .addListener(done -> {
                    if (done.isSuccess()) {
                        written.complete(null);
                    } else {
                        Throwable cause = done.cause();
                        written.completeExceptionally(
                                cause == null ? new ClosedChannelException() : cause);
                    }
                });
        return written;
    }

    @Override
    public CompletionStage<Void> closed() {
        return closed;
    }

    @Override
    public void close() {
        ctx.close();
    }

    void ended() {
        closed.complete(null);
    }
}
