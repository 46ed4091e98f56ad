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
        if (request.method().name().equals("CONNECT")) {
            return isAuthority(target) ? null : bad("CONNECT to what is no authority");
        }
        if (!target.isEmpty() && target.charAt(0) != '/' && !target.equals("*")) {
            return absolute(request, target, host);
        }
        if (host == null || !isAuthority(host)) {
            return bad(host == null ? "no host header" : "ill-formed host header");
        }
        return target.indexOf('#') >= 0 ? bad("fragment in the target") : null;
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

    /** {@code host[:port]} with nothing that a URI would read otherwise (RFC 3986 §3.2). */
    static boolean isAuthority(String text) {
        if (text.isEmpty() || text.length() > 300) {
            return false;
        }
        boolean inBrackets = false;
        int colon = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '[' && i == 0) {
                inBrackets = true;
            } else if (c == ']' && inBrackets) {
                inBrackets = false;
            } else if (c == ':' && !inBrackets) {
                if (colon >= 0) {
                    return false;
                }
                colon = i;
            } else if (!isHostChar(c, inBrackets) || (colon >= 0 && (c < '0' || c > '9'))) {
                return false;
            }
        }
        return !inBrackets && colon != 0;
    }

    private static boolean isHostChar(char c, boolean inBrackets) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~'
                || (inBrackets && c == ':');
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
