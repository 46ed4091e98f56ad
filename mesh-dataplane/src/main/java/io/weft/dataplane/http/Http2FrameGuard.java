package io.weft.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the frames of a caller before the library does: what it lets pass that RFC 9113 does
 * not, and frames that make work without ever being a request. Used on its event loop only.
 */
final class Http2FrameGuard implements Http2FrameReader {

    /** Frames without a message's bytes that a caller may send within a window beyond its due. */
    private static final int FREE_FRAMES = 1_000;

    private static final long WINDOW_NANOS = 10_000_000_000L;

    /** A frame with bytes may be followed by acknowledgements, window updates, a ping. */
    private static final int DUE_PER_FRAME = 10;

    private static final int REMEMBERED_STREAMS = 256;

    private final Http2FrameReader reader;
    private final Http2Connection connection;
    private final Consumer<Http2Exception> refused;
    private final Deque<Integer> closed = new ArrayDeque<>();
    private final Deque<Integer> reset = new ArrayDeque<>();
    private @Nullable Checking checking;
    private long windowStart = System.nanoTime();
    private int bare;
    private long due;
    private long incompleteSince;
    private boolean whole;

    /**
     * @param refused hears of what was refused, before the caller is told
     */
    Http2FrameGuard(
            Http2FrameReader reader, Http2Connection connection, Consumer<Http2Exception> refused) {
        this.reader = reader;
        this.connection = connection;
        this.refused = refused;
        connection.addListener(
                new Http2ConnectionAdapter() {
                    @Override
                    public void onStreamClosed(Http2Stream stream) {
                        remember(stream.isResetSent() ? reset : closed, stream.id());
                    }
                });
    }

    private static void remember(Deque<Integer> streams, int id) {
        streams.addLast(id);
        if (streams.size() > REMEMBERED_STREAMS) {
            streams.removeFirst();
        }
    }

    /** Since when a frame or a block of headers is incomplete, by the nano clock; 0 if none is. */
    long incompleteSince() {
        return incompleteSince;
    }

    void refused(Http2Exception error) {
        refused.accept(error);
    }

    /** A frame with bytes was sent to the caller. */
    void sent() {
        due += DUE_PER_FRAME;
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener)
            throws Http2Exception {
        Checking to = checking;
        if (to == null || to.listener != listener) {
            to = new Checking(listener);
            checking = to;
        }
        whole = false;
        try {
            reader.readFrame(ctx, input, to);
        } catch (Http2Exception e) {
            refused.accept(e);
            throw e;
        }
        if (whole && !input.isReadable()) {
            incompleteSince = 0;
        } else if (incompleteSince == 0) {
            incompleteSince = System.nanoTime();
        }
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    /** A frame that brings no message forward. */
    private void bare() throws Http2Exception {
        whole = true;
        long now = System.nanoTime();
        if (now - windowStart > WINDOW_NANOS) {
            windowStart = now;
            bare = 0;
            due = 0;
        }
        bare++;
        if (bare > FREE_FRAMES + due) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM,
                    "more than %d frames that carry nothing within %d s",
                    FREE_FRAMES,
                    WINDOW_NANOS / 1_000_000_000L);
        }
    }

    private void beginning(int id, Http2Headers headers) throws Http2Exception {
        boolean late = id <= connection.remote().lastStreamCreated();
        if (late && !reset.contains(id)) {
            throw closed.contains(id)
                    ? Http2Exception.connectionError(
                            Http2Error.STREAM_CLOSED, "headers on stream %d, which is closed", id)
                    : Http2Exception.connectionError(
                            Http2Error.PROTOCOL_ERROR, "stream %d is opened after a later one", id);
        }
        if (!late) {
            String wrong = Http2RequestHead.check(headers);
            if (wrong != null) {
                throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, wrong);
            }
        }
    }

    private void headers(int id, Http2Headers headers, boolean end) throws Http2Exception {
        whole = true;
        due += DUE_PER_FRAME;
        Http2Stream stream = connection.stream(id);
        if (stream == null) {
            beginning(id, headers);
        } else if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
            throw Http2Exception.streamError(
                    id, Http2Error.STREAM_CLOSED, "headers behind the end of the request");
        } else if (!end) {
            throw Http2Exception.streamError(
                    id, Http2Error.PROTOCOL_ERROR, "headers within a body");
        } else {
            String wrong = Http2RequestHead.checkTrailers(headers);
            if (wrong != null) {
                throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, wrong);
            }
        }
    }

    private final class Checking extends Http2FrameListenerDecorator {

        private final Http2FrameListener listener;

        Checking(Http2FrameListener listener) {
            super(listener);
            this.listener = listener;
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end)
                throws Http2Exception {
            whole = true;
            if (data.isReadable()) {
                due += DUE_PER_FRAME;
            } else if (!end) {
                bare();
            }
            return super.onDataRead(ctx, id, data, padding, end);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end)
                throws Http2Exception {
            headers(id, headers, end);
            super.onHeadersRead(ctx, id, headers, padding, end);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end)
                throws Http2Exception {
            headers(id, headers, end);
            super.onHeadersRead(ctx, id, headers, dependency, weight, exclusive, padding, end);
        }

        @Override
        public void onPriorityRead(
                ChannelHandlerContext ctx, int id, int dependency, short weight, boolean exclusive)
                throws Http2Exception {
            bare();
            super.onPriorityRead(ctx, id, dependency, weight, exclusive);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long error)
                throws Http2Exception {
            whole = true;
            super.onRstStreamRead(ctx, id, error);
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
            bare();
            super.onSettingsAckRead(ctx);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
                throws Http2Exception {
            bare();
            super.onSettingsRead(ctx, settings);
        }

        @Override
        public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            bare();
            super.onPingRead(ctx, data);
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            bare();
            super.onPingAckRead(ctx, data);
        }

        @Override
        public void onPushPromiseRead(
                ChannelHandlerContext ctx, int id, int promised, Http2Headers headers, int padding)
                throws Http2Exception {
            whole = true;
            super.onPushPromiseRead(ctx, id, promised, headers, padding);
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int last, long error, ByteBuf debug)
                throws Http2Exception {
            bare();
            super.onGoAwayRead(ctx, last, error, debug);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment)
                throws Http2Exception {
            bare();
            super.onWindowUpdateRead(ctx, id, increment);
        }

        @Override
        public void onUnknownFrame(
                ChannelHandlerContext ctx, byte type, int id, Http2Flags flags, ByteBuf payload)
                throws Http2Exception {
            bare();
            super.onUnknownFrame(ctx, type, id, flags, payload);
        }
    }
}
