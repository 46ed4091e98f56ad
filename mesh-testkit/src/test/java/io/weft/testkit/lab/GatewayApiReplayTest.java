package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.control.Answer;
import io.weft.testkit.lab.control.ControlApi;
import io.weft.testkit.lab.control.RequestOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The HTTPRoute tests of the Gateway API's own conformance suite over real sockets: each test's
 * manifests are put into one lab, and each of its requests is sent to the gateway it names.
 */
class GatewayApiReplayTest {

    private static final int DEADLINE_MILLIS = 10_000;

    private final Score score = new Score("gateway-api (HTTPRoute through the lab)");

    @Test
    void everyRequestIsAnsweredAsTheApiAsksFor() {
        Path folder = SharedData.folder("gateway-api");
        JsonNode data = SharedData.json(folder.resolve("httproute.json"));
        String topology = SemanticsCase.text("gateway-api-topology.yaml");
        int whole = 0;
        try (Lab lab = Lab.start("topology.yaml", topology, List.of())) {
            for (JsonNode test : data.path("tests")) {
                int before = score.failures().size();
                new Replay(lab, folder, data.path("base").asString(), test).run();
                whole += score.failures().size() == before ? 1 : 0;
            }
        }
        System.out.println(score.report());
        System.out.println(
                "  tests without a failed check: " + whole + " of " + data.path("tests").size());
        assertThat(score.failures()).as("requests that fail").isEmpty();
    }

    private final class Replay {

        private final Lab lab;
        private final Path folder;
        private final String base;
        private final JsonNode test;
        private final String name;

        Replay(Lab lab, Path folder, String base, JsonNode test) {
            this.lab = lab;
            this.folder = folder;
            this.base = base;
            this.test = test;
            this.name = test.path("test").asString();
        }

        void run() {
            if (test.has("setup")) {
                score.leaveOut("pods' addresses written into EndpointSlices at run time");
                return;
            }
            load("");
            for (JsonNode sent : test.path("requests")) {
                if (sent.has("after")) {
                    load(sent.path("after").asString().split(" ")[1]);
                }
                if (sent.has("repeat")) {
                    repeat(sent);
                } else {
                    String problem = once(sent);
                    score.check("requests", problem.isEmpty(), what(sent) + " → " + problem);
                }
            }
        }

        private String what(JsonNode sent) {
            return name + " " + sent.path("request");
        }

        /**
         * @param without a kind whose resources are left out, empty for none
         */
        private void load(String without) {
            List<PolicyFile> files = new ArrayList<>();
            List<String> names = new ArrayList<>(List.of(base));
            test.path("manifests").forEach(manifest -> names.add(manifest.asString()));
            for (String file : names) {
                List<String> documents = new ArrayList<>();
                for (String each : SharedData.text(folder.resolve(file)).split("(?m)^---")) {
                    if (without.isEmpty() || !each.contains("kind: " + without + "\n")) {
                        documents.add(each);
                    }
                }
                String text = String.join("---", documents);
                files.add(new PolicyFile(file, text.replace("{GATEWAY_CLASS_NAME}", "weft")));
            }
            ControlApi.Resources put = lab.api().resources(files);
            score.check("resources accepted", put.accepted(), name + " " + put.diagnostics());
            score.check("no refusals", put.refusals().isEmpty(), name + " " + put.refusals());
        }

        private RequestOrder order(JsonNode sent, @Nullable Integer count) {
            JsonNode request = sent.path("request");
            List<List<String>> headers = new ArrayList<>();
            request.path("headers")
                    .properties()
                    .forEach(h -> headers.add(List.of(h.getKey(), h.getValue().asString())));
            List<String> set = new ArrayList<>();
            request.path("backendSetsResponseHeaders")
                    .properties()
                    .forEach(h -> set.add(h.getKey() + ":" + h.getValue().asString()));
            if (!set.isEmpty()) {
                headers.add(List.of("x-echo-set-header", String.join(",", set)));
            }
            String[] gateway = sent.path("gateway").asString().split("/");
            boolean tls = request.has("tls");
            return new RequestOrder(
                    new RequestOrder.From(null, null, null, true, gateway[1] + "." + gateway[0]),
                    new RequestOrder.To(
                            request.path("host").asString("192.0.2.1"), port(sent, gateway)),
                    switch (request.path("protocol").asString("")) {
                        case "h2", "h2c-prior-knowledge" -> "http2";
                        case "websocket" -> "websocket";
                        default -> "http1";
                    },
                    null,
                    request.path("method").asString(),
                    request.path("path").asString(),
                    headers,
                    request.path("frames").path(0).path("text").asString(null),
                    tls ? request.path("tls").path("sni").asString() : null,
                    count,
                    DEADLINE_MILLIS,
                    tls,
                    null,
                    null);
        }

