package io.weft.dataplane.codec;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Names of headers that most messages have, made once: a decoder that finds one here allocates
 * nothing for it, and its hash code is known. Case is kept as it came. Thread-safe.
 */
public final class HeaderNames {

    public static final AsciiString X_REQUEST_ID = AsciiString.cached("x-request-id");
    public static final AsciiString X_FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
    public static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    public static final AsciiString X_FORWARDED_CLIENT_CERT =
            AsciiString.cached("x-forwarded-client-cert");
    public static final AsciiString X_WEFT_PEER = AsciiString.cached("x-weft-peer");
    public static final AsciiString UPSTREAM_SERVICE_TIME =
            AsciiString.cached("x-envoy-upstream-service-time");
    public static final AsciiString EXPECTED_TIMEOUT =
            AsciiString.cached("x-envoy-expected-rq-timeout-ms");
    public static final AsciiString OVERLOADED = AsciiString.cached("x-envoy-overloaded");
    public static final AsciiString RATE_LIMITED = AsciiString.cached("x-envoy-ratelimited");
    public static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    public static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
    public static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");
    public static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");
    public static final AsciiString TRACESTATE = AsciiString.cached("tracestate");
    public static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");
    public static final AsciiString GRPC_RETRY_PUSHBACK =
            AsciiString.cached("grpc-retry-pushback-ms");

    private static final String[] COMMON = {
        "host",
        "connection",
        "content-type",
        "content-length",
        "content-encoding",
        "transfer-encoding",
        "accept",
        "accept-encoding",
        "accept-language",
        "accept-ranges",
        "authorization",
        "cache-control",
        "cookie",
        "set-cookie",
        "date",
        "etag",
        "expires",
        "if-none-match",
        "if-modified-since",
        "last-modified",
        "location",
        "origin",
        "pragma",
        "referer",
        "server",
        "te",
        "upgrade",
        "user-agent",
        "vary",
        "via",
        "www-authenticate",
        "traceparent",
        "tracestate",
        "b3",
        "baggage",
        "forwarded",
        "grpc-timeout",
        "grpc-status",
        "grpc-message",
        "grpc-encoding",
        "grpc-accept-encoding",
        "x-request-id",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
        "x-forwarded-client-cert",
        "x-weft-peer",
        "x-envoy-upstream-service-time",
        "x-envoy-expected-rq-timeout-ms",
        "x-envoy-attempt-count",
        "x-envoy-external-address",
        "x-content-type-options",
        "x-frame-options",
        "x-xss-protection",
        "strict-transport-security",
        "keep-alive"
    };

    private static final int SLOTS = 1024;
    private static final @Nullable AsciiString[][] TABLE = new AsciiString[SLOTS][];

    static {
        for (String name : COMMON) {
            add(name);
            add(capitalised(name));
        }
    }

    private HeaderNames() {}

    /** The name at this place in the bytes; null when it is not a common one. */
    public static @Nullable AsciiString find(byte[] bytes, int start, int length) {
        if (length == 0) {
            return null;
        }
        AsciiString[] candidates = TABLE[slot(bytes, start, length)];
        if (candidates == null) {
            return null;
        }
        for (AsciiString candidate : candidates) {
            if (isAt(candidate, bytes, start, length)) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean isAt(AsciiString name, byte[] bytes, int start, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name.byteAt(i) != bytes[start + i]) {
                return false;
            }
        }
        return true;
    }

    private static int slot(byte[] bytes, int start, int length) {
        int hash = length;
        hash = 31 * hash + bytes[start];
        hash = 31 * hash + bytes[start + length / 2];
        hash = 31 * hash + bytes[start + length - 1];
        return hash & SLOTS - 1;
    }

    private static void add(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        AsciiString made = new AsciiString(bytes, false);
        int slot = slot(bytes, 0, bytes.length);
        AsciiString[] before = TABLE[slot];
        int count = before == null ? 0 : before.length;
        AsciiString[] after = new AsciiString[count + 1];
        if (before != null) {
            System.arraycopy(before, 0, after, 0, count);
        }
        after[count] = made;
        TABLE[slot] = after;
    }

    /** As many clients write them: {@code Content-Type}. */
    private static String capitalised(String name) {
        StringBuilder out = new StringBuilder(name.length());
        boolean first = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(first ? Character.toUpperCase(c) : c);
            first = c == '-';
        }
        return out.toString();
    }
}
