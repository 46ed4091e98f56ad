package io.weft.dataplane.http;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.function.Consumer;

/** The server side of HTTP/2, stricter than the library's own defaults. */
final class Http2Codec extends Http2FrameCodecBuilder {

    private static final int WINDOW = 1 << 20;
    private static final int RESETS_PER_WINDOW = 200;
    private static final int RESET_WINDOW_SECONDS = 10;
    private static final int SMALL_CONTINUATIONS = 16;

    private final Http2FrameGuard guard;

    /**
     * @param refused hears of what was refused, before the caller is told
     */
    Http2Codec(HttpLimits limits, Consumer<Http2Exception> refused) {
        Http2Connection connection = new DefaultHttp2Connection(true);
        this.guard =
                new Http2FrameGuard(
                        new DefaultHttp2FrameReader(
                                new DefaultHttp2HeadersDecoder(true, limits.headers()),
                                SMALL_CONTINUATIONS),
                        connection,
                        refused);
        Http2ConnectionEncoder encoder =
                new Http2Restraint(
                        new DefaultHttp2ConnectionEncoder(
                                connection, new DefaultHttp2FrameWriter()),
                        guard);
        Http2ConnectionDecoder decoder =
                new DefaultHttp2ConnectionDecoder(connection, encoder, guard);
        decoderEnforceMaxRstFramesPerWindow(RESETS_PER_WINDOW, RESET_WINDOW_SECONDS);
        codec(decoder, encoder);
        gracefulShutdownTimeoutMillis(0);
        initialSettings(
                Http2Settings.defaultSettings()
                        .maxConcurrentStreams(limits.streams())
                        .initialWindowSize(WINDOW)
                        .maxHeaderListSize(limits.headers()));
    }

    Http2FrameGuard guard() {
        return guard;
    }
}
