package io.weft.spring.lane;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * A request target as it stood on the wire, and the URI that Spring sees for it. What no filter
 * changes is forwarded byte for byte as it came.
 */
record RequestTarget(String raw, URI uri) {

    private static final String HEX = "0123456789ABCDEF";

    static RequestTarget of(String scheme, String authority, String raw) {
        try {
            return new RequestTarget(raw, new URI(scheme + "://" + authority + raw));
        } catch (URISyntaxException e) {
            return new RequestTarget(raw, URI.create(scheme + "://" + authority + escape(raw)));
        }
    }

    /** The target to send for a URI that filters may have changed. */
    String forward(URI now) {
        boolean same =
                now.getRawPath().equals(uri.getRawPath())
                        && java.util.Objects.equals(now.getRawQuery(), uri.getRawQuery());
        if (same) {
            return raw;
        }
        String path = now.getRawPath().isEmpty() ? "/" : now.getRawPath();
        return now.getRawQuery() == null ? path : path + "?" + now.getRawQuery();
    }

    /** Escapes what java.net.URI refuses; only the view of the filters, never what is sent. */
    private static String escape(String raw) {
        StringBuilder out = new StringBuilder(raw.length() + 16);
        boolean query = false;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            boolean firstQuestionMark = c == '?' && !query;
            query |= firstQuestionMark;
            if (firstQuestionMark || isLegal(raw, i)) {
                out.append(c);
            } else if (c < 0x80) {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                out.append('%').append("3F");
            }
        }
        return out.toString();
    }

    private static boolean isLegal(String raw, int i) {
        char c = raw.charAt(i);
        if (c == '%') {
            return i + 2 < raw.length()
                    && Character.digit(raw.charAt(i + 1), 16) >= 0
                    && Character.digit(raw.charAt(i + 2), 16) >= 0;
        }
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-._~!$&'()*+,;=:@/?".indexOf(c) >= 0;
    }
}
