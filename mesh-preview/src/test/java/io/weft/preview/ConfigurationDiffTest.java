package io.weft.preview;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.preview.diff.Change;
import io.weft.preview.diff.ConfigurationDiff;
import io.weft.preview.diff.ModelDiff;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationDiffTest {

    private static final String MESH =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: api, namespace: blog}
            spec:
              selector: {app: api}
              ports: [{name: http, port: 8080}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: blog}
            spec:
              selector: {app: web}
              ports: [{name: http, port: 80}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: api, namespace: blog}
            spec:
              host: api
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: api, namespace: blog}
            spec:
              hosts: [api]
              http:
              - match: [{uri: {prefix: /a}}]
                route: [{destination: {host: api, subset: v1}}]
              - match: [{uri: {prefix: /b}}]
                route: [{destination: {host: api, subset: v2}}]
              - timeout: 3s
                route:
                - {destination: {host: api, subset: v1}, weight: 90}
                - {destination: {host: api, subset: v2}, weight: 10}
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: callers, namespace: blog}
            spec:
              selector: {matchLabels: {app: api}}
              rules:
              - from: [{source: {principals: [cluster.local/ns/blog/sa/web]}}]
            """;

    private static CompiledPolicies compile(String yaml) {
        CompiledPolicies policies =
                MeshCompiler.compile(
                        List.of(new SourceFile("mesh/mesh.yaml", yaml)), CompilerOptions.DEFAULT);
        assertThat(policies.hasErrors()).isFalse();
        return policies;
    }

    private static List<String> changes(String after) {
        assertThat(after).isNotEqualTo(MESH);
        return ConfigurationDiff.between(compile(MESH), compile(after)).changes().stream()
                .map(each ->
                        each.direction()
                                + " | "
                                + each.origin().describe()
                                + " | "
                                + each.describe()
                                + " | "
                                + String.join(", ", each.workloads()))
                .toList();
    }

    @Test
    void anotherLayoutOfTheTextIsNoChange() {
        String other =
                "# a remark\n\n"
                        + MESH.replace("{prefix: /a}", "{\n        prefix: \"/a\"}")
                                .replace("3s", "3000ms");
        ModelDiff diff = ConfigurationDiff.between(compile(MESH), compile(other));
        assertThat(diff.isEmpty()).isTrue();
    }

    @Test
    void aWeightIsToldWithItsLineAndWhomItConcernsTogether() {
        String place = "outbound to api.blog.svc.cluster.local:8080 | VirtualService blog/api";
        assertThat(
                        changes(
                                MESH.replace("weight: 90", "weight: 80")
                                        .replace("weight: 10", "weight: 20")))
                .containsExactly(
                        place
                                + " mesh/mesh.yaml:36 | weight of"
                                + " api.blog.svc.cluster.local:8080/v1 in route when always: 90 →"
                                + " 80 | blog/api, blog/web",
                        place
                                + " mesh/mesh.yaml:37 | weight of"
                                + " api.blog.svc.cluster.local:8080/v2 in route when always: 10 →"
                                + " 20 | blog/api, blog/web");
    }

    @Test
    void aRouteThatIsPutInFrontIsOneChangeAndNotOneForEachThatShifts() {
        String more =
                MESH.replace(
                        "  http:\n",
                        "  http:\n"
                                + "  - match: [{uri: {prefix: /new}}]\n"
                                + "    route: [{destination: {host: api, subset: v2}}]\n");
        assertThat(changes(more))
                .singleElement()
                .asString()
                .contains("+ route when path begins with /new")
                .endsWith("blog/api, blog/web");
    }

    @Test
    void routesThatChangePlacesAreAMove() {
        String swapped =
                MESH.replace("/a}}]", "/c}}]")
                        .replace("/b}}]", "/a}}]")
                        .replace("/c}}]", "/b}}]")
                        .replace(
                                "/b}}]\n    route: [{destination: {host: api, subset: v1}}]",
                                "/b}}]\n    route: [{destination: {host: api, subset: v2}}]")
                        .replace(
                                "/a}}]\n    route: [{destination: {host: api, subset: v2}}]",
                                "/a}}]\n    route: [{destination: {host: api, subset: v1}}]");
        assertThat(ConfigurationDiff.between(compile(MESH), compile(swapped)).changes())
                .extracting(Change::kind)
                .containsExactly(Change.Kind.MOVED);
    }

    @Test
    void securityIsToldAtTheWorkloadThatEnforcesIt() {
        String other =
                MESH.replace("sa/web", "sa/shop")
                        + """
                        ---
                        apiVersion: security.istio.io/v1
                        kind: PeerAuthentication
                        metadata: {name: strict, namespace: blog}
                        spec: {selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}
                        """;
        assertThat(changes(other))
                .contains(
                        "inbound | AuthorizationPolicy blog/callers mesh/mesh.yaml:45 | condition"
                                + " of rule: caller is cluster.local/ns/blog/sa/web → caller is"
                                + " cluster.local/ns/blog/sa/shop | blog/api")
                .contains(
                        "inbound | PeerAuthentication blog/strict mesh/mesh.yaml:50 | mTLS mode of"
                                + " inbound port 80: PERMISSIVE → STRICT | blog/web");
    }

    @Test
    void aServiceMoreIsKnownToEverybodyAndBringsItsWorkload() {
        String more =
                MESH
                        + """
                        ---
                        apiVersion: v1
                        kind: Service
                        metadata: {name: shop, namespace: blog}
                        spec:
                          selector: {app: shop}
                          ports: [{name: http, port: 80}]
                        """;
        assertThat(changes(more))
                .anySatisfy(each -> assertThat(each).contains("+ workload blog/shop"))
                .anySatisfy(each ->
                        assertThat(each)
                                .contains("+ destination shop.blog.svc.cluster.local:80")
                                .endsWith("blog/api, blog/web"));
    }

    @Test
    void newAndMendedDiagnosticsAreTold() {
        String other = MESH + "---\napiVersion: example.com/v1\nkind: Foo\nmetadata: {name: x}\n";
        ModelDiff diff = ConfigurationDiff.between(compile(MESH), compile(other));
        assertThat(diff.found()).isNotEmpty();
        assertThat(diff.mended()).isEmpty();
        ModelDiff back = ConfigurationDiff.between(compile(other), compile(MESH));
        assertThat(back.mended()).isEqualTo(diff.found());
    }
}
