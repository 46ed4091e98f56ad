package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.control.ControlApi;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The YAML of Istio's analyser cases, put into one lab set after set: each is taken by every
 * sidecar, or refused with the place and the reason and without disturbing what was there. Istio's
 * own tests do not validate what they analyse, so a set may be refused for what Istio's API server
 * would refuse, too; never for anything else than its own text.
 */
class AnalyserSetsReplayTest {

    private static final PolicyFile QUIET =
            new PolicyFile(
                    "quiet.yaml",
                    """
                    apiVersion: security.istio.io/v1
                    kind: AuthorizationPolicy
                    metadata: {name: only-quiet, namespace: ns2}
                    spec: {rules: [{to: [{operation: {paths: [/quiet]}}]}]}
                    """);

    @Test
    void eachSetIsTakenOrRefusedWithItsReasonAndNothingElseIsDisturbed() {
        Path folder = SharedData.folder("istio-analyzers");
        JsonNode cases = SharedData.json(folder.resolve("cases.json")).path("cases");
        Map<String, List<PolicyFile>> sets = sets(folder, cases);
        Score score = new Score("istio-analyzers (YAML through the lab)");
        String topology = SemanticsCase.text("topology.yaml");
        int taken = 0;
        List<String> refused = new ArrayList<>();
        try (Lab lab = Lab.start("topology.yaml", topology, List.of())) {
            for (Map.Entry<String, List<PolicyFile>> set : sets.entrySet()) {
                assertThat(lab.api().resources(List.of(QUIET)).accepted()).isTrue();
                ControlApi.Resources put = lab.api().resources(set.getValue());
                score.check(
                        "no sidecar refuses", put.refusals().isEmpty(), set + " " + put.refusals());
                if (put.accepted()) {
                    taken++;
                    score.check("taken", true, set.getKey());
                } else {
                    refused.add(set.getKey());
                    score.check("refused with a reason", hasReason(put), set.getKey());
                    score.check("nothing disturbed", isQuiet(lab), set.getKey());
                }
            }
        }
        System.out.println(score.report());
        System.out.printf("  %d sets taken, %d refused: %s%n", taken, refused.size(), refused);
        assertThat(score.failures()).isEmpty();
        assertThat(taken).isGreaterThan(refused.size());
    }

    private static Map<String, List<PolicyFile>> sets(Path folder, JsonNode cases) {
        Map<String, List<PolicyFile>> sets = new TreeMap<>();
        for (JsonNode each : cases) {
            List<PolicyFile> files = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (JsonNode file : each.path("inputFiles")) {
                String name = file.asString();
                names.add(name.replaceFirst("^data/", ""));
                files.add(new PolicyFile(name, SharedData.text(folder.resolve(name))));
            }
            sets.put(String.join(" ", names), files);
        }
        return sets;
    }

    /** An error that names a file and a line of what was put. */
    private static boolean hasReason(ControlApi.Resources put) {
        return put.diagnostics().stream()
                .map(Object::toString)
                .anyMatch(text ->
                        text.toLowerCase(java.util.Locale.ROOT).contains("error")
                                && text.matches("(?s).*\\.yaml.*\\d.*"));
    }

    /** What was in force before still is. */
    private static boolean isQuiet(Lab lab) {
        return Sent.from("a.ns1", "d.ns2", 80).as("GET", "/quiet").to(lab).status() == 200
                && Sent.from("a.ns1", "d.ns2", 80).as("GET", "/loud").to(lab).status() == 403;
    }
}
