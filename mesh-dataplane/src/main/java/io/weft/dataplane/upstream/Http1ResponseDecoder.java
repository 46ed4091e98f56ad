package io.weft.dataplane.upstream;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.AsciiString;
import io.weft.dataplane.codec.FlatHeaders;
import io.weft.dataplane.codec.HeaderNames;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers of one connection, one after the other. It is told which are to HEAD: those end
 * with their head, whatever it says (RFC 9112 §6.3).
 */
final class Http1ResponseDecoder extends HttpResponseDecoder {

    /** What nearly every answer begins with, made once. */
    private static final String VERSION = "HTTP/1.1";

    private static final String OK = "200";
    private static final String OK_REASON = "OK";

    private boolean toHead;

    Http1ResponseDecoder(int maxHeaders) {
        super(
                new HttpDecoderConfig()
                        .setMaxHeaderSize(maxHeaders)
                        .setHeadersFactory(FlatHeaders.FACTORY)
                        .setTrailersFactory(FlatHeaders.FACTORY));
    }

    void toHead(boolean value) {
        toHead = value;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        boolean last =
                !(message instanceof HttpResponse response)
                        || response.status().codeClass() != HttpStatusClass.INFORMATIONAL;
        return last && toHead || super.isContentAlwaysEmpty(message);
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] bytes, int start, int length) {
        return isAt(VERSION, bytes, start, length)
                ? VERSION
                : super.splitFirstWordInitialLine(bytes, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] bytes, int start, int length) {
        return isAt(OK, bytes, start, length)
                ? OK
                : super.splitSecondWordInitialLine(bytes, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] bytes, int start, int length) {
        return isAt(OK_REASON, bytes, start, length)
                ? OK_REASON
                : super.splitThirdWordInitialLine(bytes, start, length);
    }

    private static boolean isAt(String text, byte[] bytes, int start, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != bytes[start + i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        @Nullable AsciiString known = HeaderNames.find(bytes, start, length);
        return known == null ? super.splitHeaderName(bytes, start, length) : known;
    }
}
