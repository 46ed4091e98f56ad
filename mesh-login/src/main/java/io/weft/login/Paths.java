package io.weft.login;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Prefixes of paths, by segments. */
final class Paths {

    private Paths() {}

    static boolean isBelow(List<String> prefixes, String path) {
        for (String prefix : prefixes) {
            String end = prefix.endsWith("/") ? prefix : prefix + "/";
            if (path.startsWith(end) || path.equals(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Whether everybody reads the path in the same way. */
    static boolean isPlain(String path) {
        return path.indexOf('%') < 0
                && path.indexOf('\\') < 0
                && path.indexOf(';') < 0
                && !path.contains("//")
                && !path.contains("/.");
    }

    /** What a path that can be read in several ways leads to at worst. */
    static String meant(String path) {
        String now = path;
        for (int i = 0; i < 3 && now.indexOf('%') >= 0; i++) {
            now = decoded(now);
        }
        Deque<String> segments = new ArrayDeque<>();
        for (String raw : now.replace('\\', '/').split("/")) {
            int semicolon = raw.indexOf(';');
            String segment = semicolon < 0 ? raw : raw.substring(0, semicolon);
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        return "/" + String.join("/", segments);
    }

    private static String decoded(String text) {
        byte[] out = new byte[text.length()];
        int size = 0;
        byte[] in = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < in.length; i++) {
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
            if (in[i] == '%' && high >= 0 && low >= 0) {
                out[size++] = (byte) (high * 16 + low);
                i += 2;
            } else {
                out[size++] = in[i];
            }
        }
        return new String(out, 0, size, StandardCharsets.ISO_8859_1);
    }
}
