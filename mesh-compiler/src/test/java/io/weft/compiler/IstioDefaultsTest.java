package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Code;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Filter;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds in Istio where nothing is written, and what a block that is written leaves open. */
class IstioDefaultsTest {

    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: api, namespace: shop}
            spec: {selector: {app: api}, ports: [{name: http, port: 80}, {name: http-b, port: 81}]}
            """;

    private static Map<String, MeshResource> config(String yaml, String port) {
        return new Scenario()
                .yaml(SERVICE)
                .yaml(yaml)
                .workload("shop/caller labels=app:caller")
                .config("shop/caller", "api.shop:" + port);
    }

    private static Route route(String http) {
        return route(http, "{}");
    }

    private static Route route(String http, String meshConfig) {
        String yaml =
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: api, namespace: shop}
                spec:
                  hosts: [api]
                  http: [%s]
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data:
                  mesh: |
                    %s
                """
                        .formatted(http, meshConfig);
        return first(config(http.isEmpty() ? yaml.substring(yaml.indexOf("---")) : yaml, "80"));
    }

    private static Route first(Map<String, MeshResource> config) {
        RouteTable table = (RouteTable) Objects.requireNonNull(config.get("routes/api.shop:80"));
        return table.hosts().getFirst().routes().getFirst();
    }

    private static Cluster cluster(String rule, String subset, String port) {
        String yaml =
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: api, namespace: shop}
                spec: {host: api, %s}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: api, namespace: shop}
                spec:
                  hosts: [api]
                  http: [{route: [{destination: {host: api, %s}}]}]
                """
                        .formatted(rule, subset.isEmpty() ? "" : "subset: " + subset);
        String name = "cluster/api.shop.svc.cluster.local:" + port;
        return (Cluster)
                Objects.requireNonNull(
                        config(yaml, port).get(subset.isEmpty() ? name : name + "/" + subset));
    }

    @Test
    void requestsAreTriedThreeTimesWhenTheyWereNeverServedAndNotOn503() {
        RetryPolicy retry =
                Objects.requireNonNull(route("{route: [{destination: {host: api}}]}").retry());
        assertThat(retry.retries()).isEqualTo(2);
        assertThat(retry.on())
                .containsExactlyInAnyOrder(
                        RetryOn.CONNECT_FAILURE,
                        RetryOn.REFUSED_STREAM,
                        RetryOn.GRPC_UNAVAILABLE,
                        RetryOn.GRPC_CANCELLED,
                        RetryOn.RETRIABLE_STATUS_CODES);
        assertThat(retry.statuses()).isEmpty();
        assertThat(retry.backOffBase()).isEqualTo(Duration.ofMillis(25));
        assertThat(retry.avoidTriedHosts()).isTrue();
        assertThat(retry.otherLocalities()).isFalse();
        assertThat(retry.perTryTimeout()).isNull();
        assertThat(route("{route: [{destination: {host: api}}]}").timeouts().request())
                .as("there is no time-out by default")
                .isNull();
    }

    @Test
    void theMeshsOwnRetriesHoldWhereARouteSaysNothing() {
        String mesh = "defaultHttpRetryPolicy: {attempts: 5, retryOn: '503'}";
        String plain = "{route: [{destination: {host: api}}]}";
        RetryPolicy retry = Objects.requireNonNull(route(plain, mesh).retry());
        assertThat(retry.retries()).isEqualTo(5);
        assertThat(retry.statuses()).containsExactly(503);
        assertThat(retries(route("", mesh).retry())).as("without any route").isEqualTo(5);
        assertThat(
                        retries(
                                route(
                                                "{retries: {attempts: 1}, route: [{destination:"
                                                        + " {host: api}}]}",
                                                mesh)
                                        .retry()))
                .isEqualTo(1);
        String none = "defaultHttpRetryPolicy: {attempts: 0}";
        assertThat(route(plain, none).retry()).isNull();
        assertThat(route("", none).retry()).isNull();
    }

    private static int retries(@Nullable RetryPolicy policy) {
        return policy == null ? 0 : policy.retries();
    }

    @Test
    void zeroAttemptsAndFaultsSwitchRetriesOff() {
        assertThat(route("{retries: {attempts: 0}, route: [{destination: {host: api}}]}").retry())
                .isNull();
        Route faulty =
                route(
                        "{fault: {delay: {fixedDelay: 1s}}, timeout: 2s, retries: {attempts: 3},"
                                + " route: [{destination: {host: api}}]}");
        assertThat(faulty.retry()).isNull();
        assertThat(faulty.timeouts().request()).isNull();
    }

    @Test
    void numbersAmongRetryConditionsAreStatuses() {
        RetryPolicy retry =
                Objects.requireNonNull(
                        route(
                                        "{retries: {attempts: 3, retryOn: 'gateway-error,409, 425'},"
                                                + " route: [{destination: {host: api}}]}")
                                .retry());
        assertThat(retry.statuses()).containsExactly(409, 425);
        assertThat(retry.on())
                .containsExactlyInAnyOrder(RetryOn.GATEWAY_ERROR, RetryOn.RETRIABLE_STATUS_CODES);
    }

    @Test
    void aMirrorIsWholeUnlessItSaysOtherwiseAndZeroIsOff() {
        String mirror = "{mirror: {host: api}, %s route: [{destination: {host: api}}]}";
        assertThat(route(mirror.formatted("")).filters())
                .singleElement()
                .isInstanceOfSatisfying(
                        Filter.Mirror.class,
                        filter ->
                                assertThat(filter.share().partsPerMillion()).isEqualTo(1_000_000));
        assertThat(route(mirror.formatted("mirrorPercentage: {value: 0},")).filters()).isEmpty();
    }

    @Test
    void headersAreSetThenAddedThenRemovedAndTheHostIsRewritten() {
        List<Filter> filters =
                route(
                                """
                                {headers: {request: {remove: [a], add: {a: "2"}, set: {a: "1", ":authority": other, ":path": /x}}}, route: [{destination: {host: api}}]}\
                                """)
                        .filters();
        assertThat(filters).hasSize(2);
        assertThat(((Filter.Headers) filters.getFirst()).request())
                .extracting(op -> op.getClass().getSimpleName())
                .containsExactly("Set", "Add", "Remove");
        assertThat(((Filter.Rewrite) filters.getLast()).authority()).isEqualTo("other");
    }

    @Test
    void withoutARuleConnectionsAreHardlyLimited() {
        Cluster cluster = cluster("subsets: []", "", "80");
        assertThat(cluster.balancing()).isInstanceOf(LoadBalancing.LeastRequest.class);
        assertThat(cluster.outlier()).as("only if the block exists").isNull();
        assertThat(cluster.limits().maxConnections()).isEqualTo(Integer.MAX_VALUE);
        assertThat(cluster.limits().connectTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(cluster.limits().idleTimeout()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void outlierDetectionHasIstiosDefaultsWhereItsBlockIsThere() {
        OutlierDetection outlier =
                Objects.requireNonNull(
                        cluster("trafficPolicy: {outlierDetection: {}}", "", "80").outlier());
        assertThat(outlier.consecutive5xx()).isEqualTo(5);
        assertThat(outlier.interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(outlier.baseEjection()).isEqualTo(Duration.ofSeconds(30));
        assertThat(outlier.maxEjectionPercent()).isEqualTo(10);
        assertThat(outlier.minHealthPercent()).isZero();
    }

    @Test
    void aSubsetsPolicyReplacesBlocksAndAPortsReplacesAllOfThem() {
        String rule =
                """
                trafficPolicy: {loadBalancer: {simple: RANDOM}, tls: {mode: DISABLE}, connectionPool: {tcp: {maxConnections: 7}}, portLevelSettings: [{port: {number: 81}, loadBalancer: {simple: ROUND_ROBIN}}]}, subsets: [{name: v1, labels: {v: a}, trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}}]\
                """;
        Cluster subset = cluster(rule, "v1", "80");
        assertThat(subset.balancing()).isInstanceOf(LoadBalancing.LeastRequest.class);
        assertThat(subset.tls()).isInstanceOf(UpstreamTls.Disabled.class);
        assertThat(subset.limits().maxConnections()).isEqualTo(7);
        Cluster port = cluster(rule, "", "81");
        assertThat(port.balancing()).isInstanceOf(LoadBalancing.RoundRobin.class);
        assertThat(port.tls()).as("wholesale").isInstanceOf(UpstreamTls.Automatic.class);
        assertThat(port.limits().maxConnections()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void sharesByLocalityAreKeptByTheCallersPlaceAndMustBeAHundred() {
        String rule =
                """
                trafficPolicy: {loadBalancer: {localityLbSetting: {distribute: [{from: "eu/a/*", to: {"eu/a/*": 80, "eu/b/*": 20}}, {from: "us/*", to: {"us/*": %d}}]}}}\
                """;
        LocalityPolicy policy = cluster(rule.formatted(100), "", "80").locality();
        assertThat(policy.distributeFrom())
                .extracting(LocalityPolicy.Distribution::from)
                .containsExactly("eu/a/*", "us/*");
        assertThat(policy.failover()).isFalse();
        Scenario wrong =
                new Scenario()
                        .yaml(
                                """
                                apiVersion: networking.istio.io/v1
                                kind: DestinationRule
                                metadata: {name: api, namespace: shop}
                                spec: {host: api, %s}
                                """
                                        .formatted(rule.formatted(90)));
        assertThat(wrong.compile().diagnostics())
                .singleElement()
                .satisfies(d -> assertThat(d.code()).isEqualTo(Code.WEIGHTS))
                .satisfies(d -> assertThat(d.message()).contains("sum to 90"));
    }
}
