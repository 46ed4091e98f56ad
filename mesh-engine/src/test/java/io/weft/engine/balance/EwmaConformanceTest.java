package io.weft.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weft.engine.AdjustableClock;
import io.weft.engine.Conformance;
import io.weft.engine.RandomSource;
import io.weft.model.cluster.LoadBalancing;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EwmaConformanceTest {

    private static void assertMeets(JsonNode expect, double actual, String where) {
        if (expect.has("eq")) {
            JsonNode eq = expect.get("eq");
            double wanted = eq.isString() ? Double.POSITIVE_INFINITY : eq.asDouble();
            if (Double.isInfinite(wanted)) {
                assertThat(actual).as(where).isInfinite();
            } else {
                assertThat(actual).as(where).isCloseTo(wanted, within(Math.abs(wanted) * 1e-9));
            }
        }
        if (expect.has("gt")) {
            assertThat(actual).as(where).isGreaterThan(expect.get("gt").asDouble());
        }
        if (expect.has("lt")) {
            assertThat(actual).as(where).isLessThan(expect.get("lt").asDouble());
        }
        if (expect.has("finite")) {
            assertThat(Double.isFinite(actual)).as(where).isTrue();
        }
    }

    private static long nanos(JsonNode step) {
        return step.get("atMillis").asLong() * 1_000_000;
    }

    @Test
    void theAverageFollowsEveryTrace() {
        int traces = 0;
        for (JsonNode trace : Conformance.read("linkerd/ewma.json").get("average")) {
            double initial =
                    trace.has("initial")
                            ? trace.get("initial").asDouble()
                            : Double.POSITIVE_INFINITY;
            Ewma ewma = new Ewma(trace.get("decayMillis").asLong() * 1_000_000, initial, 0);
            for (JsonNode step : trace.get("steps")) {
                String where = trace.get("name").asString() + ": " + step;
                switch (step.get("op").asString()) {
                    case "add" -> ewma.add(step.get("value").asDouble(), nanos(step));
                    case "addPeak" -> ewma.addPeak(step.get("value").asDouble(), nanos(step));
                    case "reset" -> ewma.reset(step.get("value").asDouble(), nanos(step));
                    case "get" -> assertMeets(step.get("expect"), ewma.get(), where);
                    case "getAt" -> assertMeets(step.get("expect"), ewma.getAt(nanos(step)), where);
                    default -> throw new IllegalStateException(where);
                }
            }
            traces++;
        }
        assertThat(traces).isEqualTo(20);
    }

    @Test
    void theLoadOfAnEndpointFollowsEveryTrace() {
        int traces = 0;
        for (JsonNode trace : Conformance.read("linkerd/ewma.json").get("peakLoad")) {
            AdjustableClock clock = AdjustableClock.stoppedAt(Instant.EPOCH);
            EndpointState state = new EndpointState(new OutlierState());
            state.measure(
                    new LoadBalancing.PeakEwma(
                            Duration.ofMillis(trace.get("defaultRttMillis").asLong()),
                            Duration.ofMillis(trace.get("decayMillis").asLong())),
                    clock);
            Member member = new Member(Clusters.endpoint(1, 1, ""), state, 0);
            OutlierGuard guard = new OutlierGuard(clock, RandomSource.seeded(1));
            Map<String, EndpointLease> open = new HashMap<>();
            for (JsonNode step : trace.get("steps")) {
                if (step.has("advanceMillis")) {
                    clock.advance(Duration.ofMillis(step.get("advanceMillis").asLong()));
                } else if (step.has("start")) {
                    open.put(step.get("start").asString(), new EndpointLease(member, guard, clock));
                } else if (step.has("complete")) {
                    open.get(step.get("complete").asString()).complete(Outcome.SUCCESS);
                } else {
                    assertMeets(
                            step.get("expectLoadMillis"),
                            state.cost(clock.nanoTime()) / 1e6,
                            trace.get("name").asString());
                }
            }
            traces++;
        }
        assertThat(traces).isEqualTo(2);
    }
}
