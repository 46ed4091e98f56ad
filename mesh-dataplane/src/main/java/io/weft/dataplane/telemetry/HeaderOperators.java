package io.weft.dataplane.telemetry;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Operators that tell headers and trailers, pseudo-headers among them: {@code X?Y} is Y where X is
 * missing.
 */
final class HeaderOperators {

    private HeaderOperators() {}

    /** {@code REQ}; null without a name. */
    static @Nullable LogValue request(String argument) {
        return alternatives(argument, HeaderOperators::request);
    }

    /** {@code RESP}; null without a name. */
    static @Nullable LogValue response(String argument) {
        return alternatives(argument, HeaderOperators::response);
    }

    /** {@code TRAILER}; null without a name. */
    static @Nullable LogValue trailer(String argument) {
        return alternatives(argument, HeaderOperators::trailer);
    }

    /** A header's name in lower case, in both forms that looking it up takes. */
    private record HeaderName(String text, AsciiString key) {
        static HeaderName of(String text) {
            return new HeaderName(text, AsciiString.cached(text));
        }
    }

    private interface HeaderLookup {
        @Nullable String find(ExchangeView exchange, HeaderName name);
    }

    /** {@code X?Y}: Y where X is missing. */
    private static @Nullable LogValue alternatives(String argument, HeaderLookup lookup) {
        if (argument.isEmpty()) {
            return null;
        }
        String[] names = argument.toLowerCase(Locale.ROOT).split("\\?", 2);
        HeaderName wanted = HeaderName.of(names[0]);
        HeaderName otherwise = names.length > 1 ? HeaderName.of(names[1]) : null;
        return e -> {
            String first = lookup.find(e, wanted);
            return first == null && otherwise != null ? lookup.find(e, otherwise) : first;
        };
    }

    private static @Nullable String request(ExchangeView e, HeaderName name) {
        if (!e.http()) {
            return null;
        }
        return switch (name.text()) {
            case ":method" -> e.method();
            case ":path" -> e.path();
            case ":authority", "host" -> LogOperators.text(e.authority());
            case ":scheme" -> LogOperators.text(e.scheme());
            case "x-envoy-original-path" ->
                    e.originalPath().equals(e.path()) ? null : e.originalPath();
            default -> joined(e.requestHeaders(), name.key());
        };
    }

    private static @Nullable String response(ExchangeView e, HeaderName name) {
        if (!e.http()) {
            return null;
        }
        HttpHeaders headers = e.responseHeaders();
        String value =
                name.text().equals(":status")
                        ? Integer.toString(e.status())
                        : headers == null ? null : joined(headers, name.key());
        if (value == null && name.text().equals("x-envoy-upstream-service-time")) {
            Object time = LogOperators.serviceTime(e);
            return time == null ? null : time.toString();
        }
        return value;
    }

    private static @Nullable String trailer(ExchangeView e, HeaderName name) {
        HttpHeaders trailers = e.http() ? e.responseTrailers() : null;
        return trailers == null ? null : joined(trailers, name.key());
    }

    private static @Nullable String joined(HttpHeaders headers, AsciiString name) {
        var values = headers.valueCharSequenceIterator(name);
        if (!values.hasNext()) {
            return null;
        }
        String first = values.next().toString();
        return values.hasNext() ? String.join(",", headers.getAll(name)) : first;
    }
}
