package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.SampleRequest;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Verdict;
import io.weft.model.resource.WorkloadConfig;
import org.junit.jupiter.api.Test;

/** A principal of one name of the trust domain is a principal of all its names, in each dialect. */
class TrustDomainAliasTest {

    private static final String ALIASES =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |-
                trustDomainAliases: [old.example]
            """;

    private static final String ISTIO =
            """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: a, namespace: shop}
            spec:
              rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}]}]
            """;

    private static final String LINKERD =
            """
            apiVersion: policy.linkerd.io/v1beta3
            kind: Server
            metadata: {name: api, namespace: shop}
            spec: {podSelector: {}, port: 8080}
            ---
            apiVersion: policy.linkerd.io/v1alpha1
            kind: AuthorizationPolicy
            metadata: {name: a, namespace: shop}
            spec:
              targetRef: {group: policy.linkerd.io, kind: Server, name: api}
              requiredAuthenticationRefs: [{kind: ServiceAccount, name: web}]
            """;

    private static final String CONSUL =
            """
            apiVersion: consul.hashicorp.com/v1alpha1
            kind: ServiceIntentions
            metadata: {name: api, namespace: shop}
            spec:
              destination: {name: api}
              sources: [{name: web, namespace: shop, action: allow}, {name: '*', action: deny}]
            """;

    private static final String SMI =
            """
            apiVersion: access.smi-spec.io/v1alpha3
            kind: TrafficTarget
            metadata: {name: a, namespace: shop}
            spec:
              destination: {kind: ServiceAccount, name: api, namespace: shop}
              sources: [{kind: ServiceAccount, name: web, namespace: shop}]
              rules: [{kind: HTTPRouteGroup, name: all}]
            ---
            apiVersion: specs.smi-spec.io/v1alpha4
            kind: HTTPRouteGroup
            metadata: {name: all, namespace: shop}
            spec: {matches: [{name: every, methods: ['*']}]}
            """;

    private static boolean allows(String policies, String peer) {
        Scenario scenario =
                new Scenario()
                        .yaml(ALIASES)
                        .yaml(policies)
                        .workload("shop/api ports=8080:HTTP services=api");
        WorkloadConfig config = (WorkloadConfig) scenario.config("shop/api").get("workload");
        assertThat(config.trustDomainAliases()).containsExactly("old.example");
        return AuthzEngine.compile(config.inbound().getFirst().authz())
                        .decide(
                                SampleRequest.http("GET", "/")
                                        .authority("api")
                                        .destinationPort(8080)
                                        .peer(peer)
                                        .build())
                instanceof Verdict.Allowed;
    }

    private static void holdsFor(String policies) {
        assertThat(allows(policies, "spiffe://cluster.local/ns/shop/sa/web")).isTrue();
        assertThat(allows(policies, "spiffe://old.example/ns/shop/sa/web")).isTrue();
        assertThat(allows(policies, "spiffe://old.example/ns/shop/sa/other")).isFalse();
    }

    @Test
    void inIstiosPoliciesAliasesCount() {
        holdsFor(ISTIO);
        assertThat(allows(ISTIO, "spiffe://else.example/ns/shop/sa/web")).isFalse();
    }

    @Test
    void inLinkerdsPoliciesAliasesCount() {
        holdsFor(LINKERD);
        assertThat(allows(LINKERD, "spiffe://else.example/ns/shop/sa/web")).isFalse();
    }

    @Test
    void inConsulsIntentionsAliasesCount() {
        holdsFor(CONSUL);
        assertThat(allows(CONSUL, "spiffe://else.example/ns/shop/sa/web")).isFalse();
    }

    @Test
    void inTrafficTargetsAliasesCount() {
        holdsFor(SMI);
        assertThat(allows(SMI, "spiffe://else.example/ns/shop/sa/web")).isFalse();
    }
}
