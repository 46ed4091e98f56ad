package io.weft.compiler.yaml;

import java.util.Locale;

/** Whether one name is probably a slip for another. */
final class Similarity {

    private Similarity() {}

    /** At most two edits (one for short names), case aside. */
    static boolean close(String written, String known) {
        String a = written.toLowerCase(Locale.ROOT);
        String b = known.toLowerCase(Locale.ROOT);
        int bound = Math.min(a.length(), b.length()) <= 4 ? 1 : 2;
        return Math.abs(a.length() - b.length()) <= bound && distance(a, b) <= bound;
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
