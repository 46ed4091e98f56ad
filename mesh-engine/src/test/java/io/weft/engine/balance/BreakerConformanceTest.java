package io.weft.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.AdjustableClock;
import io.weft.engine.Conformance;
import io.weft.engine.Origins;
import io.weft.engine.RandomSource;
import io.weft.model.cluster.OutlierDetection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Linkerd's own traces: breakers, the window of their success rate, and what servers ask for. */
class BreakerConformanceTest {

    private final List<String> wrong = new ArrayList<>();
    private int checked;

    private static OutlierDetection settings(JsonNode policy) {
        double threshold = policy.path("successRateThreshold").asDouble(0);
        OutlierDetection.SuccessRate rate =
                threshold > 0
                        ? new OutlierDetection.SuccessRate(
                                threshold,
                                Duration.ofMillis(policy.get("successRateWindowMillis").asLong()),
                                policy.get("minRequests").asInt())
                        : null;
        Duration least = Duration.ofMillis(policy.get("minBackoffMillis").asLong());
        Duration most = Duration.ofMillis(policy.get("maxBackoffMillis").asLong());
        return new OutlierDetection(
                policy.get("maxConsecutiveFailures").asInt(),
                0,
                least,
                least,
                100,
                0,
                rate,
                new OutlierDetection.Probation(least, most, policy.get("jitter").asDouble()),
                Origins.line(1));
    }

    /**
     * What the classifier has made of a response, with the signals that it leaves to the breaker.
     */
    private static Outcome outcome(JsonNode event) {
        if (event.get("class").asString().equals("failure")) {
            return Outcome.SERVER_ERROR;
        }
        boolean limited =
                event.path("http").asInt() == 429
                        || event.path("grpc").asString("").equals("RESOURCE_EXHAUSTED");
        return limited ? Outcome.RATE_LIMITED : Outcome.SUCCESS;
    }

    private void check(String name, Object actual, Object expected) {
        checked++;
        if (!actual.equals(expected)) {
            wrong.add(name + ": " + actual + " (expected: " + expected + ")");
        }
    }

    private static String state(OutlierState state) {
        if (state.isOnProbation()) {
            return "probing";
        }
        return state.isEjected() ? "rejecting" : "admitting";
    }

    private void play(JsonNode trace) {
        AdjustableClock clock = AdjustableClock.stoppedAt(Instant.EPOCH);
        OutlierGuard guard = new OutlierGuard(clock, RandomSource.seeded(1));
        OutlierState endpoint = new OutlierState();
        guard.configure(settings(trace.get("policy")), List.of(endpoint));
        int at = 0;
        for (JsonNode event : trace.get("events")) {
            String name = trace.get("name").asString() + " [" + at++ + "]";
            switch (event.get("op").asString()) {
                case "advance" -> clock.advance(Duration.ofMillis(event.get("millis").asLong()));
                case "response" -> guard.record(endpoint, outcome(event));
                case "startProbe" -> check(name, guard.admits(endpoint), true);
                case "expect" -> {
                    check(name, state(endpoint), event.get("state").asString());
                    if (event.has("probesAvailable")) {
                        int available = endpoint.isEjected() ? 0 : 1;
                        check(name, available, event.get("probesAvailable").asInt());
                    }
                }
                case "expectTripReason" -> {
                    String reason = String.valueOf(endpoint.reason());
                    String text = reason.toLowerCase(Locale.ROOT).replace('_', '-');
                    check(name, text, event.get("reason").asString());
                }
                default -> throw new IllegalStateException(event.toString());
            }
            guard.sweep();
        }
    }

    @Test
    void everyBreakerIsLinkerds() {
        JsonNode traces = Conformance.read("linkerd/breaker.json").get("breakers");
        traces.forEach(this::play);
        assertThat(wrong).isEmpty();
        assertThat(traces).hasSize(35);
        System.out.println("linkerd breakers: 35 traces, " + checked + " expectations hold");
    }

    @Test
    void everyWindowIsLinkerds() {
        JsonNode traces = Conformance.read("linkerd/breaker.json").get("successRateWindow");
        traces.forEach(this::playWindow);
        assertThat(wrong).isEmpty();
        assertThat(traces).hasSize(13);
        System.out.println("linkerd windows: 13 traces, " + checked + " expectations hold");
    }

    private void playWindow(JsonNode trace) {
        Duration length = Duration.ofMillis(trace.get("windowMillis").asLong());
        SuccessWindow window = new SuccessWindow(new OutlierDetection.SuccessRate(0.5, length, 1));
        int at = 0;
        for (JsonNode step : trace.get("steps")) {
            String name = trace.get("name").asString() + " [" + at++ + "]";
            switch (step.get("op").asString()) {
                case "record" -> {
                    long now = Duration.ofMillis(step.get("atMillis").asLong()).toNanos();
                    window.count(step.get("success").asBoolean(), now);
                }
                case "reset" -> window.reset();
                case "ratio" -> {
                    Object ratio =
                            window.total() == 0
                                    ? "none"
                                    : (double) window.succeeded() / window.total();
                    JsonNode expected = step.get("expected");
                    check(name, ratio, expected.isNull() ? "none" : (Object) expected.asDouble());
                }
                case "totals" -> {
                    check(name, window.total(), step.get("expectedTotal").asInt());
                    check(name, window.succeeded(), step.get("expectedSuccesses").asInt());
                }
                case "trips" ->
                        check(
                                name,
                                window.trips(
                                        Math.clamp(
                                                step.get("minRequests").asLong(),
                                                0,
                                                Integer.MAX_VALUE),
                                        step.get("threshold").asDouble()),
                                step.get("expected").asBoolean());
                default -> throw new IllegalStateException(step.toString());
            }
        }
    }

    @Test
    void everyRequestForRestIsReadAsLinkerdDoes() {
        JsonNode set = Conformance.read("linkerd/retry-after.json");
        Instant now = Instant.parse("2025-01-01T00:00:00Z");
        for (JsonNode test : set.get("retryAfter")) {
            String header = test.get("headers").path("retry-after").asString(null);
            long nanos = RestHint.ofHttp(test.get("status").asInt(), header, now);
            check(test.get("name").asString(), nanos, expectedNanos(test));
        }
        for (JsonNode test : set.get("grpcPushback")) {
            String text = test.get("grpc-retry-pushback-ms").asString(null);
            check(test.get("name").asString(), RestHint.ofGrpc(text), expectedNanos(test));
        }
        assertThat(wrong).isEmpty();
        assertThat(checked).isEqualTo(17);
        System.out.println("linkerd requests for rest: 17 of 17");
    }

    private static long expectedNanos(JsonNode test) {
        assertThat(test.get("maxMillis").asLong()).isEqualTo(RestHint.MOST.toMillis());
        JsonNode millis = test.get("expectedMillis");
        return millis.isNull() ? RestHint.NONE : Duration.ofMillis(millis.asLong()).toNanos();
    }
}
