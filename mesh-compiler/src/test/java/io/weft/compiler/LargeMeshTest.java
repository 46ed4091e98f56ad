package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.resource.MeshResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Work grows with the mesh, not with its square. The bound is wide, since machines differ. */
class LargeMeshTest {

    private static final int SERVICES = 1000;

    @Test
    void aThousandServicesWithFiveThousandPoliciesCompileInSeconds() {
        List<SourceFile> files = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            files.add(new SourceFile("mesh/s" + i + ".yaml", policies(i)));
        }
        CompiledPolicies policies =
                Assertions.assertTimeout(
                        Duration.ofSeconds(20),
                        () -> MeshCompiler.compile(files, CompilerOptions.DEFAULT));
        assertThat(policies.diagnostics()).isEmpty();
        WorkloadConfigBuilder builder =
                new WorkloadConfigBuilder(policies, policies.catalog(), ConfigProviders.NONE);
        Map<String, MeshResource> config =
                builder.build(
                        new WorkloadIdentity(
                                new io.weft.model.WorkloadId("ns7", "s7"),
                                "s7",
                                Map.of("app", "s7"),
                                List.of(),
                                false),
                        Set.of("s17.ns7:80", "s27.ns7:80"));
        assertThat(config)
                .containsKeys("workload", "routes/s17.ns7:80", "cluster/" + host(17) + ":80/v1")
                .doesNotContainKey("routes/s37.ns7:80");
    }

    private static String host(int i) {
        return "s" + i + ".ns" + i % 10 + ".svc.cluster.local";
    }

    private static String policies(int i) {
        return """
        apiVersion: v1
        kind: Service
        metadata: {name: sNUM, namespace: nsGROUP}
        spec: {selector: {app: sNUM}, ports: [{name: http, port: 80, targetPort: 8080}]}
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: sNUM, namespace: nsGROUP}
        spec:
          hosts: [sNUM]
          http:
          - match: [{uri: {prefix: /a/}, headers: {x: {regex: "a.*"}}}]
            route: [{destination: {host: sNUM, subset: v1}}]
          - route:
            - {destination: {host: sNUM, subset: v1}, weight: 90}
            - {destination: {host: sNUM, subset: v2}, weight: 10}
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: sNUM, namespace: nsGROUP}
        spec:
          host: sNUM
          subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: sNUM, namespace: nsGROUP}
        spec:
          selector: {matchLabels: {app: sNUM}}
          rules:
          - from: [{source: {principals: ["cluster.local/ns/nsGROUP/sa/sNUM"]}}]
            to: [{operation: {methods: [GET], paths: ["/a/*"]}}]
        ---
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: sNUM, namespace: nsGROUP}
        spec: {selector: {matchLabels: {app: sNUM}}, mtls: {mode: STRICT}}
        ---
        apiVersion: telemetry.istio.io/v1
        kind: Telemetry
        metadata: {name: sNUM, namespace: nsGROUP}
        spec: {selector: {matchLabels: {app: sNUM}}, tracing: [{randomSamplingPercentage: 5}]}
        """
                .replace("NUM", Integer.toString(i))
                .replace("GROUP", Integer.toString(i % 10));
    }
}
