package io.weft.engine.balance;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.weft.model.cluster.OutlierDetection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts an endpoint's failures in a row and remembers whether it is ejected. Guarded by its
 * cluster's {@link OutlierGuard}, except for {@link #isEjected} and {@link #isClean}.
 */
final class OutlierState {

    private static final Exception FAILURE = new FailedTry();

    private @Nullable Streak serverFailures;
    private @Nullable Streak gatewayFailures;
    private @Nullable SuccessWindow rate;
    private int size5xx;
    private int sizeGateway;
    private volatile boolean streaking;
    private volatile boolean ejected;
    private volatile int ejections;
    private long ejectedAt;
    private long returnedAt;

    boolean isEjected() {
        return ejected;
    }

    /** Whether a success would change nothing: the usual case, kept off the lock. */
    boolean isClean() {
        return !streaking;
    }

    int ejections() {
        return ejections;
    }

    /** Takes new limits; a changed limit starts its count anew. */
    void configure(@Nullable OutlierDetection settings) {
        int new5xx = settings == null ? 0 : settings.consecutive5xx();
        int newGateway = settings == null ? 0 : settings.consecutiveGatewayErrors();
        if (new5xx != size5xx) {
            size5xx = new5xx;
            serverFailures = Streak.of(new5xx);
        }
        if (newGateway != sizeGateway) {
            sizeGateway = newGateway;
            gatewayFailures = Streak.of(newGateway);
        }
        OutlierDetection.SuccessRate wanted = settings == null ? null : settings.successRate();
        if (rate == null || !rate.settings().equals(wanted)) {
            rate = wanted == null ? null : new SuccessWindow(wanted);
        }
    }

    /** Counts an outcome; true when a limit has been reached, and then the counts start anew. */
    boolean count(Outcome outcome, long now) {
        streaking = outcome.isServerFailure();
        boolean full = false;
        if (serverFailures != null) {
            full = serverFailures.count(outcome.isServerFailure());
        }
        if (gatewayFailures != null) {
            full |= gatewayFailures.count(outcome.isGatewayFailure());
        }
        if (rate != null) {
            full |= rate.count(!outcome.isServerFailure(), now);
        }
        if (full) {
            reset();
        }
        return full;
    }

    private void reset() {
        streaking = false;
        if (serverFailures != null) {
            serverFailures.reset();
        }
        if (gatewayFailures != null) {
            gatewayFailures.reset();
        }
        if (rate != null) {
            rate.reset();
        }
    }

    void eject(long now, OutlierDetection settings) {
        long healthyIntervals =
                ejections == 0
                        ? 0
                        : (now - returnedAt) / Math.max(1, settings.interval().toNanos());
        ejections = (int) Math.max(0, ejections - healthyIntervals) + 1;
        ejectedAt = now;
        ejected = true;
    }

    long returnsAt(OutlierDetection settings) {
        long base = settings.baseEjection().toNanos();
        long most = Math.max(base, OutlierGuard.MAX_EJECTION_NANOS);
        // Compared by division, so that large products do not overflow.
        long out = base > most / ejections ? most : base * ejections;
        return ejectedAt + out;
    }

    void restore(long now) {
        ejected = false;
        returnedAt = now;
        reset();
    }

    /** Failures in a row: a count-based window that is full of failures. */
    private record Streak(CircuitBreaker breaker) {

        static @Nullable Streak of(int length) {
            return length <= 0
                    ? null
                    : new Streak(CircuitBreaker.of("consecutive", config(length)));
        }

        private static CircuitBreakerConfig config(int length) {
            return CircuitBreakerConfig.custom()
                    .slidingWindow(
                            length, length, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                    .failureRateThreshold(100)
                    .automaticTransitionFromOpenToHalfOpenEnabled(false)
                    .build();
        }

        boolean count(boolean failure) {
            if (!failure) {
                breaker.onSuccess(0, TimeUnit.NANOSECONDS);
                return false;
            }
            breaker.onError(0, TimeUnit.NANOSECONDS, FAILURE);
            return breaker.getState() == CircuitBreaker.State.OPEN;
        }

        void reset() {
            breaker.reset();
        }
    }

    /** Stands for every failure; carries nothing, so it can be shared. */
    private static final class FailedTry extends Exception {
        private static final long serialVersionUID = 1L;

        FailedTry() {
            super("failed try", null, false, false);
        }
    }
}
