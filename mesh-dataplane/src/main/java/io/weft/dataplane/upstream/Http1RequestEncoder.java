package io.weft.dataplane.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Writes a request's target as the bytes that were decided on: the library would make UTF-8 of
 * bytes beyond ASCII, and forward another target than the one that came.
 */
final class Http1RequestEncoder extends HttpRequestEncoder {

    private static final byte[] END = {'\r', '\n'};

    @Override
    protected void encodeInitialLine(ByteBuf out, HttpRequest request) {
        String target = request.uri();
        ByteBufUtil.writeAscii(out, request.method().name());
        out.writeByte(' ');
        if (isBytes(target)) {
            ByteBufUtil.writeAscii(out, target.isEmpty() ? "/" : target);
        } else {
            out.writeCharSequence(target, StandardCharsets.UTF_8);
        }
        out.writeByte(' ');
        ByteBufUtil.writeAscii(out, request.protocolVersion().text());
        out.writeBytes(END);
    }

    /** What the own process sends may hold characters that are no bytes. */
    private static boolean isBytes(String target) {
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) > 0xff) {
                return false;
            }
        }
        return true;
    }
}
