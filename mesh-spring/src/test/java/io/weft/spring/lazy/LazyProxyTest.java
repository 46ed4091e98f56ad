package io.weft.spring.lazy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Locality;
import io.weft.model.Origin;
import io.weft.model.WorkloadId;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.Resolution;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.listener.PathNormalization;
import io.weft.model.match.Match;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Destination;
import io.weft.model.route.Filter;
import io.weft.model.route.Fraction;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import io.weft.model.wire.MeshCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A proxy on real sockets; Spring's context leaves a file behind when it is made. */
class LazyProxyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Origin ORIGIN =
            new Origin(Dialect.WEFT, "VirtualService", "blog", "routes", "mesh/a.yaml", 7);
    private static final String HOST = "reviews.blog.svc.cluster.local";
    private static final String CLUSTER = HOST + ":9080";

    @TempDir Path folder;
    private HttpServer upstream;
    private ConfigurableApplicationContext context;
    private int admin;
    private int outbound;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        Application(@Value("${test.mark}") Path mark) throws IOException {
            Files.createFile(mark);
        }
    }

    @BeforeEach
    void startUpstream() throws IOException {
        upstream = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        upstream.createContext(
                "/",
                exchange -> {
                    String tenant = exchange.getRequestHeaders().getFirst("X-Tenant");
                    byte[] body = ("tenant " + tenant).getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        upstream.start();
    }

    @AfterEach
    void stop() {
        if (context != null) {
            context.close();
        }
        upstream.stop(0);
    }

    @Test
    void servesAndAnswersForItselfWithoutSpringsContext() throws Exception {
        start(List.of());

        assertThat(throughTheMesh().body()).isEqualTo("tenant null");
        assertThat(administration("/actuator/health").body()).contains("\"UP\"", "revision");
        assertThat(administration("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(administration("/actuator/mesh").body()).contains("\"revision\" : \"1\"");
        assertThat(administration("/actuator/mesh/routes").body()).contains(HOST);
        assertThat(administration("/actuator/mesh/nothing").statusCode()).isEqualTo(404);
        assertThat(administration("/config_dump").body()).contains(CLUSTER);
        assertThat(mark()).doesNotExist();
    }

    @Test
    void startsSpringWhenAnOperatorAsksForWhatOnlyItKnows() throws Exception {
        start(List.of());
        assertThat(mark()).doesNotExist();

        HttpResponse<String> routes = administration("/actuator/gateway/routes");

        assertThat(routes.statusCode()).isEqualTo(200);
        assertThat(routes.body()).contains("mesh/");
        assertThat(mark()).exists();
        assertThat(administration("/actuator/health").body()).contains("diskSpace");
        assertThat(administration("/actuator/mesh").statusCode()).isEqualTo(200);
        assertThat(throughTheMesh().statusCode()).isEqualTo(200);
    }

    @Test
    void startsSpringForAConfigurationThatNamesAGatewayFilter() throws Exception {
        start(List.of());
        assertThat(mark()).doesNotExist();

        configure("2", List.of(filter("AddRequestHeader", "X-Tenant", "blog")));
        await("tenant blog");

        assertThat(mark()).exists();
    }

    @Test
    void hasTheFilterFromTheFirstRequestOnWhenItStartsWithOne() throws Exception {
        start(List.of(filter("AddRequestHeader", "X-Tenant", "first")));

        await("tenant first");
    }

    @Test
    void keepsServingWhenAFilterCannotBeUsed() throws Exception {
        start(List.of());

        configure("2", List.of(filter("NoSuchFilter", "a", "b")));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!administration("/actuator/mesh").body().contains("NoSuchFilter")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }

        assertThat(throughTheMesh().body()).isEqualTo("tenant null");
    }

    @Test
    void bindsSpringsOwnPortsWhenItIsWantedAtOnce() throws Exception {
        start(List.of(), "weft.mesh.spring=at-once");

        assertThat(mark()).exists();
        assertThat(administration("/actuator/health").body()).contains("diskSpace");
        assertThat(administration("/actuator/mesh").body()).contains("\"revision\":\"1\"");
        assertThat(administration("/config_dump").statusCode()).isEqualTo(404);
        assertThat(throughTheMesh().statusCode()).isEqualTo(200);
    }

    @Test
    void aPageInABrowserChangesNothing() throws Exception {
        start(List.of());
        HttpRequest drain =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/drain"))
                        .header("Origin", "http://example.com")
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(drain, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(403);
        }
        assertThat(administration("/actuator/health").statusCode()).isEqualTo(200);
    }

    private Path mark() {
        return folder.resolve("mark");
    }

    private void start(List<Filter> filters, String... more) throws IOException {
        configure("1", filters);
        admin = freePort();
        outbound = freePort();
        List<String> arguments =
                new java.util.ArrayList<>(
                        List.of(
                                "spring.main.banner-mode=off",
                                "management.endpoints.web.exposure.include=health,mesh,gateway",
                                "management.endpoint.health.show-details=always",
                                "management.endpoint.gateway.access=read-only",
                                "test.mark=" + mark(),
                                "server.address=127.0.0.1",
                                "server.port=" + admin,
                                "weft.mesh.namespace=blog",
                                "weft.mesh.config-file=" + config(),
                                "weft.mesh.state-dir=" + folder.resolve("state"),
                                "weft.mesh.outbound-port=" + outbound,
                                "weft.mesh.drain-time=0s",
                                "weft.mesh.ports.health=-1",
                                "weft.mesh.ports.metrics=-1"));
        arguments.addAll(List.of(more));
        context =
                LazyProxy.run(
                        Application.class,
                        arguments.stream().map("--"::concat).toArray(String[]::new));
    }

    private Path config() {
        return folder.resolve("mesh.json");
    }

    /** Swapped in whole, as an editor would. */
    private void configure(String revision, List<Filter> filters) throws IOException {
        MeshCodec codec = new MeshCodec();
        String resources =
                List.of(workload(), routes(filters), cluster(), endpoints()).stream()
                        .map(each -> new String(codec.write(each), StandardCharsets.UTF_8))
                        .collect(Collectors.joining(","));
        Path fresh =
                Files.writeString(
                        folder.resolve("fresh.json"),
                        "{\"revision\":\"%s\",\"commit\":\"\",\"resources\":[%s]}"
                                .formatted(revision, resources));
        Files.move(
                fresh,
                config(),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static Filter filter(String name, String key, String value) {
        return new Filter.Gateway(name, Map.of("name", key, "value", value), ORIGIN);
    }

    private static MeshResource workload() {
        return new WorkloadConfig(
                new WorkloadId("blog", "workload"),
                "cluster.local",
                List.of(),
                PathNormalization.BASE,
                OutboundPolicy.ALLOW_ANY,
                List.of(),
                new InboundPort(
                        0,
                        "http",
                        AppProtocol.AUTO,
                        HOST,
                        MtlsMode.PERMISSIVE,
                        ORIGIN,
                        List.of(),
                        AuthzProgram.ALLOW_ALL,
                        List.of()),
                List.of(),
                List.of(),
                AuthzProgram.ALLOW_ALL,
                0,
                List.of(),
                new Telemetry(
                        List.of(), new Tracing(false, Fraction.NONE, List.of()), Metrics.DEFAULT));
    }

    private MeshResource routes(List<Filter> filters) {
        Route route =
                new Route(
                        "default",
                        Match.ALWAYS,
                        new RouteAction.Forward(
                                List.of(
                                        new WeightedDestination(
                                                1,
                                                new Destination.ToCluster(CLUSTER),
                                                List.of(),
                                                ORIGIN))),
                        filters,
                        Timeouts.NONE,
                        null,
                        ORIGIN);
        VirtualHost host = new VirtualHost("all", List.of("*"), List.of(route), ORIGIN);
        return new RouteTable(CLUSTER, AppProtocol.HTTP, List.of(host), List.of());
    }

    private MeshResource cluster() {
        return new Cluster(
                CLUSTER,
                HOST,
                9080,
                "",
                AppProtocol.HTTP,
                Map.of(),
                List.of(CLUSTER),
                new LoadBalancing.LeastRequest(),
                LocalityPolicy.OFF,
                ConnectionLimits.DEFAULT,
                null,
                new UpstreamTls.Automatic(),
                ORIGIN);
    }

    private MeshResource endpoints() {
        return new EndpointSet(
                CLUSTER,
                Resolution.STATIC,
                List.of(
                        new Endpoint(
                                "reviews-0",
                                "127.0.0.1",
                                upstream.getAddress().getPort(),
                                null,
                                "blog",
                                "reviews",
                                Map.of(),
                                Locality.UNKNOWN,
                                1)));
    }

    private void await(String body) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (!last.equals(body)) {
            assertThat(System.nanoTime()).as(last).isLessThan(deadline);
            last = throughTheMesh().body();
        }
    }

    /** As an application that uses the sidecar as its HTTP proxy. */
    private HttpResponse<String> throughTheMesh() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .proxy(ProxySelector.of(new InetSocketAddress("127.0.0.1", outbound)))
                        .build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://" + CLUSTER + "/reviews"))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private HttpResponse<String> administration(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + path))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
