package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.engine.AdjustableClock;
import io.weft.engine.RandomSource;
import io.weft.engine.SampleRequest;
import io.weft.engine.balance.Balancer;
import io.weft.engine.balance.Balancers;
import io.weft.engine.balance.EndpointLease;
import io.weft.engine.balance.Outcome;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.authz.Effect;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Destination;
import io.weft.model.route.Filter;
import io.weft.model.route.RouteAction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Consul's entries from their files to what sidecars and gateways get. */
class ConsulTest {

    private static final String SUFFIX = ".shop.svc.cluster.local";

    private static Scenario shop(String yaml) {
        return new Scenario()
                .yaml(yaml.replace("CONSUL", "apiVersion: consul.hashicorp.com/v1alpha1"))
                .workload("shop/api labels=app:api,version:v1 services=api")
                .workload("shop/backup labels=app:backup services=backup")
                .workload("shop/caller services=caller")
                .workload("shop/ingress ports=9080:HTTP gateway");
    }

    private static Cluster cluster(Map<String, MeshResource> config, String name) {
        return (Cluster) Objects.requireNonNull(config.get(ResourceKeys.cluster(name)), name);
    }

    private static List<String> endpoints(Map<String, MeshResource> config, String set) {
        EndpointSet found = (EndpointSet) config.get(ResourceKeys.endpoints(set));
        return Objects.requireNonNull(found, set).endpoints().stream()
                .map(endpoint -> endpoint.workload())
                .toList();
    }

    private static List<String> defaultRoute(Map<String, MeshResource> config, String table) {
        RouteTable routes = (RouteTable) config.get(ResourceKeys.routes(table));
        RouteAction.Forward forward =
                (RouteAction.Forward)
                        Objects.requireNonNull(routes)
                                .hosts()
                                .getFirst()
                                .routes()
                                .getLast()
                                .action();
        return forward.destinations().stream()
                .map(d ->
                        d.weight()
                                + " "
                                + switch (d.destination()) {
                                    case Destination.ToCluster to -> to.cluster();
                                    case Destination.Unavailable no -> no.reason();
                                })
                .toList();
    }

    private static WorkloadConfig workload(Map<String, MeshResource> config) {
        return (WorkloadConfig) Objects.requireNonNull(config.get(ResourceKeys.WORKLOAD));
    }

    private static Stream<String> found(Scenario scenario) {
        return scenario.compile().diagnostics().stream().map(Diagnostic::format);
    }

    private static final String FAILOVER =
            """
            CONSUL
            kind: ServiceResolver
            metadata: {name: api, namespace: shop}
            spec:
              defaultSubset: v1
              subsets: {v1: {filter: Service.Meta.version == v1}}
              failover: {"*": {service: backup}}
            """;

    @Test
    void anotherServiceTakesOverAndGivesBack() {
        Map<String, MeshResource> config = shop(FAILOVER).config("shop/caller", "api:8080");
        assertThat(defaultRoute(config, "api:8080"))
                .containsExactly("100 api" + SUFFIX + ":8080/v1");
        Cluster cluster = cluster(config, "api" + SUFFIX + ":8080/v1");
        assertThat(cluster.subsetLabels()).isEmpty();
        assertThat(cluster.endpoints())
                .containsExactly("api" + SUFFIX + ":8080/v1#own", "backup" + SUFFIX + ":8080");
        assertThat(endpoints(config, cluster.endpoints().getFirst())).containsExactly("api");

        AdjustableClock clock = AdjustableClock.stoppedAt(Instant.EPOCH);
        List<EndpointSet> sets =
                cluster.endpoints().stream()
                        .map(set -> (EndpointSet) config.get(ResourceKeys.endpoints(set)))
                        .toList();
        Balancer balancer =
                new Balancers(clock, RandomSource.seeded(1))
                        .compile(cluster, sets, Locality.UNKNOWN, Map.of());
        SampleRequest request = SampleRequest.http("GET", "/").build();
        for (int i = 0; i < 5; i++) {
            EndpointLease lease = Objects.requireNonNull(balancer.pick(request));
            assertThat(lease.endpoint().workload()).isEqualTo("api");
            lease.complete(Outcome.ofStatus(500));
        }
        EndpointLease other = Objects.requireNonNull(balancer.pick(request));
        assertThat(other.endpoint().workload()).isEqualTo("backup");
        other.complete(Outcome.ofStatus(200));
        clock.advance(Duration.ofSeconds(60));
        assertThat(Objects.requireNonNull(balancer.pick(request)).endpoint().workload())
                .isEqualTo("api");
    }

