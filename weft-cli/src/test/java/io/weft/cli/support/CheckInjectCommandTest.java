package io.weft.cli.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.running.RunningMesh;
import io.weft.cli.running.RunningMesh.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckInjectCommandTest {

    private static final String MANIFESTS =
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingWebhookConfiguration
            metadata: {name: injector, labels: {istio.io/rev: canary}}
            webhooks:
            - name: rev.namespace.sidecar-injector.istio.io
              rules: [{operations: [CREATE], apiGroups: [""], apiVersions: [v1], resources: [pods]}]
              namespaceSelector:
                matchExpressions: [{key: istio-injection, operator: In, values: [enabled]}]
              objectSelector:
                matchExpressions: [{key: sidecar.istio.io/inject, operator: NotIn, values: ["false"]}]
            - name: configmaps.example.com
              rules: [{operations: [CREATE], apiGroups: [""], apiVersions: [v1], resources: [configmaps]}]
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {istio-injection: enabled}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: api, namespace: shop}
            spec: {template: {metadata: {labels: {app: api}}}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: batch, namespace: shop}
            spec: {template: {metadata: {labels: {sidecar.istio.io/inject: "false"}}}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: api, namespace: other}
            spec: {template: {metadata: {labels: {app: api}}}}
            """;

    @TempDir Path folder;

    private Ran check(String... words) throws Exception {
        Path file = Files.writeString(folder.resolve("cluster.yaml"), MANIFESTS);
        List<String> all = new ArrayList<>(List.of("check-inject"));
        all.addAll(List.of(words));
        all.add(file.toString());
        return RunningMesh.run(all);
    }

    @Test
    void namesTheWebhookThatTakesAPod() throws Exception {
        assertThat(check("deploy/api", "-n", "shop").lines())
                .containsExactly(
                        "WEBHOOK REVISION INJECTED REASON",
                        "injector/rev.namespace.sidecar-injector.istio.io canary ✔ labels of"
                                + " namespace and pod fit");
    }

    @Test
    void saysWhichLabelKeepsAWebhookAway() throws Exception {
        assertThat(check("deploy/batch", "-n", "shop").out())
                .contains("✘", "pod: sidecar.istio.io/inject is one of [false]");
        Ran other = check("deploy/api", "-n", "other");
        assertThat(other.out()).contains("namespace: istio-injection is not one of [enabled]");
        assertThat(other.err()).contains("Namespace other is not in these manifests");
    }

    @Test
    void whatIsNotThereOrIsNoWorkloadIsOneLine() throws Exception {
        assertThat(check("deploy/nobody", "-n", "shop").code()).isEqualTo(65);
        assertThat(check("galaxy/api").code()).isEqualTo(64);
    }
}
