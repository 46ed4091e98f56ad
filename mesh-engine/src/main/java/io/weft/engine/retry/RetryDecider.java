package io.weft.engine.retry;

import io.weft.engine.RandomSource;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@link RetryPolicy}; conditions mean what Envoy's {@code x-envoy-retry-on} says.
 * Thread-safe.
 */
public final class RetryDecider {

    private static final RetryDecision NOT_RETRIABLE =
            new RetryDecision.Stop(RetryDecision.Reason.NOT_RETRIABLE);
    private static final RetryDecision EXHAUSTED =
            new RetryDecision.Stop(RetryDecision.Reason.EXHAUSTED);
    private static final RetryDecision NO_BUDGET =
            new RetryDecision.Stop(RetryDecision.Reason.BUDGET);
    private static final RetryDecision AT_ONCE = new RetryDecision.Retry(0);

    private final RetryPolicy policy;
    private final Set<RetryOn> on;
    private final long baseNanos;
    private final long maxNanos;

    private RetryDecider(RetryPolicy policy) {
        this.policy = policy;
        on = EnumSet.noneOf(RetryOn.class);
        on.addAll(policy.on());
        baseNanos = policy.backOffBase().toNanos();
        maxNanos = Math.max(baseNanos, policy.backOffMax().toNanos());
    }

    public static RetryDecider compile(RetryPolicy policy) {
        return new RetryDecider(policy);
    }

    public RetryPolicy policy() {
        return policy;
    }

    /**
     * Decides, and takes from the budget when the answer is a retry. The caller must be able to
     * send the request again (its body is kept whole, no byte of an answer has been passed on) and
     * have asked the cluster's limit of concurrent retries.
     *
     * @param retriesSoFar 0 after the first try
     * @param budget the state of {@link RetryPolicy#budget()}, null without one
     */
    public RetryDecision decide(
            int retriesSoFar,
            TryFailure failure,
            @Nullable RetryBudgetState budget,
            RandomSource random) {
        if (policy.retries() == 0 || !isRetriable(failure)) {
            return NOT_RETRIABLE;
        }
        if (retriesSoFar >= policy.retries()) {
            return EXHAUSTED;
        }
        if (budget != null && !budget.withdraw()) {
            return NO_BUDGET;
        }
        long pause = pauseNanos(retriesSoFar, random);
        return pause == 0 ? AT_ONCE : new RetryDecision.Retry(pause);
    }

    /** Whether the policy names this kind of failure; spends nothing. */
    public boolean isRetriable(TryFailure failure) {
        return switch (failure) {
            case TryFailure.Answer answer -> isRetriable(answer);
            case TryFailure.ConnectFailed ignored ->
                    resetIsRetriable(false) || on.contains(RetryOn.CONNECT_FAILURE);
            case TryFailure.RefusedStream ignored ->
                    resetIsRetriable(true) || on.contains(RetryOn.REFUSED_STREAM);
            case TryFailure.Reset(var requestStarted) -> resetIsRetriable(requestStarted);
            case TryFailure.PerTryTimeout ignored -> resetIsRetriable(true);
        };
    }

    private boolean resetIsRetriable(boolean requestStarted) {
        return on.contains(RetryOn.RESET)
                || on.contains(RetryOn.FIVE_XX)
                || on.contains(RetryOn.GATEWAY_ERROR)
                || (!requestStarted && on.contains(RetryOn.RESET_BEFORE_REQUEST));
    }

    private boolean isRetriable(TryFailure.Answer answer) {
        if (!answer.fromUpstream()) {
            return false;
        }
        if (answer.rateLimited()) {
            // Asking a limiter again at once makes it worse, so only the explicit wish counts.
            return on.contains(RetryOn.ENVOY_RATELIMITED);
        }
        int status = answer.status();
        Integer grpc = answer.grpcStatus();
        return (status >= 500 && status <= 599 && on.contains(RetryOn.FIVE_XX))
                || (status >= 502 && status <= 504 && on.contains(RetryOn.GATEWAY_ERROR))
                || (status == 409 && on.contains(RetryOn.RETRIABLE_4XX))
                || (on.contains(RetryOn.RETRIABLE_STATUS_CODES)
                        && policy.statuses().contains(status))
                || (grpc != null && isRetriableGrpc(grpc));
    }

    private boolean isRetriableGrpc(int status) {
        return switch (status) {
            case 1 -> on.contains(RetryOn.GRPC_CANCELLED);
            case 2 -> on.contains(RetryOn.GRPC_UNKNOWN);
            case 4 -> on.contains(RetryOn.GRPC_DEADLINE_EXCEEDED);
            case 7 -> on.contains(RetryOn.GRPC_PERMISSION_DENIED);
            case 8 -> on.contains(RetryOn.GRPC_RESOURCE_EXHAUSTED);
            case 13 -> on.contains(RetryOn.GRPC_INTERNAL);
            case 14 -> on.contains(RetryOn.GRPC_UNAVAILABLE);
            case 15 -> on.contains(RetryOn.GRPC_DATA_LOSS);
            default -> false;
        };
    }

    /** Full jitter: anything below a bound that doubles with each retry. */
    private long pauseNanos(int retriesSoFar, RandomSource random) {
        if (baseNanos == 0) {
            return 0;
        }
        long bound = maxNanos;
        if (retriesSoFar < 62 && baseNanos <= maxNanos >> retriesSoFar) {
            bound = baseNanos << retriesSoFar;
        }
        return random.nextLong(bound);
    }
}
