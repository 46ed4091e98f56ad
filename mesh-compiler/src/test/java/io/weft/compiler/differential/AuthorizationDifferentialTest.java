package io.weft.compiler.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.ConfigProviders;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.WorkloadConfigBuilder;
import io.weft.compiler.WorkloadIdentity;
import io.weft.engine.SampleRequest;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Verdict;
import io.weft.model.AppProtocol;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.resource.WorkloadConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From the text of AuthorizationPolicies to the verdict: compiler and engine against the YAML. */
class AuthorizationDifferentialTest {

    /** Pairs of policies and request; ten million with {@code -Dweft.fuzz.decisions=10000000}. */
    private static final int DECISIONS = Integer.getInteger("weft.fuzz.decisions", 100_000);

    private static final long SEED = Long.getLong("weft.fuzz.seed", 2026);
    private static final int REQUESTS = 400;
    private static final int PORT = 8080;

    private static final String MESH =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |
                extensionProviders:
                - name: asked
                  envoyExtAuthzHttp: {service: asked.shop.svc.cluster.local, port: 80}
            """;

    @Test
    void decidesAsTheYamlSays() {
        RandomAuthorization random = new RandomAuthorization(SEED);
        int allowed = 0;
        for (int done = 0; done < DECISIONS; done += REQUESTS) {
            List<WrittenPolicy> policies = random.policies();
            AuthzEngine engine = compile(policies);
            for (int i = 0; i < REQUESTS; i++) {
                SampleRequest request = random.request();
                String expected = NaiveAuthorization.decide(policies, request);
                String actual = decide(engine, request);
                if (!actual.equals(expected)) {
                    assertThat(actual).as("%s on %s", policies, request).isEqualTo(expected);
                }
                allowed += actual.startsWith("ALLOW") ? 1 : 0;
            }
        }
        assertThat(allowed).as("both verdicts occur").isBetween(DECISIONS / 10, DECISIONS * 9 / 10);
    }

    private static AuthzEngine compile(List<WrittenPolicy> policies) {
        StringBuilder text = new StringBuilder(MESH);
        policies.forEach(policy -> text.append("---\n").append(policy.yaml()));
        CompiledPolicies compiled =
                MeshCompiler.compile(
                        List.of(new SourceFile("mesh/a.yaml", text.toString())),
                        CompilerOptions.DEFAULT);
        assertThat(compiled.hasErrors()).as("%s", compiled.diagnostics()).isFalse();
        WorkloadIdentity workload =
                new WorkloadIdentity(
                        new WorkloadId("shop", "api"),
                        "api",
                        Map.of("app", "api"),
                        List.of(new RegisteredPort("http", PORT, AppProtocol.HTTP, PORT + 10_000)),
                        false);
        WorkloadConfig config =
                (WorkloadConfig)
                        new WorkloadConfigBuilder(
                                        compiled, compiled.catalog(), ConfigProviders.NONE)
                                .build(workload, Set.of())
                                .get("workload");
        return AuthzEngine.compile(config.inbound().getFirst().authz());
    }

    private static String decide(AuthzEngine engine, SampleRequest request) {
        Verdict verdict = engine.decide(request);
        while (verdict instanceof Verdict.AskExternal ask) {
            verdict = engine.consented(request, ask);
        }
        List<String> silent = new ArrayList<>();
        verdict.recorded().forEach(recorded -> silent.add(recorded.origin().name()));
        silent.sort(null);
        return (verdict instanceof Verdict.Allowed ? "ALLOW" : "DENY") + silent;
    }
}
