package io.weft.blog.api;

/**
 * What v2 says of a text: how it begins, and how long one reads it. Counts Chinese characters as
 * well as words.
 */
final class Reading {

    private static final int EXCERPT = 140;
    private static final int WORDS_A_MINUTE = 220;
    private static final int HANZI_A_MINUTE = 400;

    private Reading() {}

    static String excerpt(String text) {
        String flat = text.strip().replaceAll("\\s+", " ");
        if (flat.codePointCount(0, flat.length()) <= EXCERPT) {
            return flat;
        }
        return flat.substring(0, flat.offsetByCodePoints(0, EXCERPT)).strip() + "…";
    }

    static int minutes(String text) {
        long hanzi =
                text.codePoints()
                        .filter(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN)
                        .count();
        long words = text.replaceAll("\\p{IsHan}", " ").strip().split("\\s+").length;
        return (int)
                Math.max(
                        1,
                        Math.round(
                                (double) hanzi / HANZI_A_MINUTE + (double) words / WORDS_A_MINUTE));
    }
}
