package io.weft.cli.live;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** A request that a tap has told of. */
record Fate(JsonNode line) {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int FIRST_SERVER_ERROR = 500;

    String text(String name) {
        return printable(line.path("fate").path(name).asString(""));
    }

    String source() {
        return party(line.path("edge").path("source"));
    }

    String destination() {
        return party(line.path("edge").path("target"));
    }

    String service() {
        return line.path("edge").path("service").asString("");
    }

    boolean isInbound() {
        return line.path("edge").path("inbound").asBoolean(false);
    }

    long micros() {
        return line.path("fate").path("durationMicros").asLong(0);
    }

    /** How often it was sent; at least once. */
    int attempts() {
        return Math.max(1, line.path("fate").path("attempts").asInt(1));
    }

    String instance() {
        return line.path("instance").asString("");
    }

    /** As {@code weft stat} counts: neither an error nor denied. */
    boolean succeeded() {
        int status = line.path("fate").path("status").asInt(0);
        int grpc = line.path("fate").path("grpc").asInt(-1);
        return status > 0
                && status < FIRST_SERVER_ERROR
                && status != UNAUTHORIZED
                && status != FORBIDDEN
                && grpc <= 0;
    }

    static String party(JsonNode end) {
        String workload = end.path("workload").asString("");
        return workload.isEmpty()
                ? "-"
                : printable(end.path("namespace").asString("") + "/" + workload);
    }

    /** What callers send must not move the cursor of whoever watches. */
    static String printable(String value) {
        return value.replaceAll("\\p{Cntrl}", "?");
    }

    /** {@code 321µs}, {@code 12ms} or {@code 1.2s}. */
    static String duration(long micros) {
        if (micros < 1_000) {
            return micros + "µs";
        }
        return micros < 1_000_000
                ? Math.round(micros / 1_000.0) + "ms"
                : String.format(Locale.ROOT, "%.1fs", micros / 1_000_000.0);
    }
}
