package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that two readers could read in two ways (RFC 9112 §11.2), before anything else
 * looks at them. Also brings absolute-form targets into origin form.
 */
final class RequestGuard {

    private static final int LONGEST_AUTHORITY = 300;
    private static final int MAX_PORT = 65_535;

    private RequestGuard() {}

    /** What is wrong, or null. */
    static ProxyError.@Nullable BadRequest check(HttpRequest request, HttpLimits limits) {
        if (request.decoderResult().isFailure()) {
            return undecodable(request.decoderResult().cause());
        }
        HttpHeaders headers = request.headers();
        if (headers.size() > limits.headerCount()) {
            return new ProxyError.BadRequest(
                    431, "too_many_headers", "more than " + limits.headerCount() + " headers");
        }
        HttpVersion version = request.protocolVersion();
        if (version.majorVersion() != 1 || version.minorVersion() > 1) {
            return bad("unsupported version " + version);
        }
        String framing = framing(headers, version);
        if (framing != null) {
            return bad(framing);
        }
        return host(request);
    }

    private static @Nullable String framing(HttpHeaders headers, HttpVersion version) {
        String coding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
        if (coding != null) {
            if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
                return "both transfer-encoding and content-length";
            }
            if (version.minorVersion() == 0) {
                return "transfer-encoding in HTTP/1.0";
            }
            if (!coding.equalsIgnoreCase("chunked")
                    || headers.getAll(HttpHeaderNames.TRANSFER_ENCODING).size() > 1) {
                return "transfer-encoding other than one chunked";
            }
        }
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null) {
            if (headers.getAll(HttpHeaderNames.CONTENT_LENGTH).size() > 1) {
                return "several content-lengths";
            }
            if (length.isEmpty() || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return "content-length that is not a number";
            }
        }
        return null;
    }

    private static ProxyError.@Nullable BadRequest host(HttpRequest request) {
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (host != null && isDoubled(request.headers(), HttpHeaderNames.HOST)) {
            return bad("several host headers");
        }
        String target = request.uri();
        String method = request.method().name();
        if (host == null && request.protocolVersion().minorVersion() > 0) {
            return bad("no host header");
        }
        if (method.equals("CONNECT")) {
            return tunnel(request, target, host);
        }
        if (target.equals("*") && !method.equals("OPTIONS")) {
            return bad("target * of another method than OPTIONS");
        }
        if (!target.isEmpty() && target.charAt(0) != '/' && !target.equals("*")) {
            return absolute(request, target, host);
        }
        if (host == null || !isAuthority(host)) {
            return bad(host == null ? "no host header" : "ill-formed host header");
        }
        return target.indexOf('#') >= 0 ? bad("fragment in the target") : null;
    }

    /** A CONNECT has an authority for a target, and no body (RFC 9110 §9.3.6). */
    private static ProxyError.@Nullable BadRequest tunnel(
            HttpRequest request, String target, @Nullable String host) {
        if (!isAuthority(target)) {
            return bad("CONNECT to what is no authority");
        }
        if (host != null
                && !sameHost(host, target)
                && !host.equalsIgnoreCase(target.substring(0, Math.max(0, portColon(target))))) {
            return bad("host header other than the authority of CONNECT");
        }
        HttpHeaders headers = request.headers();
        return headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                        || headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                ? bad("CONNECT with a body")
                : null;
    }

    private static boolean isDoubled(HttpHeaders headers, CharSequence name) {
        Iterator<? extends CharSequence> values = headers.valueCharSequenceIterator(name);
        values.next();
        return values.hasNext();
    }

    private static ProxyError.@Nullable BadRequest absolute(
            HttpRequest request, String target, @Nullable String host) {
        int authorityStart = target.regionMatches(true, 0, "http://", 0, 7) ? 7 : -1;
        if (authorityStart < 0) {
            return bad("target in no form of HTTP/1.1");
        }
        int end = authorityStart;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        String authority = target.substring(authorityStart, end);
        if (!isAuthority(authority)) {
            return bad("ill-formed authority in the target");
        }
        if (host != null && !sameHost(host, authority)) {
            return bad("host header other than the target's authority");
        }
        String rest = target.substring(end);
        if (rest.indexOf('#') >= 0) {
            return bad("fragment in the target");
        }
        request.setUri(rest.startsWith("/") ? rest : "/" + rest);
        request.headers().set(HttpHeaderNames.HOST, authority);
        return null;
    }

    private static boolean sameHost(String host, String authority) {
        return withoutDefaultPort(host).equalsIgnoreCase(withoutDefaultPort(authority));
    }

    private static String withoutDefaultPort(String authority) {
        return authority.endsWith(":80")
                ? authority.substring(0, authority.length() - 3)
                : authority;
    }

    /**
     * {@code host[:port]} with nothing that a URI would read otherwise (RFC 3986 §3.2), no empty
     * labels but one at the end, and a port of TCP.
     */
    static boolean isAuthority(String text) {
        if (text.isEmpty() || text.length() > LONGEST_AUTHORITY) {
            return false;
        }
        int colon = portColon(text);
        int end = colon < 0 ? text.length() : colon;
        return (text.charAt(0) == '[' ? isBracketed(text, end) : isName(text, end))
                && (colon < 0 || isPort(text, colon + 1));
    }

    /** Where the port's colon is, -1 without one. */
    private static int portColon(String text) {
        return text.indexOf(':', text.charAt(0) == '[' ? text.indexOf(']') + 1 : 0);
    }

    private static boolean isBracketed(String text, int end) {
        boolean digits = false;
        for (int i = 1; i < end - 1; i++) {
            char c = text.charAt(i);
            boolean hex = c >= '0' && c <= '9' || (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
            if (!hex && c != ':' && c != '.') {
                return false;
            }
            digits |= hex || c == ':';
        }
        return digits && text.charAt(end - 1) == ']';
    }

    private static boolean isName(String text, int end) {
        boolean label = false;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (!label) {
                    return false;
                }
                label = false;
            } else if (isHostChar(c)) {
                label = true;
            } else {
                return false;
            }
        }
        return end > 0;
    }

    private static boolean isPort(String text, int from) {
        int port = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            port = Math.min(MAX_PORT + 1, port * 10 + c - '0');
        }
        return port <= MAX_PORT;
    }

    private static boolean isHostChar(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '_'
                || c == '~';
    }

    private static ProxyError.BadRequest undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpHeaderException) {
            return new ProxyError.BadRequest(
                    431, "headers_too_large", String.valueOf(cause.getMessage()));
        }
        if (cause instanceof TooLongHttpLineException) {
            return new ProxyError.BadRequest(
                    414, "request_target_too_long", String.valueOf(cause.getMessage()));
        }
        return bad(String.valueOf(cause.getMessage()));
    }

    private static ProxyError.BadRequest bad(String cause) {
        return new ProxyError.BadRequest(400, "http1.codec_error", cause);
    }
}
