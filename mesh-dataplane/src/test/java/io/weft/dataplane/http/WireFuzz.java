package io.weft.dataplane.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import io.weft.dataplane.identity.PeerNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What Jazzer calls with bytes of its own making (profile {@code fuzz}): HTTP/1.1 is understood the
 * same however its bytes are cut, and what is understood cannot be understood otherwise; HTTP/2
 * frames throw nothing; the names of a peer's certificate are what other readers find, or refused.
 */
public final class WireFuzz {

    private static final HttpLimits LIMITS = HttpLimits.DEFAULT;

    private WireFuzz() {}

    /** Jazzer's entry; the first byte says which protocol. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
        if (bytes[0] == 'S') {
            PeerNames.readersAgree(rest);
        } else if ((bytes[0] & 1) == 0) {
            http1(rest);
        } else {
            http2(rest);
        }
    }

    private static void http1(byte[] bytes) {
        List<String> whole = requests(bytes, bytes.length);
        List<String> single = requests(bytes, 1);
        require(whole.equals(single), "all at once: " + whole + ", byte by byte: " + single);
    }

    /** The requests up to the first that is refused, each as one text. */
    private static List<String> requests(byte[] bytes, int step) {
        EmbeddedChannel channel = new EmbeddedChannel(new Http1Codec.Decoder(LIMITS));
        List<String> requests = new ArrayList<>();
        StringBuilder open = null;
        for (int at = 0; at < bytes.length; at += Math.max(step, 1)) {
            channel.writeInbound(
                    Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
        }
        Object part;
        boolean refused = false;
        while ((part = channel.readInbound()) != null) {
            if (!refused && part instanceof HttpRequest head) {
                refused =
                        head.decoderResult().isFailure()
                                || RequestGuard.check(head, LIMITS) != null;
                open = refused ? null : new StringBuilder(checked(head));
            } else if (!refused && part instanceof HttpContent content) {
                refused = content.decoderResult().isFailure();
                if (!refused && open != null) {
                    open.append(content.content().toString(StandardCharsets.ISO_8859_1));
                    if (content instanceof LastHttpContent) {
                        requests.add(open.toString());
                        open = null;
                    }
                }
            }
            ReferenceCountUtil.release(part);
        }
        channel.finishAndReleaseAll();
        return requests;
    }

    private static String checked(HttpRequest head) {
        require(
                !(head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                        && head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)),
                "two lengths: " + head);
        require(
                head.headers().getAll(HttpHeaderNames.CONTENT_LENGTH).size() < 2,
                "several lengths: " + head);
        require(head.headers().getAll(HttpHeaderNames.HOST).size() < 2, "hosts: " + head);
        StringBuilder text = new StringBuilder();
        text.append(head.method()).append(' ').append(head.uri()).append('\n');
        for (Map.Entry<String, String> header : head.headers()) {
            require(
                    header.getKey().matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+"),
                    "name: " + header.getKey());
            require(
                    header.getValue().chars().noneMatch(c -> c == 0 || c == '\r' || c == '\n'),
                    "value: " + header);
            text.append(header.getKey()).append(':').append(header.getValue()).append('\n');
        }
        return text.toString();
    }

    private static void http2(byte[] frames) {
        EmbeddedChannel channel =
                new EmbeddedChannel(
                        // By its parent the codec knows that it is the server's side.
                        new LocalServerChannel(),
                        DefaultChannelId.newInstance(),
                        true,
                        false,
                        Http2FrameCodecBuilder.forServer()
                                .initialSettings(
                                        Http2Settings.defaultSettings()
                                                .maxConcurrentStreams(LIMITS.streams())
                                                .maxHeaderListSize(LIMITS.headers()))
                                .build(),
                        new Http2MultiplexHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline()
                                                .addLast(
                                                        new Http2StreamFrameToHttpObjectCodec(
                                                                true));
                                    }
                                }));
        try {
            channel.writeInbound(Http2CodecUtil.connectionPrefaceBuf());
            channel.writeInbound(Unpooled.copiedBuffer(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}));
            channel.writeInbound(Unpooled.copiedBuffer(frames));
            channel.runPendingTasks();
            channel.finishAndReleaseAll();
        } catch (Exception e) {
            // What is no HTTP/2 is refused by name; anything else is a mistake.
            if (!(e instanceof Http2Exception || e instanceof Http2FrameStreamException)) {
                throw e;
            }
            channel.close();
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
