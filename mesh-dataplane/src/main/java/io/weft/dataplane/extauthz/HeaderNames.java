package io.weft.dataplane.extauthz;

import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.weft.model.route.HeaderOp;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which headers pass between a request, its check and its answer. */
final class HeaderNames {

    /** They say how a message is framed or where it goes, and are each message's own. */
    private static final Set<String> FRAMING =
            Set.of(
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private final List<String> patterns;

    /**
     * @param patterns lower-case names; {@code a*} and {@code *a} are prefixes and suffixes
     */
    HeaderNames(List<String> patterns) {
        this.patterns = patterns;
    }

    boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether a header is one of them, and may be taken over at all. */
    boolean contain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isMessage(lower)) {
            return false;
        }
        for (String pattern : patterns) {
            if (matches(pattern, lower)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, String name) {
        if (pattern.endsWith("*")) {
            return name.startsWith(pattern.substring(0, pattern.length() - 1));
        }
        if (pattern.startsWith("*")) {
            return name.endsWith(pattern.substring(1));
        }
        return pattern.equals(name);
    }

    /** Whether a header may be taken from one message to another. */
    static boolean isMessage(String lowerCaseName) {
        return !lowerCaseName.isEmpty()
                && lowerCaseName.charAt(0) != ':'
                && !FRAMING.contains(lowerCaseName);
    }

    /** Whether a change can stand in a message: nobody may write lines of their own. */
    static boolean isValid(HeaderOp op) {
        if (HttpHeaderValidationUtil.validateToken(op.name()) >= 0) {
            return false;
        }
        return switch (op) {
            case HeaderOp.Set(var name, var value) -> isValue(value);
            case HeaderOp.Add(var name, var value) -> isValue(value);
            case HeaderOp.Remove remove -> true;
        };
    }

    private static boolean isValue(String value) {
        return HttpHeaderValidationUtil.validateValidHeaderValue(value) < 0;
    }
}
