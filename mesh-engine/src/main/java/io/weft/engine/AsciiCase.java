package io.weft.engine;

/**
 * Comparison without regard to the case of ASCII letters only. The JDK's own folds all of Unicode,
 * where the Kelvin sign equals {@code k}: two names that the wire tells apart would be one here.
 */
public final class AsciiCase {

    private AsciiCase() {}

    /** Whether both are equal but for case. */
    public static boolean equal(String a, String b) {
        return a.length() == b.length() && regionEquals(a, 0, b);
    }

    /** Whether {@code part} stands in {@code text} at {@code offset}. */
    public static boolean regionEquals(String text, int offset, String part) {
        int length = part.length();
        if (offset < 0 || text.length() - offset < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(text.charAt(offset + i)) != lower(part.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code part} stands anywhere in {@code text}. */
    public static boolean contains(String text, String part) {
        int last = text.length() - part.length();
        for (int i = 0; i <= last; i++) {
            if (regionEquals(text, i, part)) {
                return true;
            }
        }
        return false;
    }

    /** The same text with ASCII letters in lower case; the same instance when nothing changes. */
    public static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (lower(text.charAt(i)) != text.charAt(i)) {
                char[] chars = text.toCharArray();
                for (int j = i; j < chars.length; j++) {
                    chars[j] = lower(chars[j]);
                }
                return new String(chars);
            }
        }
        return text;
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }
}
