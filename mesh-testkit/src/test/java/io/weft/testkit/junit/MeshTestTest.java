package io.weft.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

@MeshTest(
        topology =
                """
                workloads:
                - {name: shop, namespace: web}
                - {name: orders, namespace: back, ports: [{name: http, port: 8080}]}
                """,
        resources =
                """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: readers, namespace: back}
                spec:
                  rules:
                  - from: [{source: {principals: [cluster.local/ns/web/sa/shop]}}]
                    to: [{operation: {methods: [GET]}}]
                """)
class MeshTestTest {

    @Test
    void expectationsThatHoldPass(Mesh mesh) {
        mesh.request("shop.web", "orders.back:8080")
                .get("/orders")
                .expectStatus(200)
                .expectWorkload("orders")
                .expectDecidedBy("AuthorizationPolicy back/readers");
        assertThat(mesh.request("shop.web", "orders.back:8080").distribution(3))
                .isEqualTo(Map.of("orders.back", 3));
    }

    @Test
    void expectationsThatDoNotHoldSayWhatCameInstead(Mesh mesh) {
        MeshRequest request = mesh.request("shop.web", "orders.back:8080").post("/orders");
        assertThatThrownBy(() -> request.expectStatus(200))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("status: 403 (expected: 200)")
                .hasMessageContaining("AuthorizationPolicy back/readers");
    }

    @Test
    void resourcesOfATestHoldForThatTest(Mesh mesh) {
        mesh.resources(
                """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: nobody, namespace: back}
                spec: {}
                """);
        mesh.request("shop.web", "orders.back:8080")
                .get("/orders")
                .expectStatus(403)
                .expectDecidedBy("AuthorizationPolicy back/nobody");
    }

    @Test
    void resourcesThatAreRefusedFailTheTestWithTheirDiagnostics(Mesh mesh) {
        assertThatThrownBy(() ->
                        mesh.resources(
                                """
                                apiVersion: security.istio.io/v1
                                kind: AuthorizationPolicy
                                metadata: {name: x, namespace: back}
                                spec: {action: PERHAPS}
                                """))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("PERHAPS")
                .hasMessageContaining("resources.yaml:4");
    }
}
