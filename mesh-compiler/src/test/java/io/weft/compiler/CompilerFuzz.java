package io.weft.compiler;

import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.model.WorkloadId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Jazzer calls with bytes of its own making (profile {@code fuzz}): reading, compiling,
 * analysing and scoping them must never throw.
 */
public final class CompilerFuzz {

    private CompilerFuzz() {}

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        SourceFile file = SourceFile.decode("mesh/fuzz.yaml", bytes);
        Analysis analysis = MeshCompiler.analyze(List.of(file), CompilerOptions.DEFAULT, List.of());
        CompiledPolicies policies = analysis.policies();
        if (policies.hasErrors()) {
            return; // Nothing of it is ever put in force.
        }
        ServiceCatalog catalog = policies.catalog();
        policies.statuses(catalog);
        WorkloadConfigBuilder builder =
                new WorkloadConfigBuilder(policies, catalog, ConfigProviders.NONE);
        for (boolean gateway : new boolean[] {false, true}) {
            builder.build(
                    new WorkloadIdentity(
                            new WorkloadId("blog", "blog-api"),
                            "blog-api",
                            Map.of("app", "blog-api", "istio", "ingressgateway"),
                            List.of(),
                            gateway),
                    Set.of("blog-api.blog:8080", "user-service.blog:9090", "example.com:443"));
        }
    }
}
