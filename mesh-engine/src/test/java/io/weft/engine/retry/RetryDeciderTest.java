package io.weft.engine.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.AdjustableClock;
import io.weft.engine.Origins;
import io.weft.engine.RandomSource;
import io.weft.model.route.RetryBudget;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetryDeciderTest {

    private static final TryFailure UPSTREAM_503 = new TryFailure.Answer(503, null, true, false);
    private static final TryFailure LOCAL_503 = new TryFailure.Answer(503, null, false, false);
    private static final RandomSource RANDOM = RandomSource.seeded(1);

    private static RetryDecider decider(int retries, Set<Integer> statuses, RetryOn... on) {
        return RetryDecider.compile(
                new RetryPolicy(
                        retries,
                        null,
                        Set.of(on),
                        statuses,
                        Duration.ofMillis(25),
                        Duration.ofMillis(250),
                        null,
                        true,
                        false,
                        Origins.line(1)));
    }

    private static boolean retries(TryFailure failure, RetryOn... on) {
        return decider(2, Set.of(), on).isRetriable(failure);
    }

    private static TryFailure answer(int status) {
        return new TryFailure.Answer(status, null, true, false);
    }

    private static TryFailure grpc(int status) {
        return new TryFailure.Answer(200, status, true, false);
    }

    @Test
    void eachGrpcStatusIsRetriedByItsOwnConditionOnly() {
        Map<Integer, RetryOn> conditions =
                Map.of(
                        1, RetryOn.GRPC_CANCELLED,
                        2, RetryOn.GRPC_UNKNOWN,
                        4, RetryOn.GRPC_DEADLINE_EXCEEDED,
                        7, RetryOn.GRPC_PERMISSION_DENIED,
                        8, RetryOn.GRPC_RESOURCE_EXHAUSTED,
                        13, RetryOn.GRPC_INTERNAL,
                        14, RetryOn.GRPC_UNAVAILABLE,
                        15, RetryOn.GRPC_DATA_LOSS);
        for (int status = 0; status <= 16; status++) {
            for (RetryOn on : RetryOn.values()) {
                assertThat(retries(grpc(status), on))
                        .as("status %s with %s", status, on)
                        .isEqualTo(on == conditions.get(status));
            }
        }
    }

    @Test
    void istiosDefaultRetriesWhatWasNeverServedAndNot503() {
        RetryOn[] on = {
            RetryOn.CONNECT_FAILURE,
            RetryOn.REFUSED_STREAM,
            RetryOn.GRPC_UNAVAILABLE,
            RetryOn.GRPC_CANCELLED,
            RetryOn.RETRIABLE_STATUS_CODES
        };
        assertThat(retries(new TryFailure.ConnectFailed(), on)).isTrue();
        assertThat(retries(new TryFailure.RefusedStream(), on)).isTrue();
        assertThat(retries(grpc(14), on)).isTrue();
        assertThat(retries(grpc(1), on)).isTrue();
        assertThat(retries(UPSTREAM_503, on)).isFalse();
        assertThat(retries(new TryFailure.Reset(true), on)).isFalse();
        assertThat(retries(new TryFailure.PerTryTimeout(), on)).isFalse();
    }

    @Test
    void numericCodesMatchOnlyUpstreamAnswers() {
        RetryDecider decider = decider(2, Set.of(503), RetryOn.RETRIABLE_STATUS_CODES);
        assertThat(decider.isRetriable(UPSTREAM_503)).isTrue();
        assertThat(decider.isRetriable(LOCAL_503)).isFalse();
        assertThat(decider.isRetriable(answer(502))).isFalse();
        assertThat(decider(2, Set.of(503), RetryOn.RESET).isRetriable(UPSTREAM_503)).isFalse();
    }

    @Test
    void fiveHundredsIncludeNoAnswerAtAll() {
        assertThat(retries(answer(500), RetryOn.FIVE_XX)).isTrue();
        assertThat(retries(new TryFailure.Reset(true), RetryOn.FIVE_XX)).isTrue();
        assertThat(retries(new TryFailure.PerTryTimeout(), RetryOn.FIVE_XX)).isTrue();
        assertThat(retries(answer(404), RetryOn.FIVE_XX)).isFalse();
        assertThat(retries(answer(500), RetryOn.GATEWAY_ERROR)).isFalse();
        assertThat(retries(answer(504), RetryOn.GATEWAY_ERROR)).isTrue();
        assertThat(retries(answer(409), RetryOn.RETRIABLE_4XX)).isTrue();
        assertThat(retries(answer(404), RetryOn.RETRIABLE_4XX)).isFalse();
    }

    @Test
    void aResetBeforeTheRequestIsToldFromOneAfter() {
        assertThat(retries(new TryFailure.Reset(false), RetryOn.RESET_BEFORE_REQUEST)).isTrue();
        assertThat(retries(new TryFailure.Reset(true), RetryOn.RESET_BEFORE_REQUEST)).isFalse();
    }

    @Test
    void rateLimitedAnswersAreOnlyRetriedWhenThatIsAsked() {
        TryFailure limited = new TryFailure.Answer(503, null, true, true);
        assertThat(retries(limited, RetryOn.FIVE_XX)).isFalse();
        assertThat(retries(limited, RetryOn.ENVOY_RATELIMITED)).isTrue();
    }

    @Test
    void stopsWhenTriesAreUsedUpOrNoneAreAllowed() {
        RetryDecider decider = decider(2, Set.of(), RetryOn.FIVE_XX);
        assertThat(decider.decide(0, UPSTREAM_503, null, RANDOM))
                .isInstanceOf(RetryDecision.Retry.class);
        assertThat(decider.decide(1, UPSTREAM_503, null, RANDOM))
                .isInstanceOf(RetryDecision.Retry.class);
        assertThat(decider.decide(2, UPSTREAM_503, null, RANDOM))
                .isEqualTo(new RetryDecision.Stop(RetryDecision.Reason.EXHAUSTED));
        assertThat(decider(0, Set.of(), RetryOn.FIVE_XX).decide(0, UPSTREAM_503, null, RANDOM))
                .isEqualTo(new RetryDecision.Stop(RetryDecision.Reason.NOT_RETRIABLE));
    }

    @Test
    void pausesAreRandomBelowABoundThatDoublesUpToTheMaximum() {
        RetryDecider decider = decider(100, Set.of(), RetryOn.FIVE_XX);
        long[] bounds = {25, 50, 100, 200, 250, 250, 250};
        for (int retry = 0; retry < bounds.length; retry++) {
            long most = 0;
            for (int i = 0; i < 500; i++) {
                var decision =
                        (RetryDecision.Retry) decider.decide(retry, UPSTREAM_503, null, RANDOM);
                most = Math.max(most, decision.pauseNanos());
            }
            assertThat(most).isBetween(bounds[retry] * 900_000, bounds[retry] * 1_000_000);
        }
        assertThat(decider.decide(90, UPSTREAM_503, null, RANDOM))
                .isInstanceOf(RetryDecision.Retry.class);
    }

    @Test
    void aSpentBudgetStopsRetriesAndOnlyRetriesSpendIt() {
        AdjustableClock clock = AdjustableClock.stoppedAt(Instant.EPOCH);
        RetryBudgets budgets = new RetryBudgets(clock);
        RetryBudgetState budget =
                budgets.state(new RetryBudget("b", 0.2, 1, Duration.ofSeconds(1)));
        RetryDecider decider = decider(9, Set.of(), RetryOn.FIVE_XX);
        assertThat(decider.decide(0, answer(404), budget, RANDOM))
                .isInstanceOf(RetryDecision.Stop.class);
        assertThat(budget.available()).isEqualTo(1);
        assertThat(decider.decide(0, UPSTREAM_503, budget, RANDOM))
                .isInstanceOf(RetryDecision.Retry.class);
        assertThat(decider.decide(1, UPSTREAM_503, budget, RANDOM))
                .isEqualTo(new RetryDecision.Stop(RetryDecision.Reason.BUDGET));
        assertThat(budgets.state(new RetryBudget("b", 0.2, 1, Duration.ofSeconds(1))))
                .isSameAs(budget);
    }
}
