package io.weft.compiler.conformance;

import io.weft.compiler.SourceFile;
import io.weft.compiler.analysis.AnalysisCases;
import io.weft.compiler.conformance.ConformanceData.Json;
import io.weft.compiler.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Istio's analysers: the same codes about the same resources, nothing more and nothing less. */
class IstioAnalyzersTest {

    private static final int REACHED = 52;

    @Test
    void reportsWhatIstiosAnalysersReport() {
        ConformanceData data = ConformanceData.set("istio-analyzers");
        Score score = new Score("istio-analyzers");
        for (Json one : data.json("cases.json").get("cases").items()) {
            String analyzer = one.get("analyzer").text();
            if (!AnalysisCases.knows(analyzer)) {
                score.leaveOut("no check for " + analyzer);
                continue;
            }
            List<SourceFile> files = new ArrayList<>();
            one.get("inputFiles").items().forEach(file -> files.add(data.source(file.text())));
            if (one.has("meshConfig") || one.has("meshNetworks")) {
                files.add(new SourceFile("mesh.yaml", configMap(data, one)));
            }
            List<String> expected =
                    one.get("expected").items().stream()
                            .map(e -> e.get("code").text() + " " + e.get("origin").text())
                            .sorted()
                            .toList();
            List<String> actual =
                    AnalysisCases.run(analyzer, files).stream()
                            .map(IstioAnalyzersTest::text)
                            .sorted()
                            .toList();
            score.record(
                    one.get("index").text() + " " + one.get("name").text(),
                    expected.equals(actual),
                    "expected " + expected + " but found " + actual);
        }
        score.atLeast(REACHED);
    }

    private static String configMap(ConformanceData data, Json one) {
        StringBuilder text =
                new StringBuilder(
                        "apiVersion: v1\nkind: ConfigMap\n"
                                + "metadata: {name: istio, namespace: istio-system}\ndata:\n");
        for (String key : List.of("mesh", "meshNetworks")) {
            String file = one.get(key.equals("mesh") ? "meshConfig" : key).text();
            if (!file.isEmpty()) {
                text.append("  ").append(key).append(": |\n");
                data.text(file)
                        .lines()
                        .forEach(line -> text.append("    ").append(line).append('\n'));
            }
        }
        return text.toString();
    }

    private static String text(Diagnostic found) {
        String namespace = found.namespace().isEmpty() ? "" : found.namespace() + "/";
        return found.code().id() + " " + found.kind() + " " + namespace + found.name();
    }
}