    @Test
    void whereNobodyIsReadyTheOtherTakesOverAtOnce() {
        Map<String, MeshResource> config =
                shop(FAILOVER.replace("version == v1", "version == v9"))
                        .config("shop/caller", "api:8080");
        Cluster cluster = cluster(config, "api" + SUFFIX + ":8080/v1");
        assertThat(endpoints(config, cluster.endpoints().getFirst())).isEmpty();
        assertThat(endpoints(config, cluster.endpoints().getLast())).containsExactly("backup");
    }

    @Test
    void redirectsAreFollowedToTheEnd() {
        Map<String, MeshResource> config =
                shop("""
                CONSUL
                kind: ServiceResolver
                metadata: {name: caller, namespace: shop}
                spec: {redirect: {service: api}}
                ---
                CONSUL
                kind: ServiceResolver
                metadata: {name: api, namespace: shop}
                spec: {redirect: {service: backup}}
                """)
                        .config("shop/caller", "caller:8080");
        assertThat(defaultRoute(config, "caller:8080"))
                .containsExactly("100 backup" + SUFFIX + ":8080");
    }

    @Test
    void entriesOfConsulsApiMeanWhatTheirResourcesMean() {
        String crd =
                """
                CONSUL
                kind: ServiceRouter
                metadata: {name: api, namespace: shop}
                spec:
                  routes:
                  - match: {http: {pathPrefix: /old}}
                    destination: {service: backup, requestTimeout: 3s}
                """;
        String entry =
                """
                Kind: service-router
                Name: api
                Namespace: shop
                Routes:
                - Match: {HTTP: {PathPrefix: /old}}
                  Destination: {Service: backup, RequestTimeout: 3s}
                """;
        String snake =
                """
                kind: service-router
                name: api
                namespace: shop
                routes:
                - match: {http: {path_prefix: /old}}
                  destination: {service: backup, request_timeout: 3s}
                """;
        List<String> results =
                Stream.of(crd, entry, snake)
                        .map(text -> {
                            Map<String, MeshResource> config =
                                    shop(text).config("shop/caller", "api:8080");
                            RouteTable table =
                                    (RouteTable) config.get(ResourceKeys.routes("api:8080"));
                            return Objects.requireNonNull(table)
                                    .hosts()
                                    .getFirst()
                                    .routes()
                                    .stream()
                                    .map(r -> r.match() + " " + r.action() + " " + r.timeouts())
                                    .map(text2 -> text2.replaceAll("line=\\d+", ""))
                                    .toList()
                                    .toString();
                        })
                        .toList();
        assertThat(results.get(1)).isEqualTo(results.get(0));
        assertThat(results.get(2)).isEqualTo(results.get(0));
        assertThat(results.get(0)).contains("value=/old").contains("PT3S");
    }

    @Test
    void theServersConfigurationSaysTheDefaultAndHoldsEntries() {
        Scenario scenario =
                shop(
                        """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: consul, namespace: consul}
                        data:
                          server.hcl: |
                            datacenter = "eu"   # ours
                            acl { enabled = true  default_policy = "deny" }
                            config_entries {
                              bootstrap = [
                                { kind = "service-defaults", name = "api", namespace = "shop", protocol = "grpc" }
                              ]
                            }
                        """);
        assertThat(found(scenario)).noneMatch(line -> line.startsWith("Error"));
        assertThat(found(scenario))
                .anyMatch(line -> line.contains("its ACL default policy is deny, 1 configuration"));
        WorkloadConfig api = workload(scenario.config("shop/api"));
        assertThat(api.inbound().getFirst().authz().layers())
                .singleElement()
                .satisfies(layer -> assertThat(layer.otherwise()).isEqualTo(Effect.DENY));
        assertThat(api.undeclared().authz().layers()).hasSize(1);
    }

