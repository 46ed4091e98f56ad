package io.weft.gateway.login;

import com.sun.net.httpserver.HttpServer;
import io.weft.dataplane.DataPlane;
import io.weft.dataplane.assembly.MeshProxy;
import io.weft.gateway.GatewayServiceApplication;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Locality;
import io.weft.model.Origin;
import io.weft.model.Secret;
import io.weft.model.WorkloadId;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.authz.JwtRule;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.Resolution;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.listener.PathNormalization;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.resource.Certificate;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.JwksSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Destination;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.wire.MeshCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The gateway application before an application that remembers what it was sent. Its policy: tokens
 * of the issuer, and only admins below {@code /admin}.
 */
final class RunningGateway implements AutoCloseable {

    private static final Origin ORIGIN =
            new Origin(Dialect.ISTIO, "Test", "ns", "test", "test.yaml", 7);
    private static final String BASE = "server.ns.svc.cluster.local:8080";

    private static final String SECURITY = "org.springframework.boot.security.autoconfigure.";
    private static final List<String> NOT_THE_GATEWAYS =
            List.of(
                    "org.springframework.boot.tomcat.autoconfigure.actuate.web.server"
                            + ".TomcatReactiveManagementContextAutoConfiguration",
                    SECURITY + "ReactiveUserDetailsServiceAutoConfiguration",
                    SECURITY + "web.reactive.ReactiveWebSecurityAutoConfiguration",
                    SECURITY
                            + "actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration");

    /** Stands for the private key of a server. */
    static final String PLANTED_KEY = "planted-private-key";

    private final HttpServer app;
    private final int endpoint;
    private final ConfigurableApplicationContext context;

    /** A configuration file. */
    private record Document(String revision, String commit, List<MeshResource> resources) {}

    /** Headers of each request that came through. */
    final List<Map<String, String>> seen = new CopyOnWriteArrayList<>();

    RunningGateway(Path dir, String issuer, String jwks, int trustedProxies, String... args)
            throws Exception {
        this(dir, issuer, jwks, trustedProxies, 0, args);
    }

    /** A gateway whose only endpoint is another gateway's. */
    static RunningGateway before(RunningGateway callee, Path dir, String... args) throws Exception {
        return new RunningGateway(
                dir, "https://issuer.example", "{\"keys\":[]}", 0, callee.port(), args);
    }

    private RunningGateway(
            Path dir, String issuer, String jwks, int trustedProxies, int callee, String... args)
            throws Exception {
        app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext(
                "/",
                exchange -> {
                    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                    exchange.getRequestHeaders()
                            .forEach((name, values) -> headers.put(name, String.join(",", values)));
                    headers.put(":path", exchange.getRequestURI().toString());
                    seen.add(headers);
                    byte[] body = "served".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        app.start();
        endpoint = callee == 0 ? app.getAddress().getPort() : callee;
        Path file = dir.resolve("gateway.json");
        Files.write(
                file,
                new MeshCodec()
                        .write(
                                new Document(
                                        "1", "c0ffee", resources(issuer, jwks, trustedProxies))));
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "--weft.mesh.config-file=" + file,
                                "--weft.mesh.state-dir=" + dir.resolve("state"),
                                "--weft.mesh.namespace=ns",
                                "--weft.mesh.workload=gateway",
                                "--weft.mesh.gateway-ports[0].port=80",
                                "--weft.mesh.gateway-ports[0].bind=0",
                                "--weft.mesh.gateway-ports[1].port=443",
                                "--weft.mesh.gateway-ports[1].bind=0",
                                "--weft.mesh.ports.health=0",
                                "--weft.mesh.ports.metrics=0",
                                "--weft.mesh.drain-time=100ms",
                                "--server.port=0",
                                "--management.server.port=0",
                                // What the test's provider brings is none of the gateway's.
                                "--spring.autoconfigure.exclude="
                                        + String.join(",", NOT_THE_GATEWAYS)));
        all.addAll(List.of(args));
        context =
                new SpringApplicationBuilder(GatewayServiceApplication.class)
                        .web(WebApplicationType.REACTIVE)
                        .run(all.toArray(String[]::new));
        if (!plane().awaitConfigured(Duration.ofSeconds(20))) {
            throw new IllegalStateException("no configuration: " + plane().view());
        }
    }

