package io.weft.engine.path;

import io.weft.model.listener.PathNormalization;

/** One look over a raw path: is it clean, must it be rewritten, must it be refused. */
final class PathScan {

    static final int CLEAN = 0;
    static final int REWRITE = 1;
    static final int REFUSE = 2;

    private PathScan() {}

    static int scan(String raw, PathNormalization mode) {
        if (raw.equals("*")) {
            return CLEAN;
        }
        boolean keep = mode == PathNormalization.NONE;
        boolean merge = !keep && mode != PathNormalization.BASE;
        char first = raw.charAt(0);
        if (first != '/' && (keep || first != '\\')) {
            return REFUSE;
        }
        int result = CLEAN;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (isRefused(c)) {
                return REFUSE;
            }
            if (c == '%') {
                int value = escapeAt(raw, i);
                if (value == 0 || (value < 0 && !keep)) {
                    return REFUSE;
                }
                result = REWRITE;
            } else if (c == '\\' || c > 0x7e || (c == '/' && isSuspect(raw, i + 1, merge))) {
                result = REWRITE;
            }
        }
        return keep ? CLEAN : result;
    }

    /** Whether what follows a slash may be a dot segment or, if slashes are merged, a slash. */
    private static boolean isSuspect(String raw, int next, boolean merge) {
        return next < raw.length()
                && (raw.charAt(next) == '.' || (merge && raw.charAt(next) == '/'));
    }

    private static boolean isRefused(char c) {
        return c <= ' ' || c == 0x7f || c == '#' || c == '?' || c > 0xff;
    }

    static String refusal(String raw, PathNormalization mode) {
        if (!raw.startsWith("/") && !raw.startsWith("\\")) {
            return "path: does not start with a slash (expected: /…)";
        }
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '#') {
                return "path: holds a fragment (expected: no '#')";
            }
            if (isRefused(c)) {
                return "path: holds the character 0x"
                        + Integer.toHexString(c)
                        + " (expected: visible ASCII, escaped otherwise)";
            }
            if (c == '%' && escapeAt(raw, i) == 0) {
                return "path: holds %00 (expected: no NUL)";
            }
            if (c == '%' && escapeAt(raw, i) < 0 && mode != PathNormalization.NONE) {
                return "path: holds a malformed escape (expected: % and two hexadecimal digits)";
            }
        }
        return "path: starts with a backslash (expected: /…)";
    }

    /** The value of the escape at {@code i}, -1 when it is malformed. */
    static int escapeAt(String raw, int i) {
        if (i + 2 >= raw.length()) {
            return -1;
        }
        int high = hex(raw.charAt(i + 1));
        int low = hex(raw.charAt(i + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static int hex(char c) {
        // Not Character.digit: it accepts digits of other scripts.
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
