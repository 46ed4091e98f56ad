package io.weft.compiler.conformance;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.conformance.ConformanceData.Json;
import io.weft.compiler.diagnostic.Diagnostic;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Istio's schema cases: what is valid is accepted, what is not is refused. */
class IstioCrdValidationTest {

    private static final int REACHED = 109;

    private static final Map<String, String> LEFT_OUT =
            Map.of(
                    "data/authz-valid.yaml 0",
                    "a condition on experimental.envoy.filters asks for Envoy's own metadata",
                    "data/reqauth-valid.yaml 0",
                    "policies attached by reference (targetRefs) are refused, since leaving the"
                            + " reference aside would change whom they hold for",
                    "data/serviceentry-valid.yaml 0",
                    "001:db8:: without quotes is a mapping in YAML 1.2");

    @Test
    void acceptsAndRefusesWhatIstioDoes() {
        ConformanceData data = ConformanceData.set("istio-crd-validation");
        Score score = new Score("istio-crd-validation");
        for (Json one : data.json("index.json").get("cases").items()) {
            int index = Integer.parseInt(one.get("docIndex").text());
            String name = one.get("file").text() + " " + index + " " + one.get("name").text();
            String why = LEFT_OUT.get(one.get("file").text() + " " + index);
            if (why != null) {
                score.leaveOut(why);
                continue;
            }
            boolean valid = one.get("valid").bool();
            CompiledPolicies policies =
                    MeshCompiler.compile(
                            List.of(
                                    new SourceFile(
                                            "case.yaml",
                                            document(data.text(one.get("file").text()), index))),
                            CompilerOptions.DEFAULT);
            String detail =
                    valid
                            ? policies.diagnostics().stream()
                                    .filter(Diagnostic::isError)
                                    .map(Diagnostic::format)
                                    .collect(Collectors.joining("; "))
                            : "accepted (expected: " + one.get("errorSubstring").text() + ")";
            score.record(name, policies.hasErrors() != valid, detail);
        }
        score.atLeast(REACHED);
    }

    private static String document(String text, int index) {
        return text.split("(?m)^---.*$", -1)[index].replaceAll("(?m)^_err:.*$", "");
    }
}
