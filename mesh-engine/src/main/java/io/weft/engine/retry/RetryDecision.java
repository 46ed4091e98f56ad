package io.weft.engine.retry;

/** Whether a failed try is repeated. */
public sealed interface RetryDecision {

    /** Try again after a pause of this many nanoseconds (0 is at once). */
    record Retry(long pauseNanos) implements RetryDecision {}

    /** Do not; the last try's result is the request's. */
    record Stop(Reason reason) implements RetryDecision {}

    /** Why not. */
    enum Reason {
        /** It is not a failure of the kinds that the policy names. */
        NOT_RETRIABLE,
        /** All tries are used up (response flag URX). */
        EXHAUSTED,
        /** The budget is spent (response flag URX). */
        BUDGET
    }
}