    @Test
    void brokenHclIsOneDiagnosticWithItsLine() {
        Scenario scenario =
                shop(
                        """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: consul, namespace: consul}
                        data:
                          server.hcl: |
                            datacenter = "eu"
                            acl { default_policy = deny }
                        """);
        assertThat(found(scenario))
                .filteredOn(line -> line.startsWith("Error"))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("no HCL at line 7").contains("deny"));
    }

    @Test
    void consulsHelmValuesAreUnderstood() {
        Scenario scenario =
                shop(
                        """
                        global: {name: consul, datacenter: eu, acls: {manageSystemACLs: true}}
                        connectInject: {enabled: true}
                        """);
        assertThat(found(scenario)).noneMatch(line -> line.startsWith("Error"));
        assertThat(workload(scenario.config("shop/api")).undeclared().authz().layers())
                .singleElement()
                .satisfies(layer -> assertThat(layer.otherwise()).isEqualTo(Effect.DENY));
    }

    @Test
    void anIngressGatewayServesItsServices() {
        Map<String, MeshResource> config =
                shop("""
                CONSUL
                kind: IngressGateway
                metadata: {name: ingress, namespace: shop}
                spec:
                  listeners:
                  - port: 9080
                    protocol: http
                    services:
                    - name: api
                      hosts: [api.example.com]
                      requestHeaders: {set: {x-from: ingress}}
                  - port: 9443
                    protocol: http
                    tls: {enabled: true, sds: {clusterName: x, certResource: front}}
                    services: [{name: backup}]
                  - port: 5432
                    protocol: tcp
                    services: [{name: backup}]
                """)
                        .config("shop/ingress");
        List<GatewayServer> servers = workload(config).servers();
        assertThat(servers)
                .extracting(GatewayServer::port, GatewayServer::protocol)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(9080, GatewayServer.Protocol.HTTP),
                        org.assertj.core.groups.Tuple.tuple(9443, GatewayServer.Protocol.HTTPS),
                        org.assertj.core.groups.Tuple.tuple(5432, GatewayServer.Protocol.TCP));
        assertThat(servers.get(1).tls().toString()).contains("shop/front");
        RouteTable table = (RouteTable) config.get(ResourceKeys.routes("gateway:9080"));
        assertThat(Objects.requireNonNull(table).hosts())
                .singleElement()
                .satisfies(host -> {
                    assertThat(host.domains()).containsExactly("api.example.com");
                    assertThat(host.routes().getFirst().filters())
                            .hasOnlyElementsOfType(Filter.Headers.class)
                            .hasSize(1);
                });
        assertThat(defaultRoute(config, "gateway:9080"))
                .containsExactly("1 api" + SUFFIX + ":8080");
    }

    @Test
    void proxiesAndMeshHaveDefaults() {
        Scenario scenario =
                shop("""
                CONSUL
                kind: ProxyDefaults
                metadata: {name: global, namespace: shop}
                spec:
                  config: {protocol: http2, envoy_tracing_json: "{}"}
                  accessLogs: {enabled: true, type: file, path: /dev/null}
                  mutualTLSMode: permissive
                ---
                CONSUL
                kind: Mesh
                metadata: {name: mesh, namespace: shop}
                spec:
                  transparentProxy: {meshDestinationsOnly: true}
                  allowEnablingPermissiveMutualTLS: true
                  tls: {incoming: {tlsMinVersion: TLSv1_1}}
                ---
                CONSUL
                kind: ServiceDefaults
                metadata: {name: api, namespace: shop}
                spec:
                  mutualTLSMode: strict
                  rateLimits: {instanceLevel: {requestsPerSecond: 5, requestsMaxBurst: 8}}
                """)
                        .workload("shop/auto ports=7000:AUTO services=auto");
        assertThat(found(scenario))
                .noneMatch(line -> line.startsWith("Error"))
                .anyMatch(line -> line.contains("envoy_tracing_json"))
                .anyMatch(line -> line.contains("'file' is read as stdout"))
                .anyMatch(line -> line.contains("TLSv1_1 is not spoken any more"));
        WorkloadConfig api = workload(scenario.config("shop/api"));
        assertThat(api.outboundPolicy()).isEqualTo(OutboundPolicy.REGISTRY_ONLY);
        assertThat(api.telemetry().accessLogs()).hasSize(1);
        assertThat(api.inbound().getFirst().mtls()).isEqualTo(MtlsMode.STRICT);
        assertThat(api.inbound().getFirst().filters())
                .singleElement()
                .isInstanceOfSatisfying(
                        Filter.LocalRateLimit.class,
                        limit -> assertThat(limit.burst()).isEqualTo(8));
        WorkloadConfig auto = workload(scenario.config("shop/auto"));
        assertThat(auto.inbound().getFirst().mtls()).isEqualTo(MtlsMode.PERMISSIVE);
        assertThat(auto.inbound().getFirst().protocol()).isEqualTo(AppProtocol.HTTP2);
    }

    @Test
    void permissiveNeedsTheMeshsConsentAndTokensNeedTheirProvider() {
        Scenario scenario =
                shop(
                        """
                        CONSUL
                        kind: ServiceDefaults
                        metadata: {name: api, namespace: shop}
                        spec: {mutualTLSMode: permissive}
                        ---
                        CONSUL
                        kind: ServiceIntentions
                        metadata: {name: api, namespace: shop}
                        spec:
                          destination: {name: api}
                          jwt: {providers: [{name: okta}]}
                          sources: [{name: caller, action: allow}]
                        """);
        assertThat(found(scenario))
                .anyMatch(line -> line.contains("permissive without allowEnablingPermissive"))
                .anyMatch(line -> line.contains("there is no JWTProvider 'okta'"));
    }
}
