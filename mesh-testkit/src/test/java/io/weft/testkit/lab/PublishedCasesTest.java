package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.control.Answer;
import io.weft.testkit.lab.control.ControlApi;
import io.weft.testkit.lab.control.RequestOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Published vulnerabilities of Istio, from the YAML that its users had: compiled, sent to running
 * sidecars and gateways, and judged by what the application received.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishedCasesTest {

    private static final String ISSUER = "https://auth.example.com";
    private static final String TOPOLOGY =
            """
            workloads:
            - {name: a, namespace: ns1}
            - {name: aa, namespace: ns1}
            - {name: dotted, namespace: ns1, serviceAccount: cert-manager.io}
            - {name: dashed, namespace: ns1, serviceAccount: cert-manager-io}
            - {name: letter, namespace: ns1, serviceAccount: cert-managerxio}
            - name: b
              namespace: ns2
              ports:
              - {name: http, port: 80, targetPort: 8080, protocol: HTTP}
              - {name: tcp, port: 9090, protocol: TCP}
              - {name: https, port: 443, targetPort: 8443, protocol: HTTPS}
            gateways:
            - {name: istio-ingressgateway, namespace: istio-system, labels: {istio: ingressgateway}, ports: [443]}
            jwtIssuers:
            - {issuer: "https://auth.example.com", jwksUri: "https://keys.invalid/jwks.json"}
            """;

    private final Lab lab = Lab.start("topology.yaml", TOPOLOGY, List.of());

    @AfterAll
    void end() {
        lab.close();
    }

    private void put(String yaml) {
        ControlApi.Resources outcome =
                lab.api().resources(List.of(new PolicyFile("resources.yaml", yaml)));
        assertThat(outcome.diagnostics()).filteredOn(d -> d.level().equals("Error")).isEmpty();
        assertThat(outcome.refusals()).isEmpty();
    }

    private long received() {
        Object requests = lab.api().received("ns2", "b").get("requests");
        return ((Number) Objects.requireNonNull(requests)).longValue();
    }

    private void assertPasses(Sent sent) {
        long before = received();
        Answer answer = sent.to(lab);
        assertThat(answer.error()).as("%s", answer).isNull();
        assertThat(received()).as("%s", answer).isEqualTo(before + 1);
    }

    private void assertStopped(Sent sent) {
        long before = received();
        Answer answer = sent.to(lab);
        assertThat(Objects.equals(answer.status(), 200)).as("%s", answer).isFalse();
        assertThat(answer.echo()).as("%s", answer).isNull();
        assertThat(received()).as("%s", answer).isEqualTo(before);
    }

    private static Sent http(String caller) {
        return Sent.from(caller, "b.ns2", 80);
    }

    private static Sent tcp(String caller) {
        return Sent.from(caller, "b.ns2", 9090).by("tcp", "bytes");
    }

    private static String policy(String action, String source) {
        return """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: case, namespace: ns2}
        spec:
          action: %s
          rules: [{from: [{source: %s}]}]
        """
                .formatted(action, source);
    }

    /** A suffix of a principal or namespace never matched on a TCP port, so nobody was denied. */
    @Test
    void cve202016844ASuffixOfAPrincipalDeniesOnATcpPortToo() {
        for (String source :
                List.of(
                        "{principals: [\"*/ns/ns1/sa/a\"]}",
                        "{principals: [\"*/sa/a\"]}",
                        "{principals: [\"*sa/a\"]}")) {
            put(policy("DENY", source));
            assertStopped(tcp("a.ns1"));
            assertStopped(http("a.ns1"));
            assertPasses(tcp("aa.ns1"));
            assertPasses(http("aa.ns1"));
        }
        for (String source : List.of("{namespaces: [\"*s1\"]}", "{namespaces: [\"*1\"]}")) {
            put(policy("DENY", source));
            assertStopped(tcp("a.ns1"));
            assertStopped(tcp("aa.ns1"));
            assertStopped(http("a.ns1"));
        }
    }

    /** A dot in a service account stood for any character. */
    @Test
    void cve202639350ADotInAServiceAccountIsADot() {
        for (String source :
                List.of(
                        "{serviceAccounts: [ns1/cert-manager.io]}",
                        "{principals: [cluster.local/ns/ns1/sa/cert-manager.io]}",
                        "{principals: [\"*/cert-manager.io\"]}")) {
            put(policy("ALLOW", source));
            assertPasses(http("dotted.ns1"));
            assertPasses(tcp("dotted.ns1"));
            for (String other : List.of("dashed.ns1", "letter.ns1", "a.ns1")) {
                assertStopped(http(other));
                assertStopped(tcp(other));
            }
            put(policy("DENY", source));
            assertStopped(http("dotted.ns1"));
            assertStopped(tcp("dotted.ns1"));
            assertPasses(http("dashed.ns1"));
            assertPasses(tcp("letter.ns1"));
        }
        put(policy("ALLOW", "{notServiceAccounts: [ns1/cert-manager.io]}"));
        assertStopped(http("dotted.ns1"));
        assertPasses(http("dashed.ns1"));
        put(policy("DENY", "{notServiceAccounts: [ns1/cert-manager.io]}"));
        assertPasses(http("dotted.ns1"));
        assertStopped(http("dashed.ns1"));
        assertStopped(http("letter.ns1"));
    }

    private String token(ControlApi.@Nullable Raw raw) {
        return Objects.requireNonNull(
                lab.api()
                        .token(new ControlApi.TokenOrder(ISSUER, "ann", null, null, 600L, raw))
                        .get("token"));
    }

    /** While keys could not be fetched, a key stood in for them whose private half was public. */
    @Test
    void cve202631837WithoutFetchedKeysNothingStandsInForThem() {
        put(
                """
                apiVersion: security.istio.io/v1
                kind: RequestAuthentication
                metadata: {name: jwt, namespace: ns2}
                spec:
                  jwtRules: [{issuer: "https://auth.example.com", jwksUri: "https://keys.invalid/jwks.json"}]
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: signed-in, namespace: ns2}
                spec:
                  rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]
                """);
        Map<String, Object> claims = Map.of("iss", ISSUER, "sub", "ann", "exp", 4102444800L);
        assertStopped(http("a.ns1"));
        assertStopped(http("a.ns1").bearer(token(null)));
        for (String key : List.of("issuer", "other", "none")) {
            assertStopped(http("a.ns1").bearer(token(new ControlApi.Raw(null, claims, key))));
            assertStopped(
                    http("a.ns1")
                            .bearer(token(new ControlApi.Raw(Map.of("alg", "none"), claims, key))));
        }
        assertThat(lab.api().config("ns2", "b").toString())
                .doesNotContainPattern("\"(d|p|q|dp|dq|qi|k)\" *:")
                .doesNotContain("PRIVATE KEY");
    }

    private static Sent tls(String sni) {
        return new Sent(
                new RequestOrder(
                        new RequestOrder.From(null, null, null, true, null),
                        new RequestOrder.To("b.ns2.svc.cluster.local", 443),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        sni,
                        null,
                        null,
                        true,
                        null,
                        null));
    }

    private static String gateway(String mode, String routes) {
        return """
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: gw, namespace: istio-system}
        spec:
          selector: {istio: ingressgateway}
          servers:
          - port: {number: 443, name: tls, protocol: TLS}
            hosts: ["*"]
            tls: {mode: %s}
        ---
        """
                        .formatted(mode)
                + routes;
    }

    /** A gateway that passed TLS on by its name let strangers name any service of the mesh. */
    @Test
    void cve202131921TheNameOfAHandshakeReachesNoServiceWithoutARoute() {
        String route =
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: b, namespace: istio-system}
                spec:
                  hosts: [open.example]
                  gateways: [gw]
                  tls:
                  - match: [{sniHosts: [open.example]}]
                    route: [{destination: {host: b.ns2.svc.cluster.local, port: {number: 443}}}]
                """;
        for (String mode : List.of("AUTO_PASSTHROUGH", "PASSTHROUGH")) {
            put(gateway(mode, route));
            assertPasses(tls("open.example"));
            for (String name :
                    List.of(
                            "outbound_.443_._.b.ns2.svc.cluster.local",
                            "outbound_.80_._.b.ns2.svc.cluster.local",
                            "outbound_.9090_._.b.ns2.svc.cluster.local",
                            "inbound_.443_._.b.ns2.svc.cluster.local",
                            "b.ns2.svc.cluster.local",
                            "b.ns2",
                            "x.open.example")) {
                assertStopped(tls(name));
            }
        }
    }
}
