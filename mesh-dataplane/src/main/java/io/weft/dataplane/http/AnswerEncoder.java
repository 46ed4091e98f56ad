package io.weft.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.BrotliEncoder;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;

/** Encodes the parts of one answer's body. Used on its event loop only. */
final class AnswerEncoder {

    private final EmbeddedChannel encoder;
    private boolean closed;

    private AnswerEncoder(ChannelHandler handler) {
        encoder = new EmbeddedChannel(handler);
    }

    /**
     * @param algorithm {@code gzip}, {@code deflate} or {@code br}
     */
    static AnswerEncoder of(String algorithm) {
        return new AnswerEncoder(
                switch (algorithm) {
                    case "br" -> new BrotliEncoder();
                    case "deflate" -> ZlibCodecFactory.newZlibEncoder(ZlibWrapper.ZLIB);
                    default -> ZlibCodecFactory.newZlibEncoder(ZlibWrapper.GZIP);
                });
    }

    /** Takes the part over; what comes back may be empty, since encoders gather. */
    HttpContent encode(HttpContent part) {
        boolean last = part instanceof LastHttpContent;
        if (part.content().isReadable()) {
            encoder.writeOutbound(part.content().retain());
        }
        if (last) {
            closed = true;
            encoder.finish();
        }
        ByteBuf encoded = drain();
        HttpContent result = new DefaultHttpContent(encoded);
        if (part instanceof LastHttpContent end) {
            DefaultLastHttpContent trailers = new DefaultLastHttpContent(encoded);
            trailers.trailingHeaders().set(end.trailingHeaders());
            result = trailers;
        }
        part.release();
        return result;
    }

    private ByteBuf drain() {
        ByteBuf first = encoder.readOutbound();
        if (first == null) {
            return Unpooled.EMPTY_BUFFER;
        }
        ByteBuf next = encoder.readOutbound();
        if (next == null) {
            return first;
        }
        CompositeByteBuf all = encoder.alloc().compositeBuffer(Integer.MAX_VALUE);
        all.addComponent(true, first);
        while (next != null) {
            all.addComponent(true, next);
            next = encoder.readOutbound();
        }
        return all;
    }

    /** Lets go of what was not sent. */
    void close() {
        if (!closed) {
            closed = true;
            encoder.finishAndReleaseAll();
        }
    }
}
