package io.weft.compiler;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * One file of a configuration.
 *
 * @param path in the repository, as diagnostics and origins name it
 * @param text what stands in it
 * @param malformedLine 1-based line of the first bytes that are not UTF-8, 0 when all are; then
 *     {@code text} has U+FFFD in place of such bytes
 */
public record SourceFile(String path, String text, int malformedLine) {

    public SourceFile(String path, String text) {
        this(path, text, 0);
    }

    /** Reads bytes as UTF-8; the first place that is not is remembered for a diagnostic. */
    public static SourceFile decode(String path, byte[] bytes) {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        if (isWide(bytes)) {
            return new SourceFile(path, "", 1);
        }
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
        String read = text.flip().toString();
        if (!result.isError()) {
            return new SourceFile(path, read);
        }
        int line = 1 + (int) read.chars().filter(c -> c == '\n').count();
        return new SourceFile(path, new String(bytes, StandardCharsets.UTF_8), line);
    }

    /** UTF-16 or UTF-32, by the mark or by the zeros among the first letters. */
    private static boolean isWide(byte[] bytes) {
        if (bytes.length < 2) {
            return false;
        }
        int mark = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        boolean zero = bytes[0] == 0 || bytes[1] == 0;
        return mark == 0xfeff || mark == 0xfffe || zero;
    }
}
