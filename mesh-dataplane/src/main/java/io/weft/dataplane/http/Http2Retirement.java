package io.weft.dataplane.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Stream;
import io.weft.dataplane.identity.CertificateEnd;

/**
 * Ends a downstream HTTP/2 connection whose peer's certificate has ended: GOAWAY, after which the
 * codec passes new streams over, and the close after the last stream (RFC 9113 §6.8).
 */
final class Http2Retirement extends ChannelInboundHandlerAdapter {

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event != CertificateEnd.EVENT) {
            context.fireUserEventTriggered(event);
            return;
        }
        Http2Server.goAway(context.channel());
        Http2Connection connection = context.pipeline().get(Http2FrameCodec.class).connection();
        if (connection.numActiveStreams() == 0) {
            context.close();
            return;
        }
        connection.addListener(
                new Http2ConnectionAdapter() {
                    @Override
                    public void onStreamRemoved(Http2Stream stream) {
                        if (connection.numActiveStreams() == 0) {
                            // Not in the middle of the last frame.
                            context.channel().eventLoop().execute(context::close);
                        }
                    }
                });
    }
}
