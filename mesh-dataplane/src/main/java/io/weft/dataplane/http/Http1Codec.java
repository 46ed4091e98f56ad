package io.weft.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.weft.dataplane.codec.FlatHeaders;
import io.weft.dataplane.codec.HeaderNames;
import java.util.List;

/** The server side of HTTP/1.1, stricter than the library's own defaults. */
final class Http1Codec {

    private Http1Codec() {}

    /** Leaves no message with two lengths alive, and no header that is folded over lines. */
    static final class Decoder extends HttpRequestDecoder {
        private boolean inHead = true;
        private boolean lineBefore;
        private boolean refused;
        private boolean underscores;
        private boolean chunked;
        private final ChunkGuard chunks;

        Decoder(HttpLimits limits) {
            super(
                    new HttpDecoderConfig()
                            .setMaxInitialLineLength(limits.initialLine())
                            .setMaxHeaderSize(limits.headers())
                            .setStrictLineParsing(true)
                            .setUseRfc9112TransferEncoding(true)
                            .setHeadersFactory(FlatHeaders.FACTORY)
                            .setTrailersFactory(FlatHeaders.FACTORY)
                            .setAllowDuplicateContentLengths(false));
            chunks = new ChunkGuard(limits.headers(), limits.headerCount());
        }

        @Override
        protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
            throw new IllegalArgumentException("both transfer-encoding and content-length");
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
                throws Exception {
            if (refused) {
                in.skipBytes(in.readableBytes());
                return;
            }
            if (inHead) {
                String wrong = lineBefore ? null : RequestLine.check(in);
                if (wrong == null && isFolded(in)) {
                    wrong = "header folded over lines";
                }
                if (wrong != null) {
                    refuse(wrong, in, out);
                    return;
                }
            } else if (chunked) {
                String wrong = chunks.check(in);
                if (wrong != null) {
                    refuseBody(wrong, in, out);
                    return;
                }
            }
            int start = in.readerIndex();
            int before = out.size();
            super.decode(ctx, in, out);
            lineBefore |= in.readerIndex() > start;
            if (chunked) {
                chunks.consumed(in.readerIndex() - start);
            }
            if (out.size() > before) {
                inHead = out.getLast() instanceof LastHttpContent;
                lineBefore = false;
                chunked &= !inHead;
                if (out.getLast() instanceof HttpRequest head) {
                    chunked = HttpUtil.isTransferEncodingChunked(head);
                    chunks.begin();
                }
            }
        }

        private void refuse(String cause, ByteBuf in, List<Object> out) {
            refused = true;
            in.skipBytes(in.readableBytes());
            HttpRequest bad = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
            bad.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(cause)));
            out.add(bad);
        }

        private void refuseBody(String cause, ByteBuf in, List<Object> out) {
            refused = true;
            in.skipBytes(in.readableBytes());
            HttpContent bad = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
            bad.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(cause)));
            out.add(bad);
        }

        /** The library joins folded lines (obsolete since RFC 9112 §5.2); others may not. */
        private boolean isFolded(ByteBuf in) {
            int end = in.writerIndex();
            int at = in.readerIndex();
            if (lineBefore && at < end && isBlank(in.getByte(at))) {
                return true;
            }
            while (true) {
                int lf = in.indexOf(at, end, (byte) '\n');
                if (lf < 0 || lf + 1 >= end) {
                    return false;
                }
                byte next = in.getByte(lf + 1);
                if (isBlank(next)) {
                    return true;
                }
                if (next == '\r' || next == '\n') {
                    return false; // The head ends here.
                }
                at = lf + 1;
            }
        }

        /** Whether a head has begun and is not whole yet. */
        boolean inMidHead() {
            return inHead && (lineBefore || internalBuffer().isReadable());
        }

        @Override
        protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
            AsciiString known = HeaderNames.find(bytes, start, length);
            if (known != null) {
                return known;
            }
            AsciiString name = super.splitHeaderName(bytes, start, length);
            underscores |= name.indexOf("_") >= 0;
            return name;
        }

        /** Whether there was a name with an underscore on this connection. */
        boolean underscores() {
            return underscores;
        }

        private static boolean isBlank(byte c) {
            return c == ' ' || c == '\t';
        }
    }

    /** Knows whether the answer is one to HEAD, which ends with its head whatever it says. */
    static final class Encoder extends HttpResponseEncoder {
        private boolean toHead;

        void toHead(boolean value) {
            toHead = value;
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpResponse head) {
            return toHead || super.isContentAlwaysEmpty(head);
        }
    }
}
