package io.weft.engine.path;

import io.weft.model.listener.PathNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request's path safe to decide on, as Envoy does for Istio's modes (RFC 3986 §6.2.2, with
 * backslashes as slashes). What is returned is what must be forwarded: deciding on one spelling and
 * forwarding another is how authorisation is bypassed.
 *
 * <ul>
 *   <li>Every mode refuses fragments, NUL (also {@code %00}), other control characters and blanks.
 *   <li>{@code BASE} and above refuse malformed escapes, decode escapes of unreserved characters
 *       ({@code %2e}, {@code %61}), escape bytes above ASCII, turn backslashes to slashes and
 *       remove dot segments. Escapes that stay keep their case.
 *   <li>{@code MERGE_SLASHES} then makes one slash of several.
 *   <li>{@code DECODE_AND_MERGE_SLASHES} first decodes {@code %2F} and {@code %5C}.
 * </ul>
 *
 * Decoding is done once: {@code %252e} stays as it is.
 */
public final class PathNormalizer {

    private PathNormalizer() {}

    /**
     * Normalises the path part of a request target, without its query.
     *
     * @param rawPath bytes as chars 0–255; {@code *} (OPTIONS) is left alone, empty is {@code /}
     * @return the path to match and to forward, the same instance when nothing changes; null when
     *     the request must be refused with 400, see {@link #refusal}
     */
    public static @Nullable String normalize(String rawPath, PathNormalization mode) {
        if (rawPath.isEmpty()) {
            return "/";
        }
        int look = PathScan.scan(rawPath, mode);
        return switch (look) {
            case PathScan.CLEAN -> rawPath;
            case PathScan.REFUSE -> null;
            default -> rewrite(rawPath, mode);
        };
    }

    /** Why {@link #normalize} returned null, for logs; without the path itself. */
    public static String refusal(String rawPath, PathNormalization mode) {
        return PathScan.refusal(rawPath, mode);
    }

    private static String rewrite(String raw, PathNormalization mode) {
        StringBuilder decoded = new StringBuilder(raw.length() + 16);
        boolean slashes = mode == PathNormalization.DECODE_AND_MERGE_SLASHES;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                i += decodeEscape(raw, i, slashes, decoded);
            } else if (c == '\\') {
                decoded.append('/');
            } else if (c > 0x7e) {
                decoded.append('%').append(hexDigit(c >> 4)).append(hexDigit(c & 15));
            } else {
                decoded.append(c);
            }
        }
        String path = removeDotSegments(decoded);
        if (mode != PathNormalization.BASE) {
            path = mergeSlashes(path);
        }
        return path.equals(raw) ? raw : path;
    }

    /** Appends what the escape at {@code i} becomes; returns how many further chars it took. */
    private static int decodeEscape(String raw, int i, boolean slashes, StringBuilder out) {
        int value = PathScan.escapeAt(raw, i);
        if (slashes && (value == '/' || value == '\\')) {
            out.append('/');
        } else if (PathScan.isUnreserved(value)) {
            out.append((char) value);
        } else {
            out.append(raw, i, i + 3);
        }
        return 2;
    }

    /** RFC 3986 §5.2.4; what would climb above the root stays at the root. */
    private static String removeDotSegments(CharSequence path) {
        StringBuilder out = new StringBuilder(path.length());
        int at = 0;
        while (at < path.length()) {
            int end = at + 1; // path[at] is the slash before a segment
            while (end < path.length() && path.charAt(end) != '/') {
                end++;
            }
            boolean last = end == path.length();
            int length = end - at - 1;
            if (length == 1 && path.charAt(at + 1) == '.') {
                appendLastSlash(out, last);
            } else if (length == 2 && path.charAt(at + 1) == '.' && path.charAt(at + 2) == '.') {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
                appendLastSlash(out, last);
            } else {
                out.append(path, at, end);
            }
            at = end;
        }
        return out.isEmpty() ? "/" : out.toString();
    }

    private static void appendLastSlash(StringBuilder out, boolean last) {
        if (last) {
            out.append('/');
        }
    }

    private static String mergeSlashes(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || out.isEmpty() || out.charAt(out.length() - 1) != '/') {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static char hexDigit(int value) {
        return Character.toUpperCase(Character.forDigit(value, 16));
    }
}
