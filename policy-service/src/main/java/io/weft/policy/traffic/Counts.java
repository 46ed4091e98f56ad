package io.weft.policy.traffic;

import io.weft.model.telemetry.LatencyBuckets;
import io.weft.model.wire.TrafficReport.Outcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums of outcomes over some time. Not thread-safe: the store guards it. */
final class Counts {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int FIRST_SERVER_ERROR = 500;
    private static final int GRPC_PERMISSION_DENIED = 7;
    private static final int GRPC_UNAUTHENTICATED = 16;

    /** The caller went away before there was an answer. */
    private static final String CALLER_LEFT = "DC";

    private long requests;
    private long errors;
    private long denied;
    private long retries;
    private long opened;
    private long received;
    private long sent;
    private final long[] latencies = new long[LatencyBuckets.COUNT];
    private final Map<String, Long> ends = new TreeMap<>();

    void add(Outcome outcome, boolean tcp) {
        requests += outcome.count();
        retries += outcome.retries();
        opened += outcome.opened();
        received += outcome.received();
        sent += outcome.sent();
        if (isDenied(outcome)) {
            denied += outcome.count();
        } else if (isError(outcome, tcp)) {
            errors += outcome.count();
        }
        if (outcome.count() > 0) {
            ends.merge(name(outcome, tcp), outcome.count(), Long::sum);
        }
        List<Integer> pairs = outcome.latencies();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            int bucket = pairs.get(i);
            if (bucket >= 0 && bucket < latencies.length && pairs.get(i + 1) > 0) {
                latencies[bucket] += pairs.get(i + 1);
            }
        }
    }

    void add(Counts other) {
        requests += other.requests;
        errors += other.errors;
        denied += other.denied;
        retries += other.retries;
        opened += other.opened;
        received += other.received;
        sent += other.sent;
        for (int i = 0; i < latencies.length; i++) {
            latencies[i] += other.latencies[i];
        }
        other.ends.forEach((end, count) -> ends.merge(end, count, Long::sum));
    }

    private static boolean isDenied(Outcome outcome) {
        return outcome.status() == UNAUTHORIZED
                || outcome.status() == FORBIDDEN
                || outcome.grpc() == GRPC_PERMISSION_DENIED
                || outcome.grpc() == GRPC_UNAUTHENTICATED;
    }

    private static boolean isError(Outcome outcome, boolean tcp) {
        if (tcp) {
            return !outcome.flags().equals("-") && !outcome.flags().equals(CALLER_LEFT);
        }
        return outcome.status() >= FIRST_SERVER_ERROR
                || outcome.status() == 0 && !outcome.flags().contains(CALLER_LEFT)
                || outcome.grpc() > 0;
    }

    private static String name(Outcome outcome, boolean tcp) {
        String status = tcp ? "tcp" : Integer.toString(outcome.status());
        String grpc = outcome.grpc() >= 0 ? " grpc " + outcome.grpc() : "";
        return outcome.flags().equals("-") ? status + grpc : status + grpc + ' ' + outcome.flags();
    }

    boolean isEmpty() {
        return requests == 0 && opened == 0;
    }

    /**
     * @param seconds that were counted
     */
    Numbers over(double seconds) {
        return new Numbers(
                requests,
                errors,
                denied,
                retries,
                opened,
                received,
                sent,
                requests / seconds,
                LatencyBuckets.percentile(latencies, 0.5),
                LatencyBuckets.percentile(latencies, 0.95),
                LatencyBuckets.percentile(latencies, 0.99),
                Map.copyOf(ends));
    }
}