        /** The port that the gateway's listeners share. */
        private int port(JsonNode sent, String[] gateway) {
            int only =
                    lab.mesh().gateways().stream()
                            .filter(each -> each.spec().name().equals(gateway[1]))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError(List.of(gateway)))
                            .spec()
                            .ports()
                            .getFirst();
            return sent.path("listenerPort").asInt(only);
        }

        private String once(JsonNode sent) {
            behave(sent);
            for (JsonNode mirror : sent.path("expect").path("mirroredTo")) {
                lab.api()
                        .clear(
                                mirror.path("namespace").asString(),
                                mirror.path("backend").asString());
            }
            Answer answer = (Answer) lab.api().request(order(sent, null));
            String problem = new GatewayApiJudge(sent).judge(answer);
            if (!problem.isEmpty()) {
                return problem + " " + answer.details();
            }
            for (JsonNode mirror : sent.path("expect").path("mirroredTo")) {
                if (!mirrored(mirror)) {
                    return "not mirrored to " + mirror;
                }
            }
            return "";
        }

        private boolean mirrored(JsonNode mirror) {
            long deadline = System.nanoTime() + 2_000_000_000L;
            while (received(mirror) == 0) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                Thread.onSpinWait();
            }
            return true;
        }

        private long received(JsonNode backend) {
            return ((Number)
                            Objects.requireNonNull(
                                    lab.api()
                                            .received(
                                                    backend.path("namespace").asString(),
                                                    backend.path("backend").asString())
                                            .get("requests")))
                    .longValue();
        }

        /** Backends fail as the test wants, and answer late where the path says so. */
        private void behave(JsonNode sent) {
            JsonNode behaviour = sent.path("backendBehaviour");
            int times = behaviour.path("failFirst").asInt(0);
            int status = behaviour.path("failWith").path("status").asInt(0);
            long delay = behaviour.path("delayBeforeFailingMillis").asLong(0);
            if (sent.path("request").path("path").asString().contains("delay=1s")) {
                times = 1;
                delay = 1000;
            }
            boolean reset = behaviour.path("failWith").asString("").equals("connection-reset");
            for (String backend :
                    List.of("infra-backend-v1", "infra-backend-v2", "infra-backend-v3")) {
                lab.api()
                        .faults(
                                new ControlApi.FaultOrder(
                                        backend,
                                        "gateway-conformance-infra",
                                        null,
                                        status,
                                        delay,
                                        reset,
                                        times));
            }
        }

        private void repeat(JsonNode sent) {
            JsonNode repeat = sent.path("repeat");
            String problem = "";
            for (int i = 0; i < repeat.path("maxAttempts").asInt(1); i++) {
                problem = repeatOnce(sent, repeat);
                if (problem.isEmpty()) {
                    break;
                }
            }
            score.check("repeated requests", problem.isEmpty(), what(sent) + " → " + problem);
        }

        private String repeatOnce(JsonNode sent, JsonNode repeat) {
            int count = repeat.path("count").asInt();
            behave(sent);
            sent.path("expect")
                    .path("mirroredTo")
                    .forEach(mirror ->
                            lab.api()
                                    .clear(
                                            mirror.path("namespace").asString(),
                                            mirror.path("backend").asString()));
            Answer.Many many = (Answer.Many) lab.api().request(order(sent, count));
            GatewayApiJudge judge = new GatewayApiJudge(sent);
            for (Answer each : many.responses()) {
                String problem = judge.judge(each);
                if (problem.isEmpty() && repeat.has("eachRequest")) {
                    problem = judge.namesItsBackend(each);
                }
                if (!problem.isEmpty()) {
                    return problem;
                }
            }
            for (Map.Entry<String, JsonNode> share : repeat.path("expectedShare").properties()) {
                String key = share.getKey() + ".gateway-conformance-infra";
                double got = many.distribution().getOrDefault(key, 0) / (double) count;
                if (Math.abs(got - share.getValue().asDouble())
                        > repeat.path("tolerance").asDouble()) {
                    return "distribution " + many.distribution();
                }
            }
            double deviations = repeat.path("mirrorShareToleranceStandardDeviations").asDouble(3);
            for (JsonNode mirror : sent.path("expect").path("mirroredTo")) {
                double p = mirror.path("percent").asDouble(100) / 100;
                double off = Math.abs(received(mirror) - count * p);
                if (off > deviations * Math.sqrt(count * p * (1 - p)) + 1) {
                    return "mirrored " + received(mirror) + " of " + count + " to " + mirror;
                }
            }
            return "";
        }
    }
}