    private DataPlane plane() {
        return context.getBean(MeshProxy.class).plane();
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    int port() {
        return plane().gatewayPorts().get(80);
    }

    String uri(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    Map<String, String> last() {
        return seen.getLast();
    }

    /** A route whose gateway filters make another path of a forbidden one. */
    private static Route filtered() {
        return new Route(
                "filtered",
                new Match.Path(new StringMatch.Prefix("/admin/filtered")),
                new RouteAction.Forward(
                        List.of(
                                new WeightedDestination(
                                        1, new Destination.ToCluster(BASE), List.of(), ORIGIN))),
                List.of(
                        new Filter.Gateway("SetPath", Map.of("template", "/open"), ORIGIN),
                        new Filter.Gateway(
                                "AddResponseHeader",
                                Map.of("name", "x-filtered", "value", "yes"),
                                ORIGIN)),
                Timeouts.NONE,
                null,
                ORIGIN);
    }

    /** Some routes, and one for everything else. */
    private static RouteTable toAll(String name, List<Route> first) {
        List<Route> routes = new ArrayList<>(first);
        routes.add(
                new Route(
                        "route",
                        Match.ALWAYS,
                        new RouteAction.Forward(
                                List.of(
                                        new WeightedDestination(
                                                1,
                                                new Destination.ToCluster(BASE),
                                                List.of(),
                                                ORIGIN))),
                        List.of(),
                        Timeouts.NONE,
                        null,
                        ORIGIN));
        return new RouteTable(
                name,
                AppProtocol.HTTP,
                List.of(new VirtualHost("all", List.of("*"), routes, ORIGIN)),
                List.of());
    }

    private List<MeshResource> resources(String issuer, String jwks, int trustedProxies) {
        AuthzStep admins =
                new AuthzStep.Decide(
                        Effect.DENY,
                        new Match.AllOf(
                                List.of(
                                        new Match.Path(new StringMatch.Prefix("/admin")),
                                        new Match.Not(
                                                new Match.Claim(
                                                        List.of("groups"),
                                                        new StringMatch.Exact("admins"),
                                                        "")))),
                        false,
                        ORIGIN);
        WorkloadConfig workload =
                new WorkloadConfig(
                        new WorkloadId("ns", "gateway"),
                        "cluster.local",
                        List.of(),
                        PathNormalization.BASE,
                        OutboundPolicy.ALLOW_ANY,
                        List.of(),
                        new InboundPort(
                                0,
                                "none",
                                AppProtocol.AUTO,
                                "",
                                MtlsMode.PERMISSIVE,
                                ORIGIN,
                                List.of(),
                                AuthzProgram.ALLOW_ALL,
                                List.of()),
                        List.of(
                                new GatewayServer(
                                        "http",
                                        80,
                                        GatewayServer.Protocol.HTTP,
                                        List.of("*"),
                                        null,
                                        false,
                                        "gateway:80",
                                        ORIGIN)),
                        List.of(
                                new JwtRule(
                                        issuer, List.of(), "keys", List.of(), List.of(), List.of(),
                                        true, null, List.of(), List.of(), ORIGIN)),
                        new AuthzProgram(
                                List.of(
                                        new AuthzLayer(
                                                Dialect.ISTIO,
                                                List.of(admins),
                                                Effect.ALLOW,
                                                ORIGIN))),
                        trustedProxies,
                        List.of(),
                        Telemetry.DEFAULT);
        return List.of(
                workload,
                new JwksSet("keys", jwks),
                new Certificate("ns/tls", "no certificate", new Secret(PLANTED_KEY), ""),
                toAll("server.ns:8080", List.of()),
                toAll("gateway:80", List.of(filtered())),
                new Cluster(
                        BASE,
                        "server.ns.svc.cluster.local",
                        8080,
                        "",
                        AppProtocol.HTTP,
                        Map.of(),
                        List.of(BASE),
                        new LoadBalancing.RoundRobin(),
                        LocalityPolicy.OFF,
                        ConnectionLimits.DEFAULT,
                        null,
                        new UpstreamTls.Automatic(),
                        ORIGIN),
                new EndpointSet(
                        BASE,
                        Resolution.STATIC,
                        List.of(
                                new Endpoint(
                                        "a",
                                        "127.0.0.1",
                                        endpoint,
                                        null,
                                        "ns",
                                        "server",
                                        Map.of(),
                                        Locality.UNKNOWN,
                                        1))));
    }

    @Override
    public void close() {
        context.close();
        app.stop(0);
    }
}
