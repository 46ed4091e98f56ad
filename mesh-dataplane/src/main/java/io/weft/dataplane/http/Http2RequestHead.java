package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What makes a request of HTTP/2 malformed (RFC 9113 §8.2, §8.3), so that it never becomes a
 * request of HTTP/1.1: what has no meaning to frames is a line's end there.
 */
final class Http2RequestHead {

    private static final String CONNECT = "CONNECT";

    private Http2RequestHead() {}

    /** What is wrong with a request's headers, or null. */
    static @Nullable String check(Http2Headers headers) {
        CharSequence method = headers.method();
        if (method == null || method.isEmpty() || !isToken(method)) {
            return "no method, or one that is no token";
        }
        String pseudo = pseudo(headers, AsciiString.contentEquals(method, CONNECT));
        if (pseudo != null) {
            return pseudo;
        }
        return isOneHost(headers) ? fields(headers) : "host other than the authority";
    }

    /** A host beside the authority must say the same (RFC 9113 §8.3.1). */
    private static boolean isOneHost(Http2Headers headers) {
        CharSequence authority = headers.authority();
        Iterator<CharSequence> hosts = headers.valueIterator(HttpHeaderNames.HOST);
        if (!hosts.hasNext()) {
            return true;
        }
        CharSequence host = hosts.next();
        return !hosts.hasNext()
                && (authority == null || AsciiString.contentEqualsIgnoreCase(host, authority));
    }

    /** What is wrong with trailers, or null. */
    static @Nullable String checkTrailers(Http2Headers trailers) {
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            if (!field.getKey().isEmpty() && field.getKey().charAt(0) == ':') {
                return "pseudo header in the trailers";
            }
        }
        return fields(trailers);
    }

    private static @Nullable String pseudo(Http2Headers headers, boolean connect) {
        for (Http2Headers.PseudoHeaderName name :
                List.of(
                        Http2Headers.PseudoHeaderName.METHOD,
                        Http2Headers.PseudoHeaderName.SCHEME,
                        Http2Headers.PseudoHeaderName.PATH,
                        Http2Headers.PseudoHeaderName.AUTHORITY)) {
            if (isDoubled(headers, name.value())) {
                return "pseudo header twice: " + name.value();
            }
        }
        if (headers.contains(Http2Headers.PseudoHeaderName.STATUS.value())
                || headers.contains(Http2Headers.PseudoHeaderName.PROTOCOL.value())) {
            return "pseudo header that is not a request's";
        }
        CharSequence scheme = headers.scheme();
        CharSequence path = headers.path();
        if (connect) {
            return scheme != null || path != null || headers.authority() == null
                    ? "CONNECT with a scheme or a path, or without an authority"
                    : null;
        }
        if (scheme == null || !isScheme(scheme)) {
            return "no scheme, or one that is neither http nor https";
        }
        return path == null || !isPath(path)
                ? "no path, or one that is no target of a request"
                : null;
    }

    private static boolean isScheme(CharSequence scheme) {
        return AsciiString.contentEqualsIgnoreCase(scheme, "http")
                || AsciiString.contentEqualsIgnoreCase(scheme, "https");
    }

    private static boolean isPath(CharSequence path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return AsciiString.contentEquals(path, "*");
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDoubled(Http2Headers headers, CharSequence name) {
        Iterator<CharSequence> values = headers.valueIterator(name);
        if (!values.hasNext()) {
            return false;
        }
        values.next();
        return values.hasNext();
    }

    private static @Nullable String fields(Http2Headers headers) {
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            CharSequence name = field.getKey();
            if (name.isEmpty() || name.charAt(0) != ':' && !isLowerToken(name)) {
                return "header name with what it may not have";
            }
            if (!isValue(field.getValue())) {
                return "value of header " + name + " with what it may not have";
            }
        }
        return null;
    }

    private static boolean isValue(CharSequence value) {
        int length = value.length();
        if (length > 0 && (isBlank(value.charAt(0)) || isBlank(value.charAt(length - 1)))) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isLowerToken(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return false;
            }
        }
        return isToken(name);
    }

    private static boolean isToken(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7f || !RequestLine.isToken((byte) c)) {
                return false;
            }
        }
        return true;
    }
}
