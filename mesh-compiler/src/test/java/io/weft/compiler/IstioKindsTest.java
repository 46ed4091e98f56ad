package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Level;
import io.weft.model.AppProtocol;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.ProxyProtocol;
import io.weft.model.listener.InboundPort;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Destination;
import io.weft.model.route.RouteAction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Istio's less common kinds and fields, and what Kubernetes' own add to the catalogue. */
class IstioKindsTest {

    private static final String TWO_PORTS =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: api, namespace: shop}
            spec:
              selector: {app: api}
              ports:
              - {name: http, port: 80, targetPort: 8080}
              - {name: http-admin, port: 9090, targetPort: 9090}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: infra}
            spec:
              selector: {app: edge}
              servers:
              - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}
              - {port: {number: 8443, name: other, protocol: HTTP}, hosts: ["*"]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: api, namespace: shop}
            spec:
              hosts: [api.example.com]
              gateways: [infra/edge]
              http: [{route: [{destination: {host: api}}]}]
            """;

    private static Scenario shop(String yaml) {
        return new Scenario()
                .yaml(yaml)
                .workload("shop/api labels=app:api ports=8080:HTTP,9090:HTTP")
                .workload("shop/caller labels=app:caller")
                .workload("infra/edge labels=app:edge gateway");
    }

    private static List<Diagnostic> of(Scenario scenario, Code code) {
        return scenario.compile().diagnostics().stream().filter(d -> d.code() == code).toList();
    }

    private static Destination first(Map<String, MeshResource> config, String table) {
        RouteTable routes = (RouteTable) Objects.requireNonNull(config.get("routes/" + table));
        RouteAction action = routes.hosts().getFirst().routes().getFirst().action();
        return ((RouteAction.Forward) action).destinations().getFirst().destination();
    }

    @Test
    void aGatewaysDestinationWithoutAPortMeansThePortOfTheServerAsInIstio() {
        Map<String, MeshResource> config = shop(TWO_PORTS).config("infra/edge");
        assertThat(first(config, "gateway:80"))
                .isEqualTo(new Destination.ToCluster("api.shop.svc.cluster.local:80"));
        assertThat(first(config, "gateway:8443"))
                .as("the service has no port 8443; IST0112 says so")
                .isInstanceOf(Destination.Unavailable.class);
        assertThat(
                        MeshCompiler.analyze(
                                        List.of(new SourceFile("a.yaml", TWO_PORTS)),
                                        CompilerOptions.DEFAULT,
                                        List.of())
                                .diagnostics())
                .anyMatch(d -> d.code().id().equals("IST0112"));
    }

    @Test
    void aSidecarsIngressSaysWhereTheApplicationListensAndWhatItSpeaks() {
        Scenario scenario =
                shop(
                        """
                        apiVersion: networking.istio.io/v1
                        kind: Sidecar
                        metadata: {name: api, namespace: shop}
                        spec:
                          workloadSelector: {labels: {app: api}}
                          ingress:
                          - port: {number: 9090, protocol: GRPC, name: grpc}
                            defaultEndpoint: 127.0.0.1:7070
                            captureMode: IPTABLES
                        """);
        WorkloadConfig config =
                (WorkloadConfig)
                        Objects.requireNonNull(scenario.config("shop/api").get("workload"));
        InboundPort admin =
                config.inbound().stream().filter(p -> p.port() == 9090).findFirst().orElseThrow();
        assertThat(admin.applicationPort()).isEqualTo(7070);
        assertThat(admin.protocol()).isEqualTo(AppProtocol.GRPC);
        assertThat(config.inbound().getFirst().applicationPort()).isZero();
        assertThat(scenario.compile().diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1:80", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999", "80"})
    void anEndpointThatIsNotTheWorkloadsOwnIsOneDiagnostic(String endpoint) {
        Scenario scenario =
                shop(
                        """
                        apiVersion: networking.istio.io/v1
                        kind: Sidecar
                        metadata: {name: api, namespace: shop}
                        spec:
                          ingress:
                          - {port: {number: 9090, protocol: HTTP}, defaultEndpoint: "%s"}
                        """
                                .formatted(endpoint));
        assertThat(scenario.compile().diagnostics())
                .singleElement()
                .satisfies(d -> assertThat(d.code()).isEqualTo(Code.INVALID_VALUE))
                .satisfies(d -> assertThat(d.line()).isEqualTo(6));
    }

    @Test
    void aRetryBudgetBoundsRetriesOfTheCluster() {
        Map<String, MeshResource> config =
                shop(TWO_PORTS
                                + """
                                ---
                                apiVersion: networking.istio.io/v1
                                kind: DestinationRule
                                metadata: {name: api, namespace: shop}
                                spec:
                                  host: api
                                  trafficPolicy: {retryBudget: {percent: 25}}
                                """)
                        .config("shop/caller", "api:80");
        Cluster cluster = (Cluster) config.get("cluster/api.shop.svc.cluster.local:80");
        assertThat(cluster.limits().retryBudget())
                .isEqualTo(new ConnectionLimits.RetryShare(25, 3));
    }

    @Test
    void whatSeveralDialectsSayOfConnectionsIsUnitedAndAContradictionIsTold() {
        String services =
                """
                apiVersion: v1
                kind: Service
                metadata:
                  name: api
                  namespace: shop
                  annotations: {balancer.linkerd.io/failure-accrual: consecutive}
                spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: api, namespace: shop}
                spec:
                  host: api
                  trafficPolicy: {loadBalancer: {simple: RANDOM}%s}
                """;
        Scenario united = shop(services.formatted(""));
        Cluster cluster =
                (Cluster)
                        united.config("shop/caller", "api:80")
                                .get("cluster/api.shop.svc.cluster.local:80");
        assertThat(cluster.balancing()).as("Istio's").isEqualTo(new LoadBalancing.Random());
        assertThat(cluster.outlier()).as("Linkerd's").isNotNull();
        assertThat(of(united, Code.DIALECT_CONFLICT))
                .singleElement()
                .satisfies(d ->
                        assertThat(d.message()).startsWith("Istio sets load balancing of api"));
        Scenario contradicting = shop(services.formatted(", outlierDetection: {interval: 5s}"));
        assertThat(of(contradicting, Code.DIALECT_CONFLICT))
                .singleElement()
                .satisfies(d ->
                        assertThat(d.message())
                                .startsWith("Istio sets load balancing, circuit breaking of api")
                                .contains("all others the one of Istio"));
    }

    @Test
    void warmUpAndThePROXYHeaderOfATrafficPolicyHoldForEveryPort() {
        String rule =
                """
                apiVersion: v1
                kind: Service
                metadata: {name: api, namespace: shop}
                spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: api, namespace: shop}
                spec:
                  host: api
                  trafficPolicy:
                    proxyProtocol: {version: V2}
                    portLevelSettings:
                    - {port: {number: 80}, loadBalancer: {simple: ROUND_ROBIN, %s}}
                """;
        Scenario today =
                shop(rule.formatted("warmup: {duration: 90s, minimumPercent: 5, aggression: 2}"));
        assertThat(today.compile().diagnostics()).isEmpty();
        Cluster cluster = api(today);
        assertThat(cluster.care().slowStart())
                .isEqualTo(new EndpointCare.SlowStart(Duration.ofSeconds(90), 5, 2));
        assertThat(cluster.proxyProtocol()).isEqualTo(ProxyProtocol.V2);
        Scenario old = shop(rule.formatted("warmupDurationSecs: 45s"));
        assertThat(api(old).care().slowStart())
                .isEqualTo(new EndpointCare.SlowStart(Duration.ofSeconds(45), 10, 1));
        assertThat(of(old, Code.LEGACY_FIELD))
                .singleElement()
                .satisfies(d -> assertThat(d.mend()).contains("write warmup: {duration: 45s}"));
        Scenario wrong = shop(rule.formatted("warmup: {minimumPercent: 500, aggression: 0.5}"));
        assertThat(wrong.compile().diagnostics())
                .extracting(Diagnostic::fieldPath)
                .contains(
                        "spec.trafficPolicy.portLevelSettings[0].loadBalancer.warmup.duration",
                        "spec.trafficPolicy.portLevelSettings[0].loadBalancer.warmup.minimumPercent",
                        "spec.trafficPolicy.portLevelSettings[0].loadBalancer.warmup.aggression");
    }

    private static Cluster api(Scenario scenario) {
        return (Cluster)
                scenario.config("shop/caller", "api:80")
                        .get("cluster/api.shop.svc.cluster.local:80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "0", "65536", "99999999999", "-1", "HTTP", "1.5", "[]"})
    void aTargetPortThatIsNoneIsOneDiagnosticWithItsLine(String target) {
        Scenario scenario =
                new Scenario()
                        .yaml(
                                """
                                apiVersion: v1
                                kind: Service
                                metadata: {name: api, namespace: shop}
                                spec:
                                  ports:
                                  - port: 80
                                    targetPort: %s
                                """
                                        .formatted(target));
        assertThat(scenario.compile().diagnostics())
                .singleElement()
                .satisfies(d -> assertThat(d.line()).isEqualTo(7))
                .satisfies(d -> assertThat(d.level()).isEqualTo(Level.ERROR));
    }

    @Test
    void endpointSlicesStandBehindAServiceWithoutASelector() {
        Scenario scenario =
                shop(
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: legacy, namespace: shop}
                        spec: {ports: [{name: http, port: 80, targetPort: 8080}]}
                        ---
                        apiVersion: discovery.k8s.io/v1
                        kind: EndpointSlice
                        metadata:
                          name: legacy-1
                          namespace: shop
                          labels: {kubernetes.io/service-name: legacy}
                        addressType: IPv4
                        ports: [{name: http, port: 8081}]
                        endpoints:
                        - {addresses: [10.0.0.1], zone: a}
                        - {addresses: [10.0.0.2], conditions: {ready: false}}
                        """);
        EndpointSet set =
                (EndpointSet)
                        scenario.config("shop/caller", "legacy:80")
                                .get("endpoints/legacy.shop.svc.cluster.local:80");
        assertThat(set.endpoints())
                .singleElement()
                .satisfies(e -> assertThat(e.address() + ":" + e.port()).isEqualTo("10.0.0.1:8081"))
                .satisfies(e -> assertThat(e.locality().zone()).isEqualTo("a"));
        assertThat(scenario.compile().diagnostics()).isEmpty();
    }

    @Test
    void howSidecarsAreRunIsReadCheckedAndNamed() {
        Scenario scenario =
                new Scenario()
                        .yaml(
                                """
                                apiVersion: networking.istio.io/v1beta1
                                kind: ProxyConfig
                                metadata: {name: api, namespace: shop}
                                spec:
                                  selector: {matchLabels: {app: api}}
                                  concurrency: 2
                                  environmentVariables: {A: b}
                                  image: {imageType: distroless}
                                ---
                                apiVersion: networking.istio.io/v1
                                kind: WorkloadGroup
                                metadata: {name: vms, namespace: shop}
                                spec:
                                  metadata: {labels: {app: vm}}
                                  template: {ports: {http: 80}, serviceAccount: vm}
                                """);
        assertThat(of(scenario, Code.UNDERSTOOD))
                .extracting(Diagnostic::message)
                .containsExactly(
                        "understood as how the sidecars of workloads {app=api} are started:"
                                + " concurrency 2, environment variables [A], image distroless; who"
                                + " starts them applies it, a running sidecar is not changed",
                        "understood as a group of workloads with labels {app=vm}, ports {http=80},"
                                + " service account vm: policies may select them; each brings its"
                                + " labels along as its sidecar registers");
    }

    @Test
    void meshSettingsThatAreNotEnforcedAreTold() {
        Scenario scenario =
                new Scenario()
                        .yaml(
                                """
                                apiVersion: install.istio.io/v1alpha1
                                kind: IstioOperator
                                metadata: {name: mesh, namespace: istio-system}
                                spec:
                                  meshConfig:
                                    enableAutoMtls: false
                                    defaultServiceExportTo: ["."]
                                    defaultConfig:
                                      proxyStatsMatcher: {inclusionRegexps: ["a(?=b)"]}
                                """);
        assertThat(of(scenario, Code.UNSUPPORTED_FIELD))
                .extracting(Diagnostic::fieldPath)
                .containsExactly(
                        "spec.meshConfig.enableAutoMtls", "spec.meshConfig.defaultServiceExportTo");
        assertThat(of(scenario, Code.INVALID_REGEX)).hasSize(1);
    }
}
