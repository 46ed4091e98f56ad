package io.weft.engine.balance;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.weft.model.cluster.OutlierDetection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts the failures of one endpoint, remembers whether it is ejected and whether it is on
 * probation. Guarded by its cluster's {@link OutlierGuard}, except for {@link #isEjected}, {@link
 * #isOnProbation} and {@link #isClean}.
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
    private volatile boolean probation;
    private volatile int ejections;
    private volatile @Nullable EjectionReason reason;
    private long until;
    private long returnedAt;
    private long wantsRestUntil = Long.MIN_VALUE;

    /** Whether it gets no request now: its penalty lasts, or its one probe is under way. */
    boolean isEjected() {
        return ejected;
    }

    /** Whether one request decides of its return. */
    boolean isOnProbation() {
        return probation;
    }

    /** Whether it is neither ejected nor on probation. */
    boolean isIn() {
        return !ejected && !probation;
    }

    /** Whether a success would change nothing: the usual case, kept off the lock. */
    boolean isClean() {
        return !streaking && !probation;
    }

    int ejections() {
        return ejections;
    }

    /** Why it was ejected last; null when it never was. */
    @Nullable EjectionReason reason() {
        return reason;
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

    /** Counts an outcome; the limit that it has reached, if any, and then the counts start anew. */
    @Nullable EjectionReason count(Outcome outcome, long now) {
        streaking = outcome.isServerFailure();
        boolean streak = false;
        if (serverFailures != null) {
            streak = serverFailures.count(outcome.isServerFailure());
        }
        if (gatewayFailures != null) {
            streak |= gatewayFailures.count(outcome.isGatewayFailure());
        }
        boolean low = rate != null && rate.count(outcome == Outcome.SUCCESS, now);
        if (!streak && !low) {
            return null;
        }
        reset();
        return streak ? EjectionReason.CONSECUTIVE_FAILURES : EjectionReason.LOW_SUCCESS_RATE;
    }

    /** Whether a probe that ends so brings the endpoint back. */
    boolean redeems(Outcome outcome) {
        return outcome == Outcome.SUCCESS || (outcome == Outcome.RATE_LIMITED && rate == null);
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

    /** Notes that the endpoint has asked to be left alone until then. */
    void rest(long untilNanos) {
        wantsRestUntil = untilNanos;
    }

    /** Each interval without failures has taken one off the number of its ejections. */
    void forgive(long now, OutlierDetection settings) {
        long healthy =
                ejections == 0
                        ? 0
                        : (now - returnedAt) / Math.max(1, settings.interval().toNanos());
        ejections = (int) Math.max(0, ejections - healthy);
    }

    /** Ejects; the next penalty can be asked for by {@link #ejections} before. */
    void eject(long untilNanos, EjectionReason why) {
        ejections++;
        boolean longer = wantsRestUntil != Long.MIN_VALUE && wantsRestUntil - untilNanos > 0;
        until = longer ? wantsRestUntil : untilNanos;
        wantsRestUntil = Long.MIN_VALUE;
        reason = why;
        probation = false;
        ejected = true;
    }

    /** When the present state ends: the penalty, or the time that a probe may take. */
    long until() {
        return until;
    }

    /** Its penalty is over, or its probe had no outcome: the next request is its probe. */
    void onProbation() {
        probation = true;
        ejected = false;
    }

    /** Takes the probe; false when another request has it. */
    boolean takeProbe(long outcomeUntil) {
        if (!probation || ejected) {
            return false;
        }
        until = outcomeUntil;
        ejected = true;
        return true;
    }

    /** Comes back with a clean slate; the number of ejections is forgiven in time. */
    void restore(long now) {
        ejected = false;
        returnedAt = now;
        reset();
    }

    /** Has passed its probe: all is forgiven. */
    void redeem(long now) {
        probation = false;
        ejections = 0;
        restore(now);
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
