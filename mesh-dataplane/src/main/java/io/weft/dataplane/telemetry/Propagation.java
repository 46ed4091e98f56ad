package io.weft.dataplane.telemetry;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Trace contexts in headers: W3C (Trace Context 1), B3 in one header and in several, and Jaeger's.
 * The first that is well formed counts; what is not well formed counts as absent. The next hop gets
 * W3C, and whatever form the caller used besides.
 */
final class Propagation {

    static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");
    static final AsciiString TRACESTATE = AsciiString.cached("tracestate");
    static final AsciiString B3 = AsciiString.cached("b3");
    static final AsciiString B3_TRACE = AsciiString.cached("x-b3-traceid");
    static final AsciiString B3_SPAN = AsciiString.cached("x-b3-spanid");
    static final AsciiString B3_PARENT = AsciiString.cached("x-b3-parentspanid");
    static final AsciiString B3_SAMPLED = AsciiString.cached("x-b3-sampled");
    static final AsciiString B3_FLAGS = AsciiString.cached("x-b3-flags");
    static final AsciiString UBER = AsciiString.cached("uber-trace-id");
    static final AsciiString JAEGER_DEBUG = AsciiString.cached("jaeger-debug-id");
    static final AsciiString FORCE = AsciiString.cached("x-envoy-force-trace");
    private static final int TRACEPARENT_LENGTH = 55;

    private static final Extracted NOTHING =
            new Extracted("", "", Form.NONE, false, false, false, false);

    private Propagation() {}

    enum Form {
        NONE,
        W3C,
        B3_SINGLE,
        B3_MULTI,
        JAEGER
    }

    /**
     * What the caller sent.
     *
     * @param traceId 32 digits, empty for none
     * @param spanId 16 digits, empty for none
     * @param decided whether sampling is decided
     * @param debug whether the decision came as a demand to sample
     * @param unchanged whether the headers as they are already say all of this
     */
    record Extracted(
            String traceId,
            String spanId,
            Form form,
            boolean decided,
            boolean sampled,
            boolean debug,
            boolean unchanged) {

        Extracted decide(boolean sample) {
            return new Extracted(traceId, spanId, form, true, sample, debug, false);
        }
    }

    static Extracted extract(HttpHeaders headers) {
        Extracted found = w3c(headers.get(TRACEPARENT));
        if (found == null) {
            found = b3Single(headers.get(B3));
        }
        if (found == null) {
            found = b3Multi(headers);
        }
        if (found == null) {
            found = jaeger(headers.get(UBER));
        }
        if (found == null) {
            found = NOTHING;
        }
        if (!found.sampled() && (headers.contains(JAEGER_DEBUG) || headers.contains(FORCE))) {
            return new Extracted(
                    found.traceId(), found.spanId(), found.form(), true, true, true, false);
        }
        return found;
    }

