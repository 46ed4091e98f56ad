package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** The server side of HTTP/1.1, stricter than the library's own defaults. */
final class Http1Codec {

    private Http1Codec() {}

    /** Leaves no message with two lengths alive. */
    static final class Decoder extends HttpRequestDecoder {
        Decoder(HttpLimits limits) {
            super(
                    new HttpDecoderConfig()
                            .setMaxInitialLineLength(limits.initialLine())
                            .setMaxHeaderSize(limits.headers())
                            .setStrictLineParsing(true)
                            .setUseRfc9112TransferEncoding(true)
                            .setAllowDuplicateContentLengths(false));
        }

        @Override
        protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
            throw new IllegalArgumentException("both transfer-encoding and content-length");
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
