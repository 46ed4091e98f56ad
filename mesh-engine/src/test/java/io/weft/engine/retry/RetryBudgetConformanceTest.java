package io.weft.engine.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.AdjustableClock;
import io.weft.engine.Conformance;
import io.weft.model.route.RetryBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RetryBudgetConformanceTest {

    private static RetryBudget budget(JsonNode params) {
        JsonNode ttl = params.get("ttlMillis");
        return new RetryBudget(
                "test",
                params.get("retryRatio").asDouble(),
                params.get("minRetriesPerSecond").asDouble(),
                Duration.ofMillis(ttl.isNull() ? 0 : ttl.asLong()));
    }

    @Test
    void everyTraceOfTheSetHolds() {
        int traces = 0;
        for (JsonNode trace : Conformance.read("linkerd/retry-budget.json").get("cases")) {
            AdjustableClock clock = AdjustableClock.stoppedAt(Instant.EPOCH);
            RetryBudgetState state = new RetryBudgetState(budget(trace.get("params")), clock);
            List<Boolean> answers = new ArrayList<>();
            for (JsonNode event : trace.get("events")) {
                if (event.isObject() && event.has("advanceMillis")) {
                    clock.advance(Duration.ofMillis(event.get("advanceMillis").asLong()));
                    continue;
                }
                String kind =
                        event.isString()
                                ? event.asString()
                                : event.propertyNames().iterator().next();
                long times = event.isString() ? 1 : event.get(kind).asLong();
                for (long i = 0; i < times; i++) {
                    switch (kind) {
                        case "deposit" -> state.deposit();
                        case "withdraw" -> answers.add(state.withdraw());
                        default -> throw new IllegalStateException(kind);
                    }
                }
            }
            List<Boolean> expected = new ArrayList<>();
            trace.get("expected").forEach(node -> expected.add(node.asBoolean()));
            assertThat(answers).as(trace.get("name").asString()).isEqualTo(expected);
            traces++;
        }
        assertThat(traces).isEqualTo(11);
    }

    @Test
    void budgetsOutsideTheLimitsAllowNoRetries() {
        for (JsonNode limit : Conformance.read("linkerd/retry-budget.json").get("limits")) {
            RetryBudget budget = budget(limit);
            boolean accepted = limit.get("accepted").asBoolean();
            assertThat(RetryBudgetState.isAccepted(budget)).as("%s", limit).isEqualTo(accepted);
            if (!accepted) {
                RetryBudgetState state =
                        new RetryBudgetState(budget, AdjustableClock.stoppedAt(Instant.EPOCH));
                state.deposit();
                assertThat(state.withdraw()).as("%s", limit).isFalse();
            }
        }
    }
}