    /** Writes the context; stale forms that the caller did not use are left as they are. */
    static void inject(
            HttpHeaders headers,
            String traceId,
            String spanId,
            String parentId,
            boolean sampled,
            Extracted caller) {
        headers.set(TRACEPARENT, "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00"));
        if (caller.form() != Form.W3C) {
            // The state belongs to a traceparent that was missing or not readable.
            headers.remove(TRACESTATE);
        }
        boolean debug = caller.debug();
        if (headers.contains(B3)) {
            String flag = debug ? "-d" : sampled ? "-1" : "-0";
            headers.set(
                    B3, traceId + "-" + spanId + flag + (parentId.isEmpty() ? "" : "-" + parentId));
        }
        if (headers.contains(B3_TRACE)
                || headers.contains(B3_SAMPLED)
                || headers.contains(B3_FLAGS)) {
            headers.set(B3_TRACE, traceId);
            headers.set(B3_SPAN, spanId);
            if (parentId.isEmpty()) {
                headers.remove(B3_PARENT);
            } else {
                headers.set(B3_PARENT, parentId);
            }
            if (!debug) {
                headers.set(B3_SAMPLED, sampled ? "1" : "0");
            }
        }
        if (headers.contains(UBER) || headers.contains(JAEGER_DEBUG)) {
            String parent = parentId.isEmpty() ? "0" : parentId;
            headers.set(
                    UBER,
                    traceId
                            + ":"
                            + spanId
                            + ":"
                            + parent
                            + ":"
                            + (debug ? "3" : sampled ? "1" : "0"));
        }
    }

    private static @Nullable Extracted w3c(@Nullable String value) {
        if (value == null
                || value.length() < TRACEPARENT_LENGTH
                || value.charAt(2) != '-'
                || value.charAt(35) != '-'
                || value.charAt(52) != '-'
                || !hex(value, 0, 2)
                || value.startsWith("ff")
                || !hex(value, 3, 35)
                || !hex(value, 36, 52)
                || !hex(value, 53, 55)) {
            return null;
        }
        // Version 00 has exactly this length; a later one may go on after another dash.
        boolean longer = value.length() > TRACEPARENT_LENGTH;
        if (longer && (value.startsWith("00") || value.charAt(TRACEPARENT_LENGTH) != '-')) {
            return null;
        }
        String traceId = value.substring(3, 35);
        String spanId = value.substring(36, 52);
        boolean sampled = (Character.digit(value.charAt(54), 16) & 1) != 0;
        return zero(traceId) || zero(spanId)
                ? null
                : new Extracted(traceId, spanId, Form.W3C, true, sampled, false, true);
    }

    private static @Nullable Extracted b3Single(@Nullable String value) {
        if (value == null) {
            return null;
        }
        String[] parts = value.split("-", -1);
        if (parts.length == 1) {
            return onlyDecision(parts[0], Form.B3_SINGLE);
        }
        if (parts.length > 4 || parts.length == 4 && !hex(parts[3], 16)) {
            return null;
        }
        String flag = parts.length > 2 ? parts[2] : "";
        if (!flag.isEmpty() && !flag.equals("0") && !flag.equals("1") && !flag.equals("d")) {
            return null;
        }
        boolean sampled = flag.equals("1") || flag.equals("d");
        return context(
                pad(parts[0]),
                parts[1],
                Form.B3_SINGLE,
                !flag.isEmpty(),
                sampled,
                flag.equals("d"));
    }

    private static @Nullable Extracted b3Multi(HttpHeaders headers) {
        String traceId = headers.get(B3_TRACE);
        String spanId = headers.get(B3_SPAN);
        String decision = headers.get(B3_SAMPLED);
        if ("1".equals(headers.get(B3_FLAGS))) {
            decision = "d";
        } else if (decision != null) {
            decision =
                    switch (decision.toLowerCase(Locale.ROOT)) {
                        case "1", "true" -> "1";
                        case "0", "false" -> "0";
                        default -> null;
                    };
        }
        if (traceId == null || spanId == null) {
            return decision == null ? null : onlyDecision(decision, Form.B3_MULTI);
        }
        return context(
                pad(traceId),
                spanId,
                Form.B3_MULTI,
                decision != null,
                decision != null && !decision.equals("0"),
                "d".equals(decision));
    }

    private static @Nullable Extracted onlyDecision(String flag, Form form) {
        return switch (flag) {
            case "0" -> new Extracted("", "", form, true, false, false, false);
            case "1" -> new Extracted("", "", form, true, true, false, false);
            case "d" -> new Extracted("", "", form, true, true, true, false);
            default -> null;
        };
    }

    private static @Nullable Extracted jaeger(@Nullable String value) {
        if (value == null) {
            return null;
        }
        String[] parts = value.contains(":") ? value.split(":", -1) : value.split("%3[Aa]", -1);
        if (parts.length != 4
                || parts[3].isEmpty()
                || parts[3].length() > 2
                || !hex(parts[3], parts[3].length())) {
            return null;
        }
        int flags = Integer.parseInt(parts[3], 16);
        return context(
                leftPad(parts[0], parts[0].length() > 16 ? 32 : 16, 32),
                leftPad(parts[1], 16, 16),
                Form.JAEGER,
                true,
                (flags & 1) != 0,
                (flags & 2) != 0);
    }

    private static @Nullable Extracted context(
            String traceId,
            String spanId,
            Form form,
            boolean decided,
            boolean sampled,
            boolean debug) {
        String trace = traceId.toLowerCase(Locale.ROOT);
        String span = spanId.toLowerCase(Locale.ROOT);
        if (!hex(trace, 32) || !hex(span, 16) || zero(trace) || zero(span)) {
            return null;
        }
        boolean complete = decided && form == Form.W3C;
        return new Extracted(trace, span, form, decided, sampled, debug, complete);
    }

    /** B3 allows trace ids of 64 bits; they are the lower half of the longer form. */
    private static String pad(String traceId) {
        return traceId.length() == 16 ? "0".repeat(16) + traceId : traceId;
    }

    private static String leftPad(String digits, int atMost, int to) {
        return digits.isEmpty() || digits.length() > atMost
                ? ""
                : "0".repeat(to - digits.length()) + digits;
    }

    private static boolean zero(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }

    private static boolean hex(String text, int length) {
        return text.length() == length && hex(text, 0, length);
    }

    /** Lower case only, as the formats demand; callers lower what may be upper. */
    private static boolean hex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }
}
