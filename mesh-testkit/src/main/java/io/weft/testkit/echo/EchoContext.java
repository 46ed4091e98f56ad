package io.weft.testkit.echo;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** What all connections of one echo application share. Thread-safe. */
record EchoContext(EchoIdentity identity, EchoFaults faults, TcpReports connections) {

    /** Everything is told, also what is null, in the order of the record. */
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();

    private static final String XFCC_URI = "URI=";

    byte[] write(EchoReport report) {
        return JSON.writeValueAsBytes(report);
    }

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
                path == null ? null : Utf8.decoded(path),
                host == null ? null : Utf8.decoded(host),
                headers.stream()
                        .map(h -> List.of(Utf8.decoded(h.getFirst()), Utf8.decoded(h.getLast())))
                        .toList(),
                principal(headers),
                body,
                alpn(channel),
                sni(channel));
    }

    /**
     * The headers that a request wants in its answer, from {@code x-echo-set-header:
     * name:value,name:value}.
     */
    static Map<String, String> wanted(EchoReport report) {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (List<String> header : report.headers()) {
            if (header.getFirst().equalsIgnoreCase("x-echo-set-header")) {
                for (String each : header.getLast().split(",")) {
                    int colon = each.indexOf(':');
                    if (colon > 0) {
                        wanted.put(
                                each.substring(0, colon).strip(),
                                each.substring(colon + 1).strip());
                    }
                }
            }
        }
        return wanted;
    }

    /** Of the connection, also when the channel is one of its streams. */
    private static @Nullable String sni(Channel channel) {
        Channel connection = channel;
        while (connection.parent() != null && connection.parent().parent() != null) {
            connection = connection.parent();
        }
        return connection.attr(SniCapture.SNI).get();
    }

    private static @Nullable String alpn(Channel channel) {
        for (Channel c = channel; c != null; c = c.parent()) {
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
