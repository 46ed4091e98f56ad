package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.status.Condition;
import io.weft.compiler.status.ResourceStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The conditions of each kind of route and of BackendTLSPolicies, with the API's own reasons. */
class GatewayApiStatusTest {

    private static final String EDGE =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: infra, generation: 3}
            spec:
              gatewayClassName: weft
              listeners:
              - {name: http, port: 80, protocol: HTTP, hostname: "*.example", allowedRoutes: {namespaces: {from: All}}}
              - {name: tls, port: 443, protocol: TLS, hostname: "*.example", tls: {mode: Passthrough}, allowedRoutes: {namespaces: {from: All}}}
              - {name: tcp, port: 9000, protocol: TCP, allowedRoutes: {namespaces: {from: All}}}
              - {name: own, port: 81, protocol: HTTP}
            """;

    private static String route(String kind, String parent, String backend, String hostname) {
        String version = kind.startsWith("T") ? "v1alpha2" : "v1";
        return """
        apiVersion: gateway.networking.k8s.io/VERSION
        kind: KIND
        metadata: {name: r, namespace: shop, generation: 7}
        spec:
          parentRefs: [PARENT]
          HOSTS
          rules: [{backendRefs: [BACKEND]}]
        """
                .replace("VERSION", version)
                .replace("KIND", kind)
                .replace("PARENT", parent)
                .replace("HOSTS", hostname.isEmpty() ? "" : "hostnames: [" + hostname + "]")
                .replace("BACKEND", backend);
    }

    private static List<ResourceStatus> statuses(String... texts) {
        Scenario scenario =
                new Scenario()
                        .yaml(EDGE)
                        .workload("infra/edge gateway")
                        .workload("shop/one services=one")
                        .workload("other/two services=two");
        for (String text : texts) {
            scenario.yaml(text);
        }
        return scenario.statuses();
    }

    private static String conditions(List<Condition> conditions) {
        return String.join(
                " ",
                conditions.stream()
                        .map(c -> c.type() + "=" + c.status() + ":" + c.reason())
                        .toList());
    }

    private static List<Condition> ofRoute(String kind, String text) {
        return statuses(text).stream()
                .filter(s -> s.kind().equals(kind))
                .findFirst()
                .orElseThrow()
                .parents()
                .getFirst()
                .conditions();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPRoute, http, a.example",
        "GRPCRoute, http, a.example",
        "TLSRoute, tls, a.example",
        "TCPRoute, tcp, ''"
    })
    void everyKindOfRouteTellsWhatBecameOfIt(String kind, String section, String host) {
        String there = "{name: edge, namespace: infra, sectionName: " + section + "}";
        String one = "{name: one, port: 8080}";
        assertThat(conditions(ofRoute(kind, route(kind, there, one, host))))
                .isEqualTo("Accepted=true:Accepted ResolvedRefs=true:ResolvedRefs");
        assertThat(ofRoute(kind, route(kind, there, one, host)))
                .extracting(Condition::observedGeneration)
                .containsOnly(7L);
        String nowhere = "{name: edge, namespace: infra, sectionName: none}";
        assertThat(conditions(ofRoute(kind, route(kind, nowhere, one, host))))
                .startsWith("Accepted=false:NoMatchingParent");
        String wrongPort = "{name: edge, namespace: infra, port: 1}";
        assertThat(conditions(ofRoute(kind, route(kind, wrongPort, one, host))))
                .startsWith("Accepted=false:NoMatchingParent");
        String closed = "{name: edge, namespace: infra, sectionName: own}";
        assertThat(conditions(ofRoute(kind, route(kind, closed, one, host))))
                .startsWith("Accepted=false:NotAllowedByListeners");
        if (!host.isEmpty()) {
            assertThat(conditions(ofRoute(kind, route(kind, there, one, "a.elsewhere"))))
                    .startsWith("Accepted=false:NoMatchingListenerHostname");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPRoute, http, a.example",
        "GRPCRoute, http, a.example",
        "TLSRoute, tls, a.example",
        "TCPRoute, tcp, ''"
    })
    void everyKindOfRouteTellsWhatItsReferencesLackAndIsAcceptedNevertheless(
            String kind, String section, String host) {
        String there = "{name: edge, namespace: infra, sectionName: " + section + "}";
        assertThat(conditions(ofRoute(kind, route(kind, there, "{name: gone, port: 8080}", host))))
                .isEqualTo("Accepted=true:Accepted ResolvedRefs=false:BackendNotFound");
        String bucket = "{group: storage.example, kind: Bucket, name: b, port: 80}";
        assertThat(conditions(ofRoute(kind, route(kind, there, bucket, host))))
                .isEqualTo("Accepted=true:Accepted ResolvedRefs=false:InvalidKind");
        String foreign = "{name: two, namespace: other, port: 8080}";
        assertThat(conditions(ofRoute(kind, route(kind, there, foreign, host))))
                .isEqualTo("Accepted=true:Accepted ResolvedRefs=false:RefNotPermitted");
    }

    private static String tlsPolicy(String name, String target, String certificates) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: BackendTLSPolicy
        metadata: {name: NAME, namespace: shop, generation: 2}
        spec:
          targetRefs: [{group: '', kind: Service, name: TARGET}]
          validation: {hostname: one.example, CERTIFICATES}
        """
                .replace("NAME", name)
                .replace("TARGET", target)
                .replace("CERTIFICATES", certificates);
    }

    private static String ofPolicy(String name, String... texts) {
        return conditions(
                statuses(texts).stream()
                        .filter(s -> s.kind().equals("BackendTLSPolicy") && s.name().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .conditions());
    }

    @Test
    void aBackendTlsPolicyTellsWhetherItHolds() {
        String system = "wellKnownCACertificates: System";
        assertThat(ofPolicy("a", tlsPolicy("a", "one", system)))
                .isEqualTo("Accepted=true:Accepted ResolvedRefs=true:ResolvedRefs");
        assertThat(ofPolicy("b", tlsPolicy("a", "one", system), tlsPolicy("b", "one", system)))
                .startsWith("Accepted=false:Conflicted");
        assertThat(ofPolicy("a", tlsPolicy("a", "gone", system)))
                .startsWith("Accepted=false:TargetNotFound");
    }

    @Test
    void aBackendTlsPolicyWithoutCertificatesIsNotAccepted() {
        String refs = "caCertificateRefs: [{group: '', kind: ConfigMap, name: roots}]";
        String roots =
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: roots, namespace: shop}
                data: {ca.crt: "-----BEGIN CERTIFICATE-----"}
                """;
        assertThat(ofPolicy("a", tlsPolicy("a", "one", refs), roots))
                .isEqualTo("Accepted=true:Accepted ResolvedRefs=true:ResolvedRefs");
        assertThat(ofPolicy("a", tlsPolicy("a", "one", refs)))
                .isEqualTo(
                        "Accepted=false:NoValidCACertificate"
                                + " ResolvedRefs=false:InvalidCACertificateRef");
        String odd = "caCertificateRefs: [{group: x.example, kind: Bundle, name: roots}]";
        assertThat(ofPolicy("a", tlsPolicy("a", "one", odd)))
                .isEqualTo("Accepted=false:NoValidCACertificate ResolvedRefs=false:InvalidKind");
        String both =
                "caCertificateRefs: [{group: '', kind: ConfigMap, name: roots}, {group: '', kind:"
                        + " ConfigMap, name: gone}]";
        assertThat(ofPolicy("a", tlsPolicy("a", "one", both), roots))
                .as("one is enough to check by")
                .isEqualTo("Accepted=true:Accepted ResolvedRefs=false:InvalidCACertificateRef");
    }
}
