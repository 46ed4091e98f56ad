package io.weft.dataplane.http;

import java.util.stream.IntStream;

/** Times as headers say them; the short ones, which nearly all are, made once. */
final class Millis {

    private static final String[] SHORT =
            IntStream.range(0, 256).mapToObj(Integer::toString).toArray(String[]::new);

    private Millis() {}

    static String text(long millis) {
        return millis >= 0 && millis < SHORT.length ? SHORT[(int) millis] : Long.toString(millis);
    }
}
