package io.weft.engine.explain;

import io.weft.engine.SampleRequest;
import java.util.Locale;

/**
 * A header's value with Envoy's {@code %OPERATORS%}, as far as a sample request can tell; what only
 * a real connection knows is left as written.
 */
final class HeaderValue {

    private HeaderValue() {}

    static String of(String text, SampleRequest request) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int start = text.indexOf('%', from);
            int end = start < 0 ? -1 : text.indexOf('%', start + 1);
            if (end < 0) {
                return out.append(text, from, text.length()).toString();
            }
            out.append(text, from, start);
            out.append(end == start + 1 ? "%" : operator(text.substring(start + 1, end), request));
            from = end + 1;
        }
        return out.toString();
    }

    private static String operator(String operator, SampleRequest request) {
        if (operator.startsWith("REQ(") && operator.endsWith(")")) {
            String names = operator.substring(4, operator.length() - 1).toLowerCase(Locale.ROOT);
            for (String name : names.split("\\?", 2)) {
                String value = requestValue(request, name);
                if (!value.isEmpty()) {
                    return value;
                }
            }
            return "";
        }
        return switch (operator) {
            case "DOWNSTREAM_PEER_URI_SAN" -> request.peer() == null ? "" : request.peer().uri();
            case "REQUESTED_SERVER_NAME" -> request.sni() == null ? "" : request.sni();
            default -> '%' + operator + '%';
        };
    }

    private static String requestValue(SampleRequest request, String name) {
        return switch (name) {
            case ":authority" -> request.authority();
            case ":method" -> request.method();
            case ":path" -> request.target();
            case ":scheme" -> request.scheme();
            default -> {
                String value = request.header(name);
                yield value == null ? "" : value;
            }
        };
    }
}
