package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.control.Answer;
import io.weft.testkit.lab.control.ControlApi;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExternalAuthorizationLabTest {

    private static final String TOPOLOGY =
            """
            meshConfig:
              extensionProviders:
              - name: by-http
                envoyExtAuthzHttp:
                  service: ext-authz.istio-system.svc.cluster.local
                  port: 8000
                  includeRequestHeadersInCheck: [x-ext-authz]
                  includeAdditionalHeadersInCheck: {x-ext-authz-additional-header-override: fixed}
                  headersToUpstreamOnAllow: [x-ext-authz-check-result]
                  headersToDownstreamOnDeny: [x-ext-authz-check-result]
              - name: by-grpc
                envoyExtAuthzGrpc: {service: ext-authz.istio-system.svc.cluster.local, port: 9000}
            workloads:
            - {name: a, namespace: ns1}
            - {name: c, namespace: ns1}
            - name: b
              namespace: ns2
              ports:
              - {name: http, port: 80, targetPort: 8080, protocol: HTTP}
              - {name: tcp, port: 9090, protocol: TCP}
            extAuthz: {name: ext-authz, namespace: istio-system}
            """;

    private final Lab lab = Lab.start("topology.yaml", TOPOLOGY, List.of());

    @AfterAll
    void end() {
        lab.close();
    }

    private void custom(String provider, String rules) {
        ControlApi.Resources outcome =
                lab.api()
                        .resources(
                                List.of(
                                        new PolicyFile(
                                                "resources.yaml",
                                                """
                                                apiVersion: security.istio.io/v1
                                                kind: AuthorizationPolicy
                                                metadata: {name: ext, namespace: ns2}
                                                spec:
                                                  action: CUSTOM
                                                  provider: {name: %s}
                                                  rules: %s
                                                """
                                                        .formatted(provider, rules))));
        assertThat(outcome.diagnostics()).filteredOn(d -> d.level().equals("Error")).isEmpty();
        assertThat(outcome.refusals()).isEmpty();
    }

    private Answer call(String path, String value) {
        return Sent.from("a.ns1", "b.ns2", 80)
                .as("GET", path)
                .with(List.of(List.of("x-ext-authz", value)))
                .to(lab);
    }

    @Test
    void anHttpProviderDecidesAboutThePathsOfTheRule() {
        custom("by-http", "[{to: [{operation: {paths: [/admin*]}}]}]");
        Answer allowed = call("/admin", "allow");
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(String.valueOf(allowed.echo()))
                .contains("[\"x-ext-authz-check-result\",\"allowed\"]");
        Answer denied = call("/admin", "deny");
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.body()).startsWith("denied by ext_authz");
        assertThat(denied.responseFlags()).isEqualTo("UAEX");
        assertThat(denied.headers()).contains(List.of("x-ext-authz-check-result", "denied"));
        assertThat(call("/open", "deny").status()).isEqualTo(200);
    }

    @Test
    void aGrpcProviderDecidesAboutRequestsAndConnections() {
        custom("by-grpc", "[{}]");
        assertThat(call("/x", "allow").status()).isEqualTo(200);
        Answer denied = call("/x", "deny");
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.responseFlags()).isEqualTo("UAEX");
        assertThat(denied.decidedBy()).contains("AuthorizationPolicy ns2/ext");
        Answer fromA = Sent.from("a.ns1", "b.ns2", 9090).by("tcp", "hi").to(lab);
        assertThat(fromA.body()).contains("hi");
        Answer fromC = Sent.from("c.ns1", "b.ns2", 9090).by("tcp", "hi").to(lab);
        assertThat(fromC.error()).isNotNull();
    }

    @Test
    void explainSaysThatItDepends() {
        custom("by-http", "[{}]");
        assertThat(lab.api().explain(Sent.from("a.ns1", "b.ns2", 80).as("GET", "/").order()))
                .asString()
                .contains("ASKS_EXTERNAL");
    }
}
