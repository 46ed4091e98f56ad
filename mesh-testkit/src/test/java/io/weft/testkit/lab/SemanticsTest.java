package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.SemanticsCase.Call;
import io.weft.testkit.lab.SemanticsCase.Expectation;
import io.weft.testkit.lab.control.Answer;
import io.weft.testkit.lab.control.ControlApi;
import io.weft.testkit.lab.control.Explanations;
import io.weft.testkit.lab.control.RequestOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What policies mean on the wire, case by case from the files in {@code semantics/}: each replaces
 * the resources of one lab, sends its requests, and asks for an explanation of each, which must
 * agree.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SemanticsTest {

    private static final String SUBJECT = "d";
    private static final String NAMESPACE = "ns2";

    private final Lab lab =
            Lab.start("topology.yaml", SemanticsCase.text("topology.yaml"), List.of());

    @AfterAll
    void stop() {
        lab.close();
    }

    static List<SemanticsCase> cases() {
        List<SemanticsCase> all = new ArrayList<>();
        for (String file : List.of("authorization.yaml", "identity.yaml", "traffic.yaml")) {
            all.addAll(SemanticsCase.read(file));
        }
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void policiesMeanOnTheWireWhatTheySay(SemanticsCase each) {
        ControlApi.Resources put =
                lab.api().resources(List.of(new PolicyFile("resources.yaml", each.resources())));
        assertThat(put.accepted()).as("%s", put.diagnostics()).isTrue();
        List<String> problems = new ArrayList<>();
        for (Call call : each.requests()) {
            List<String> found = problems(call);
            if (!found.isEmpty()) {
                problems.add(call + "\n    " + found);
            }
        }
        assertThat(problems).isEmpty();
    }

    private List<String> problems(Call call) {
        RequestOrder order = call.order(lab);
        prepare(call);
        List<String> problems = new ArrayList<>();
        Object sent = lab.api().request(order);
        if (sent instanceof Answer.Many many) {
            distribution(call.expect(), many, problems);
            return problems;
        }
        Answer answer = (Answer) sent;
        compare(call.expect(), answer, problems);
        if (call.fault() == null && !call.keepFaults() && call.advance() == 0) {
            explained(order, answer, problems);
        }
        return problems;
    }

    private void prepare(Call call) {
        lab.api().clear(NAMESPACE, SUBJECT);
        lab.api().clear("ns1", "c");
        Map<String, Object> fault = call.fault();
        if (fault != null) {
            fault(
                    (Integer) fault.get("status"),
                    (Integer) fault.get("delayMillis"),
                    (Boolean) fault.get("reset"),
                    (Integer) fault.getOrDefault("times", 1));
        } else if (!call.keepFaults()) {
            fault(null, null, null, 0);
        }
        if (call.advance() > 0) {
            lab.api().clock(new ControlApi.ClockOrder((long) call.advance()));
        }
    }

    private void fault(
            @Nullable Integer status,
            @Nullable Integer delay,
            @Nullable Boolean reset,
            Integer times) {
        lab.api()
                .faults(
                        new ControlApi.FaultOrder(
                                SUBJECT,
                                NAMESPACE,
                                null,
                                status,
                                delay == null ? null : delay.longValue(),
                                reset,
                                times));
    }

    private static void distribution(Expectation expect, Answer.Many many, List<String> problems) {
        int most =
                many.distribution().values().stream().mapToInt(Integer::intValue).max().orElse(0);
        if (expect.has("oneOf") && most != expect.number("oneOf")) {
            problems.add("distribution " + many.distribution());
        }
        expect.ranges("distribution")
                .forEach((name, range) -> {
                    int count = many.distribution().getOrDefault(name, 0);
                    if (count < range.getFirst() || count > range.getLast()) {
                        problems.add("distribution " + many.distribution());
                    }
                });
    }

    private void compare(Expectation expect, Answer answer, List<String> problems) {
        JsonNode echo = answer.echo();
        expect.equal("status", answer.status(), problems);
        expect.starts("error", answer.error(), problems);
        expect.equal("flags", answer.responseFlags(), problems);
        expect.contains("body", answer.body(), problems);
        expect.contains("by", String.valueOf(answer.decidedBy()), problems);
        String grpc = header(answer.trailers(), "grpc-status");
        grpc = grpc == null ? header(answer.headers(), "grpc-status") : grpc;
        expect.equal("grpc", grpc == null ? null : Integer.valueOf(grpc), problems);
        String workload =
                echo == null
                        ? null
                        : echo.path("workload").asString()
                                + "."
                                + echo.path("namespace").asString();
        expect.equal("workload", workload, problems);
        expect.equal("path", text(echo, "path"), problems);
        expect.equal("host", text(echo, "host"), problems);
        expect.equal("sni", text(echo, "sni"), problems);
        expect.equal("peer", text(echo, "peerPrincipal"), problems);
        expect.headers("headers", name -> header(answer.headers(), name), problems);
        expect.headers(
                "echo", name -> echo == null ? null : header(received(echo), name), problems);
        if (expect.has("within") && answer.millis() > expect.number("within")
                || expect.has("atLeast") && answer.millis() < expect.number("atLeast")) {
            problems.add("took " + answer.millis() + " ms");
        }
        if (expect.has("requests")) {
            expect.equal("requests", requests(NAMESPACE, SUBJECT), problems);
        }
        Map<String, Object> mirrored = expect.map("mirrored");
        if (mirrored != null) {
            int wanted = (Integer) Objects.requireNonNull(mirrored.get("requests"));
            await(() -> wanted > 0 && requests("ns1", "c") >= wanted);
            if (requests("ns1", "c") != wanted) {
                problems.add("mirrored " + requests("ns1", "c"));
            }
        }
    }

    private int requests(String namespace, String workload) {
        return ((Number)
                        Objects.requireNonNull(
                                lab.api().received(namespace, workload).get("requests")))
                .intValue();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofMillis(500).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    private void explained(RequestOrder order, Answer answer, List<String> problems) {
        Explanations.Answer explained = lab.api().explain(order);
        if (explained.result().equals("ASKS_EXTERNAL")) {
            return;
        }
        Integer seen = answer.status();
        if (seen == null && answer.error() == null || Objects.equals(seen, 101)) {
            seen = 200;
        }
        if (explained.status() != (seen == null ? 0 : seen)) {
            problems.add("explained " + explained.status() + ": " + explained.reason());
        } else if (explained.status() != 200
                && !Objects.equals(explained.decidedBy(), answer.decidedBy())) {
            problems.add("explained by " + explained.decidedBy() + ", was " + answer.decidedBy());
        }
    }

    private static List<List<String>> received(JsonNode echo) {
        List<List<String>> headers = new ArrayList<>();
        echo.path("headers")
                .forEach(pair ->
                        headers.add(List.of(pair.get(0).asString(), pair.get(1).asString())));
        return headers;
    }

    private static @Nullable String text(@Nullable JsonNode echo, String field) {
        return echo == null || echo.path(field).isNull() ? null : echo.path(field).asString();
    }

    private static @Nullable String header(List<List<String>> headers, String name) {
        List<String> values =
                headers.stream()
                        .filter(each -> each.getFirst().equalsIgnoreCase(name))
                        .map(List::getLast)
                        .toList();
        return values.isEmpty() ? null : values.stream().collect(Collectors.joining(","));
    }
}
