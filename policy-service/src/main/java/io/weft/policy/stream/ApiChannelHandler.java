package io.weft.policy.stream;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between HTTP objects and the API: one instance for each HTTP/1.1 connection or HTTP/2 stream. */
final class ApiChannelHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(ApiChannelHandler.class);

    private final ApiHandler api;
    private final @Nullable Peer peer;
    private final String remote;
    private final boolean multiplexed;
    private @Nullable NettyLineSink lines;

    ApiChannelHandler(ApiHandler api, @Nullable Peer peer, String remote, boolean multiplexed) {
        this.api = api;
        this.peer = peer;
        this.remote = remote;
        this.multiplexed = multiplexed;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (lines != null || request.decoderResult().isFailure()) {
            // A second request behind a stream has no answer; one out of grammar deserves none.
            ctx.close();
            return;
        }
        boolean keepAlive = multiplexed || HttpUtil.isKeepAlive(request);
        if (!multiplexed) {
            // One at a time: what is pipelined waits in the flow control handler.
            ctx.channel().config().setAutoRead(false);
        }
        String target = request.uri();
        int query = target.indexOf('?');
        ApiRequest asked =
                new ApiRequest(
                        request.method().name(),
                        query < 0 ? target : target.substring(0, query),
                        ByteBufUtil.getBytes(request.content()),
                        peer,
                        remote);
        api.handle(asked)
                .whenComplete((response, failure) ->
                        ctx.executor()
                                .execute(() ->
                                        answer(
                                                ctx,
                                                failure == null ? response : failed(failure),
                                                keepAlive)));
    }

    private static ApiResponse failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        LOG.error("request failed", cause);
        return ApiResponse.problem(500, "Internal error", "see the log of policy-service");
    }

    private void answer(ChannelHandlerContext ctx, ApiResponse response, boolean keepAlive) {
        switch (response) {
            case ApiResponse.Whole whole -> writeWhole(ctx, whole, keepAlive);
            case ApiResponse.Lines stream -> openLines(ctx, stream);
        }
    }

    private void writeWhole(ChannelHandlerContext ctx, ApiResponse.Whole whole, boolean keepAlive) {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(whole.status()),
                        Unpooled.wrappedBuffer(whole.body()));
        if (!whole.contentType().isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, whole.contentType());
        }
        if (whole.status() != HttpResponseStatus.NO_CONTENT.code()) {
            HttpUtil.setContentLength(response, whole.body().length);
        }
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, "close");
        }
        ctx.writeAndFlush(response)
                .addListener(done -> {
                    if (!keepAlive) {
                        ctx.close();
                    } else if (!multiplexed) {
                        ctx.channel().config().setAutoRead(true);
                    }
                });
    }

    private void openLines(ChannelHandlerContext ctx, ApiResponse.Lines stream) {
        DefaultHttpResponse head =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/x-ndjson");
        head.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        if (!multiplexed) {
            HttpUtil.setTransferEncodingChunked(head, true);
            ctx.channel().config().setAutoRead(true); // so that the peer's close is seen
        }
        ctx.writeAndFlush(head);
        NettyLineSink sink = new NettyLineSink(ctx);
        lines = sink;
        if (!ctx.channel().isActive()) {
            sink.ended();
        }
        stream.opened().accept(sink);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (lines != null) {
            lines.ended();
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("connection of {} failed", remote, cause);
        ctx.close();
    }
}
