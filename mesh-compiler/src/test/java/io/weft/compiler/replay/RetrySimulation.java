package io.weft.compiler.replay;

import io.weft.engine.RandomSource;
import io.weft.engine.retry.RetryDecider;
import io.weft.engine.retry.RetryDecision;
import io.weft.engine.retry.TryFailure;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Timeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a client sees of a backend that fails at first or is slow; time is only counted. */
record RetrySimulation(Timeouts timeouts, @Nullable RetryPolicy policy) {

    /**
     * @param failFirst tries that fail
     * @param status of a failing answer, 0 for a reset connection
     * @param delay before each failing answer
     */
    int status(int failFirst, int status, Duration delay) {
        Duration perTry = policy == null ? null : policy.perTryTimeout();
        RetryDecider decider = policy == null ? null : RetryDecider.compile(policy);
        Duration spent = Duration.ZERO;
        for (int tries = 0; tries < failFirst; tries++) {
            boolean slow = perTry != null && delay.compareTo(perTry) > 0;
            spent = spent.plus(slow ? perTry : delay);
            if (expired(spent)) {
                return 504;
            }
            TryFailure failure =
                    slow
                            ? new TryFailure.PerTryTimeout()
                            : status == 0
                                    ? new TryFailure.Reset(true)
                                    : new TryFailure.Answer(status, null, true, false);
            int seen = slow ? 504 : status == 0 ? 503 : status;
            if (decider == null
                    || !(decider.decide(tries, failure, null, RandomSource.seeded(1))
                            instanceof RetryDecision.Retry retry)) {
                return seen;
            }
            spent = spent.plusNanos(retry.pauseNanos());
            if (expired(spent)) {
                return 504;
            }
        }
        return 200;
    }

    private boolean expired(Duration spent) {
        return timeouts.request() != null && spent.compareTo(timeouts.request()) > 0;
    }

    /** A backend that answers well, but late. */
    int lateStatus(Duration delay) {
        Duration perTry = policy == null ? null : policy.perTryTimeout();
        boolean late = expired(delay) || perTry != null && delay.compareTo(perTry) > 0;
        return late ? 504 : 200;
    }
}
