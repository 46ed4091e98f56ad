package io.weft.testkit.echo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Puts a request and its body together, with the headers as they came: Netty's own aggregator would
 * add a {@code Content-Length} and take {@code Transfer-Encoding} away.
 */
final class Http1Collector extends SimpleChannelInboundHandler<HttpObject> {

    private final int maxBody;
    private @Nullable HttpRequest head;
    private ByteBuf body = Unpooled.EMPTY_BUFFER;

    Http1Collector(int maxBody) {
        this.maxBody = maxBody;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            refuse(ctx, HttpResponseStatus.BAD_REQUEST);
            return;
        }
        if (message instanceof HttpRequest request) {
            head = request;
            body = ctx.alloc().buffer();
            if (HttpUtil.is100ContinueExpected(request)) {
                ctx.writeAndFlush(
                        new DefaultFullHttpResponse(
                                HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
        }
        HttpRequest request = head;
        if (message instanceof HttpContent part && request != null) {
            body.writeBytes(part.content());
            if (body.readableBytes() > maxBody) {
                refuse(ctx, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
            } else if (part instanceof LastHttpContent last) {
                DefaultFullHttpRequest whole =
                        new DefaultFullHttpRequest(
                                request.protocolVersion(),
                                request.method(),
                                request.uri(),
                                body,
                                request.headers(),
                                last.trailingHeaders());
                head = null;
                body = Unpooled.EMPTY_BUFFER;
                ctx.fireChannelRead(whole);
            }
        }
    }

    private void refuse(ChannelHandlerContext ctx, HttpResponseStatus status) {
        forget();
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
        response.headers().set("content-length", 0).set("connection", "close");
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    private void forget() {
        head = null;
        body.release();
        body = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        forget();
        ctx.fireChannelInactive();
    }
}
