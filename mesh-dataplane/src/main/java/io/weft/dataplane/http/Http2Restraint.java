package io.weft.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections whose callers have the proxy answer with frames and do not read them, or have it
 * reset stream after stream ("made you reset"). Used on its event loop only.
 */
final class Http2Restraint extends DecoratingHttp2ConnectionEncoder {

    private static final int QUEUED = 1_000;
    private static final int RESETS = 200;
    private static final long RESET_NANOS = 10_000_000_000L;

    private final Http2FrameGuard guard;
    private @Nullable Http2LifecycleManager manager;
    private int queued;
    private int resets;
    private long resetsSince = System.nanoTime();

    Http2Restraint(Http2ConnectionEncoder encoder, Http2FrameGuard guard) {
        super(encoder);
        this.guard = guard;
    }

    @Override
    public void lifecycleManager(Http2LifecycleManager lifecycle) {
        manager = lifecycle;
        super.lifecycleManager(lifecycle);
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx,
            int id,
            ByteBuf data,
            int padding,
            boolean end,
            ChannelPromise promise) {
        guard.sent();
        return super.writeData(ctx, id, data, padding, end, promise);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
        return super.writeSettingsAck(ctx, counted(ctx, promise));
    }

    @Override
    public ChannelFuture writePing(
            ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
        return super.writePing(ctx, ack, data, counted(ctx, promise));
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext ctx, int id, long error, ChannelPromise promise) {
        if (error != Http2Error.NO_ERROR.code()) {
            countReset(ctx);
        }
        return super.writeRstStream(ctx, id, error, counted(ctx, promise));
    }

    private void countReset(ChannelHandlerContext ctx) {
        long now = System.nanoTime();
        if (now - resetsSince > RESET_NANOS) {
            resetsSince = now;
            resets = 0;
        }
        resets++;
        if (resets == RESETS) {
            calm(ctx, "the proxy had to reset %d streams within 10 s", RESETS);
        }
    }

    private ChannelPromise counted(ChannelHandlerContext ctx, ChannelPromise promise) {
        queued++;
        if (queued == QUEUED) {
            calm(ctx, "%d frames wait for the caller to read them", QUEUED);
        }
        return promise.unvoid().addListener(written -> queued--);
    }

    private void calm(ChannelHandlerContext ctx, String cause, int count) {
        Http2LifecycleManager lifecycle = manager;
        if (lifecycle != null) {
            Http2Exception error =
                    Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, cause, count);
            guard.refused(error);
            lifecycle.onError(ctx, false, error);
            ctx.flush();
        }
    }
}
