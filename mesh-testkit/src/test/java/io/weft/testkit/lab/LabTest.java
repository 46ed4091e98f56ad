package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.control.Answer;
import io.weft.testkit.lab.control.ControlApi;
import io.weft.testkit.lab.mesh.LabProblem;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabTest {

    private static final String ISSUER = "https://auth.example.com";
    private static final String TOPOLOGY =
            """
            workloads:
            - {name: a, namespace: ns1}
            - {name: far, namespace: ns1, address: 127.10.0.1, ports: [{name: http, port: 80, targetPort: 8080}]}
            - name: b-v1
              namespace: ns2
              service: b
              labels: {app: b, version: v1}
              ports:
              - {name: http, port: 80, targetPort: 8080, protocol: HTTP}
              - {name: grpc, port: 7070, protocol: GRPC}
              - {name: tcp, port: 9090, protocol: TCP}
              - {name: auto, port: 8888, protocol: AUTO}
              - {name: https, port: 443, targetPort: 8443, protocol: HTTPS}
              - {name: first, port: 9091, protocol: TCP, serverFirst: true}
              - {name: inner, targetPort: 8099, protocol: HTTP}
            - name: b-v2
              namespace: ns2
              service: b
              labels: {app: b, version: v2}
              ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}]
            - {name: c, namespace: ns1, replicas: 2}
            - {name: legacy, namespace: ns2, sidecar: false, ports: [{name: http, port: 80, targetPort: 8080}]}
            gateways:
            - {name: istio-ingressgateway, namespace: istio-system, labels: {istio: ingressgateway}, ports: [80, 443]}
            certificates:
            - {name: blog-tls-secret, namespace: istio-system, dnsNames: [blog.example.com]}
            jwtIssuers:
            - {issuer: "https://auth.example.com", jwksUri: "https://auth.example.com/jwks.json"}
            extAuthz: {name: ext-authz, namespace: istio-system}
            """;
    private static final String SUBSETS =
            """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: b, namespace: ns2}
            spec:
              host: b
              subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
            """;

    private final Lab lab = Lab.start("topology.yaml", TOPOLOGY, List.of());

    @AfterAll
    void end() {
        lab.close();
    }

    @BeforeEach
    void withoutPolicies() {
        put("");
    }

    private void put(String yaml) {
        ControlApi.Resources outcome =
                lab.api().resources(List.of(new PolicyFile("resources.yaml", yaml)));
        assertThat(outcome.diagnostics()).filteredOn(d -> d.level().equals("Error")).isEmpty();
        assertThat(outcome.refusals()).isEmpty();
    }

    private static JsonNode echo(Answer answer) {
        assertThat(answer.echo()).as("%s", answer).isNotNull();
        return Objects.requireNonNull(answer.echo());
    }

    @Test
    void pathAndHeadersArriveByteForByteAndInOrder() {
        Answer answer =
                Sent.from("a.ns1", "b.ns2", 80)
                        .as("GET", "/raw%2Fpath?x=1")
                        .with(List.of(List.of("x-user", "jason"), List.of("X-User", "2")))
                        .to(lab);
        JsonNode seen = echo(answer);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(seen.path("path").asString()).isEqualTo("/raw%2Fpath?x=1");
        assertThat(seen.path("host").asString()).isEqualTo("b.ns2");
        assertThat(seen.path("peerPrincipal").asString())
                .isEqualTo("spiffe://cluster.local/ns/ns1/sa/a");
        assertThat(seen.path("headers").toString())
                .contains("[\"x-user\",\"jason\"],[\"X-User\",\"2\"]");
    }

    @Test
    void everyProtocolGoesThroughTheSidecars() {
        Sent b = Sent.from("a.ns1", "b.ns2.svc.cluster.local", 80);
        assertThat(echo(b.by("http2", null).to(lab)).path("workload").asString()).startsWith("b-v");
        Answer socket = b.by("websocket", "over the wire").to(lab);
        assertThat(socket.status()).isEqualTo(101);
        assertThat(socket.body()).isEqualTo("over the wire");
        assertThat(echo(socket).path("peerPrincipal").asString()).endsWith("/sa/a");

        Answer grpc = Sent.from("a.ns1", "b.ns2", 7070).by("grpc", "one message").to(lab);
        assertThat(grpc.body()).isEqualTo("one message");
        assertThat(grpc.trailers()).contains(List.of("grpc-status", "0"));
        assertThat(echo(grpc).path("protocol").asString()).isEqualTo("HTTP/2");

        assertThat(Sent.from("a.ns1", "b.ns2", 9090).by("tcp", "bytes").to(lab).body())
                .isEqualTo("bytes");
        assertThat(Sent.from("a.ns1", "b.ns2", 8888).by("tcp", "bytes").to(lab).body())
                .isEqualTo("bytes");
        assertThat(Sent.from("a.ns1", "b.ns2", 9091).by("tcp", null).to(lab).body())
                .isEqualTo("hello from b-v1.ns2\n");
    }

    @Test
    void anApplicationThatTerminatesTlsItselfSeesTheClientsHandshake() {
        Answer answer = Sent.from("a.ns1", "b.ns2", 443).tls(null).to(lab);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(echo(answer).path("sni").asString()).isEqualTo("b.ns2");
        assertThat(echo(answer).path("alpn").asString()).isEqualTo("http/1.1");
    }

    @Test
    void namesResolveAsForTheCaller() {
        assertThat(echo(Sent.from("a.ns1", "c", 80).to(lab)).path("workload").asString())
                .isEqualTo("c");
        assertThat(echo(Sent.from("legacy.ns2", "b", 80).to(lab)).path("peerPrincipal").isNull())
                .isTrue();
        assertThat(echo(Sent.from("a.ns1", "legacy.ns2", 80).to(lab)).path("workload").asString())
                .isEqualTo("legacy");
        assertThat(Sent.from("legacy.ns2", "nobody", 80).to(lab).error())
                .isEqualTo("connection-refused");
    }

    @Test
    void weightsAreMetWithinReason() {
        put(
                SUBSETS
                        + """
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: b, namespace: ns2}
                        spec:
                          hosts: [b]
                          http:
                          - route:
                            - {destination: {host: b, subset: v1, port: {number: 80}}, weight: 90}
                            - {destination: {host: b, subset: v2, port: {number: 80}}, weight: 10}
                        """);
        Answer.Many many =
                (Answer.Many) lab.api().request(Sent.from("a.ns1", "b.ns2", 80).times(400));
        // 400 draws of 10 %: below 12 or above 75 has a probability of less than one in a million.
        assertThat(many.distribution()).containsOnlyKeys("b-v1.ns2", "b-v2.ns2");
        assertThat(many.distribution().get("b-v2.ns2")).isBetween(12, 75);
        assertThat(many.responses()).hasSize(400);
    }

    @Test
    void strictRefusesPlainTextAndNamesThePolicy() {
        Sent direct = Sent.from("a.ns1", "b.ns2", 80).direct();
        assertThat(direct.to(lab).status()).isEqualTo(200);
        put(
                """
                apiVersion: security.istio.io/v1
                kind: PeerAuthentication
                metadata: {name: default, namespace: ns2}
                spec: {mtls: {mode: STRICT}}
                """);
        Answer refused = direct.to(lab);
        assertThat(refused.status()).isNull();
        assertThat(refused.error()).isIn("connection-reset", "connection-closed");
        assertThat(refused.decidedBy())
                .isEqualTo("PeerAuthentication ns2/default resources.yaml:4");
        assertThat(Sent.from("a.ns1", "b.ns2", 80).to(lab).status()).isEqualTo(200);
        assertThat(direct.tls("workload").to(lab).status()).isEqualTo(200);
        var explained = lab.api().explain(direct.order());
        assertThat(explained.result()).isEqualTo("DENIED");
        assertThat(explained.decidedBy()).isEqualTo(refused.decidedBy());
    }

    @Test
    void tokensAreCheckedAndTheClockEndsThem() {
        put(
                """
                apiVersion: security.istio.io/v1
                kind: RequestAuthentication
                metadata: {name: jwt, namespace: ns2}
                spec:
                  jwtRules: [{issuer: "https://auth.example.com", jwksUri: "https://auth.example.com/jwks.json"}]
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: signed-in, namespace: ns2}
                spec:
                  rules: [{from: [{source: {requestPrincipals: ["https://auth.example.com/ann"]}}]}]
                """);
        Sent b = Sent.from("a.ns1", "b.ns2", 80);
        String good = token("ann", 600, null);
        assertThat(b.to(lab).status()).isEqualTo(403);
        assertThat(b.bearer(good).to(lab).status()).isEqualTo(200);
        assertThat(b.bearer(token("bob", 600, null)).to(lab).status()).isEqualTo(403);
        assertThat(b.bearer(token("ann", -60, null)).to(lab).status()).isEqualTo(401);
        ControlApi.Raw forged =
                new ControlApi.Raw(
                        null, Map.of("iss", ISSUER, "sub", "ann", "exp", 4102444800L), "other");
        assertThat(b.bearer(token("ann", 0, forged)).to(lab).status()).isEqualTo(401);
        ControlApi.Raw unsigned =
                new ControlApi.Raw(
                        Map.of("alg", "none"), Map.of("iss", ISSUER, "sub", "ann"), "none");
        assertThat(b.bearer(token("ann", 0, unsigned)).to(lab).status()).isEqualTo(401);
        lab.api().clock(new ControlApi.ClockOrder(700_000L));
        assertThat(b.bearer(good).to(lab).status()).isEqualTo(401);
    }

    private String token(
            String subject, long seconds, ControlApi.@org.jspecify.annotations.Nullable Raw raw) {
        return Objects.requireNonNull(
                lab.api()
                        .token(new ControlApi.TokenOrder(ISSUER, subject, null, null, seconds, raw))
                        .get("token"));
    }

    @Test
    void faultsLastAsLongAsOrderedAndRequestsAreCounted() {
        lab.api().clear("ns2", "legacy");
        order("legacy", 500, false, 2);
        Sent legacy = Sent.from("a.ns1", "legacy.ns2", 80).as("POST", "/");
        assertThat(legacy.to(lab).status()).isEqualTo(500);
        assertThat(legacy.to(lab).status()).isEqualTo(500);
        assertThat(legacy.to(lab).status()).isEqualTo(200);
        order("legacy", 0, true, 1);
        assertThat(legacy.to(lab).status()).isEqualTo(503);
        assertThat(lab.api().received("ns2", "legacy")).containsEntry("requests", 4L);
    }

    private void order(String workload, int status, boolean reset, int times) {
        lab.api()
                .faults(new ControlApi.FaultOrder(workload, "ns2", null, status, 0L, reset, times));
    }

    @Test
    void anEjectedReplicaComesBackWhenTheClockMoves() {
        put(
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: c, namespace: ns1}
                spec:
                  host: c
                  trafficPolicy:
                    loadBalancer: {simple: ROUND_ROBIN}
                    outlierDetection: {consecutive5xxErrors: 1, interval: 1s, baseEjectionTime: 30s, maxEjectionPercent: 100}
                """);
        Sent c = Sent.from("a.ns1", "c", 80).as("POST", "/");
        lab.api().faults(new ControlApi.FaultOrder("c", "ns1", 0, 500, 0L, false, 1));
        List<Answer> first = ((Answer.Many) lab.api().request(c.times(4))).responses();
        assertThat(first).anyMatch(each -> Integer.valueOf(500).equals(each.status()));
        assertThat(replicas(c)).containsExactly(1);
        lab.api().clock(new ControlApi.ClockOrder(40_000L));
        assertThat(replicas(c)).containsExactly(0, 1);
    }

    private List<Integer> replicas(Sent to) {
        return ((Answer.Many) lab.api().request(to.times(8)))
                .responses().stream()
                        .map(each -> echo(each).path("replica").asInt())
                        .distinct()
                        .sorted()
                        .toList();
    }

    @Test
    void resourcesWithAnErrorChangeNothing() {
        put(
                """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: nobody, namespace: ns2}
                spec: {}
                """);
        String before = lab.api().config("ns2", "b-v1").get("revision").toString();
        ControlApi.Resources refused =
                lab.api()
                        .resources(
                                List.of(
                                        new PolicyFile(
                                                "resources.yaml",
                                                """
                                                apiVersion: security.istio.io/v1
                                                kind: AuthorizationPolicy
                                                metadata: {name: x, namespace: ns2}
                                                spec: {action: MAYBE}
                                                """)));
        assertThat(refused.accepted()).isFalse();
        assertThat(refused.diagnostics()).anyMatch(d -> d.level().equals("Error") && d.line() == 4);
        assertThat(lab.api().config("ns2", "b-v1").get("revision")).hasToString(before);
        Answer answer = Sent.from("a.ns1", "b.ns2", 80).to(lab);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.decidedBy()).startsWith("AuthorizationPolicy ns2/nobody ");
    }

    @Test
    void theGatewayServesPlainAndTlsFromOutside() {
        put(
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw, namespace: ns2}
                spec:
                  selector: {istio: ingressgateway}
                  servers:
                  - port: {number: 80, name: http, protocol: HTTP}
                    hosts: ["*"]
                  - port: {number: 443, name: https, protocol: HTTPS}
                    hosts: [blog.example.com]
                    tls: {mode: SIMPLE, credentialName: blog-tls-secret}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: gw, namespace: ns2}
                spec:
                  hosts: [blog.example.com]
                  gateways: [gw]
                  http: [{route: [{destination: {host: b, port: {number: 80}}}]}]
                """);
        Answer plain = Sent.from("outside", "blog.example.com", 80).to(lab);
        assertThat(plain.status()).isEqualTo(200);
        assertThat(echo(plain).path("peerPrincipal").asString())
                .isEqualTo("spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway");
        Answer secure =
                Sent.from("outside", "blog.example.com", 443).by("http2", null).tls(null).to(lab);
        assertThat(secure.status()).isEqualTo(200);
        assertThat(Sent.from("outside", "other.example.com", 80).to(lab).status()).isEqualTo(404);
    }

    @Test
    void policiesSeeTheAddressesOfTheTopology() {
        put(
                """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: near, namespace: ns2}
                spec:
                  rules: [{from: [{source: {ipBlocks: [127.10.0.0/16]}}]}]
                """);
        assertThat(Sent.from("far.ns1", "b.ns2", 80).to(lab).status()).isEqualTo(200);
        assertThat(Sent.from("far.ns1", "b.ns2", 80).direct().to(lab).status()).isEqualTo(200);
        assertThat(Sent.from("a.ns1", "b.ns2", 80).to(lab).status()).isEqualTo(403);
        put("");
        assertThat(echo(Sent.from("a.ns1", "127.10.0.1", 8080).to(lab)).path("workload").asString())
                .isEqualTo("far");
    }

    @Test
    void aServiceOfTheResourcesSelectsWorkloadsThatAreThere() {
        put(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: everything, namespace: ns2}
                spec:
                  selector: {app: b}
                  ports: [{name: http, port: 8000, targetPort: 8080}]
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: old, namespace: ns1}
                spec:
                  hosts: [old.example.com]
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  resolution: DNS
                  endpoints: [{address: legacy.ns2.svc.cluster.local}]
                """);
        assertThat(
                        echo(Sent.from("a.ns1", "everything.ns2", 8000).to(lab))
                                .path("workload")
                                .asString())
                .startsWith("b-v");
        assertThat(
                        echo(Sent.from("a.ns1", "old.example.com", 80).to(lab))
                                .path("workload")
                                .asString())
                .isEqualTo("legacy");
    }

    @Test
    void theCheckServerAllowsWhatCarriesItsHeader() {
        Sent check = Sent.from("legacy.ns2", "ext-authz.istio-system", 8000);
        assertThat(check.to(lab).status()).isEqualTo(403);
        Answer allowed = check.with(List.of(List.of("x-ext-authz", "allow"))).to(lab);
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.headers()).contains(List.of("x-ext-authz-check-result", "allowed"));
    }

    @Test
    void certificatesOutliveAJumpOfTheClock() {
        lab.api().clock(new ControlApi.ClockOrder(36L * 3600 * 1000));
        assertThat(Sent.from("a.ns1", "b.ns2", 7070).by("grpc", "x").to(lab).status())
                .isEqualTo(200);
    }

    @Test
    void aHostOutsideTheRegistryIsRefusedWhereThePolicySaysSo() {
        put(
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default, namespace: ns1}
                spec:
                  outboundTrafficPolicy: {mode: REGISTRY_ONLY}
                  egress: [{hosts: ["*/*"]}]
                """);
        Sent nowhere = Sent.from("a.ns1", "nowhere.example.com", 80);
        assertThat(nowhere.to(lab).status()).isEqualTo(502);
        assertThat(lab.api().explain(nowhere.order()).status()).isEqualTo(502);
        assertThat(nowhere.by("tcp", "x").to(lab).error()).isEqualTo("connection-reset");
        assertThat(Sent.from("a.ns1", "b.ns2", 80).to(lab).status()).isEqualTo(200);
    }

    @Test
    void questionsThatMakeNoSenseAreAnsweredWithWhatThereIs() {
        assertThatThrownBy(() -> Sent.from("z.ns1", "b.ns2", 80).to(lab))
                .isInstanceOf(LabProblem.class)
                .hasMessageContaining("z.ns1")
                .hasMessageContaining("a.ns1");
        assertThatThrownBy(() -> Sent.from("outside", "x", 8080).to(lab))
                .isInstanceOf(LabProblem.class)
                .hasMessageContaining("8080");
        assertThatThrownBy(() -> Sent.from("a.ns1", "b", 80).by("gopher", null).to(lab))
                .isInstanceOf(LabProblem.class)
                .hasMessageContaining("gopher");
    }
}
