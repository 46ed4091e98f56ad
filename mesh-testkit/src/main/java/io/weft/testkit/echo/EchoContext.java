package io.weft.testkit.echo;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.weft.model.wire.MeshCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all connections of one echo application share. Thread-safe. */
record EchoContext(EchoIdentity identity, EchoFaults faults, MeshCodec codec) {

    private static final String XFCC_URI = "URI=";

    EchoReport report(
            Channel channel,
            String protocol,
            @Nullable String method,
            @Nullable String path,
            @Nullable String host,
            List<List<String>> headers,
            String body) {
        return new EchoReport(
                identity.workload(),
                identity.namespace(),
                identity.version(),
                identity.replica(),
                protocol,
                method,
                path,
                host,
                headers,
                principal(headers),
                body,
                alpn(channel),
                channel.attr(SniCapture.SNI).get());
    }

    private static @Nullable String alpn(Channel channel) {
        Channel connection = channel.parent() == null ? channel : channel;
        for (Channel c = connection; c != null; c = c.parent()) {
            SslHandler tls = c.pipeline().get(SslHandler.class);
            if (tls != null) {
                return tls.applicationProtocol();
            }
        }
        return null;
    }

    /** The caller is the first element's URI; elements are separated by commas. */
    static @Nullable String principal(List<List<String>> headers) {
        for (List<String> header : headers) {
            if (header.getFirst().equalsIgnoreCase("x-forwarded-client-cert")) {
                for (String part : header.getLast().split("[;,]")) {
                    if (part.startsWith(XFCC_URI)) {
                        return part.substring(XFCC_URI.length());
                    }
                }
            }
        }
        return null;
    }

    /** Remembers the server name of the handshake for the report. */
    static final class SniCapture extends io.netty.channel.ChannelInboundHandlerAdapter {
        static final io.netty.util.AttributeKey<String> SNI =
                io.netty.util.AttributeKey.valueOf(SniCapture.class, "sni");

        @Override
        public void userEventTriggered(io.netty.channel.ChannelHandlerContext ctx, Object event) {
            if (event instanceof SniCompletionEvent sni && sni.hostname() != null) {
                ctx.channel().attr(SNI).set(sni.hostname());
            }
            ctx.fireUserEventTriggered(event);
        }
    }
}
