package io.weft.engine.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.AdjustableClock;
import io.weft.engine.Origins;
import io.weft.engine.SampleRequest;
import io.weft.engine.VerifiedToken;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Locality;
import io.weft.model.SpiffeId;
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
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Destination;
import io.weft.model.route.Filter;
import io.weft.model.route.Fraction;
import io.weft.model.route.HeaderOp;
import io.weft.model.route.PathRewrite;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.wire.MeshCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplainerTest {

    private static final SpiffeId FRONT_END = new SpiffeId("cluster.local", "blog", "frontend");
    private static final SpiffeId API = new SpiffeId("cluster.local", "blog", "blog-api");

    private final Explainer explainer =
            new Explainer(AdjustableClock.stoppedAt(Instant.parse("2026-11-22T12:00:00Z")));

    private static WorkloadConfig workload(
            MtlsMode mtls, AuthzProgram authz, List<GatewayServer> servers) {
        List<JwtRule> jwt =
                List.of(
                        new JwtRule(
                                "https://auth.example.com",
                                List.of(),
                                "jwks",
                                List.of(),
                                List.of(),
                                List.of(),
                                false,
                                null,
                                List.of(),
                                List.of(),
                                Origins.line(40)));
        InboundPort port =
                new InboundPort(
                        8080,
                        "http",
                        AppProtocol.HTTP,
                        "blog-api",
                        mtls,
                        Origins.line(30),
                        jwt,
                        authz,
                        List.of());
        InboundPort other =
                new InboundPort(
                        0,
                        "",
                        AppProtocol.AUTO,
                        "",
                        mtls,
                        Origins.line(30),
                        List.of(),
                        AuthzProgram.ALLOW_ALL,
                        List.of());
        return new WorkloadConfig(
                new WorkloadId("blog", "blog-api"),
                "cluster.local",
                List.of(),
                PathNormalization.BASE,
                OutboundPolicy.ALLOW_ANY,
                List.of(port),
                other,
                servers,
                List.of(),
                AuthzProgram.ALLOW_ALL,
                0,
                List.of(),
                Telemetry.DEFAULT);
    }

    private static AuthzProgram frontEndOnly() {
        Match isFrontEnd = new Match.PeerPrincipal(new StringMatch.Exact(FRONT_END.principal()));
        Match isEditor = new Match.RequestPrincipal(new StringMatch.Suffix("/editor"));
        return new AuthzProgram(
                List.of(
                        new AuthzLayer(
                                Dialect.ISTIO,
                                List.of(
                                        new AuthzStep.Decide(
                                                Effect.DENY,
                                                new Match.Path(new StringMatch.Prefix("/admin")),
                                                false,
                                                Origins.line(20)),
                                        new AuthzStep.Decide(
                                                Effect.ALLOW, isFrontEnd, false, Origins.line(21)),
                                        new AuthzStep.Decide(
                                                Effect.ALLOW, isEditor, false, Origins.line(22))),
                                Effect.DENY,
                                Origins.line(23))));
    }

    private static Map<String, MeshResource> resources(MeshResource... all) {
        Map<String, MeshResource> map = new HashMap<>();
        for (MeshResource resource : all) {
            map.put(resource.key(), resource);
        }
        return map;
    }

    private static Map<String, MeshResource> client(
            UpstreamTls tls, String tableName, List<GatewayServer> servers) {
        WeightedDestination v1 =
                new WeightedDestination(
                        90,
                        new Destination.ToCluster("blog-api:8080/v1"),
                        List.of(),
                        Origins.line(12));
        WeightedDestination v2 =
                new WeightedDestination(
                        10,
                        new Destination.ToCluster("blog-api:8080/v2"),
                        List.of(),
                        Origins.line(13));
        Route canary =
                new Route(
                        "canary",
                        new Match.Header("canary", new StringMatch.Exact("true")),
                        new RouteAction.DirectResponse(204, "", List.of()),
                        List.of(),
                        Timeouts.NONE,
                        null,
                        Origins.line(10));
        Filter delay =
                new Filter.Delay(
                        Duration.ofSeconds(1),
                        Fraction.ofPercent(50),
                        Match.NEVER,
                        Origins.line(14));
        Route split =
                new Route(
                        "split",
                        Match.ALWAYS,
                        new RouteAction.Forward(List.of(v1, v2)),
                        List.of(delay),
                        new Timeouts(Duration.ofSeconds(30), null),
                        null,
                        Origins.line(11));
        RouteTable table =
                new RouteTable(
                        tableName,
                        AppProtocol.HTTP,
                        List.of(
                                new VirtualHost(
                                        "blog-api",
                                        List.of("*"),
                                        List.of(canary, split),
                                        Origins.line(9))),
                        List.of());
        Endpoint endpoint =
                new Endpoint(
                        "a",
                        "10.0.0.1",
                        15006,
                        API,
                        "blog",
                        "blog-api",
                        Map.of("version", "v1"),
                        Locality.UNKNOWN,
                        1);
        EndpointSet set = new EndpointSet("blog-api:8080", Resolution.STATIC, List.of(endpoint));
        Cluster cluster =
                new Cluster(
                        "blog-api:8080/v1",
                        "blog-api",
                        8080,
                        "v1",
                        AppProtocol.HTTP,
                        Map.of("version", "v1"),
                        List.of("blog-api:8080"),
                        new LoadBalancing.LeastRequest(),
                        LocalityPolicy.OFF,
                        ConnectionLimits.DEFAULT,
                        null,
                        tls,
                        Origins.line(15));
        return resources(
                table,
                set,
                cluster,
                workload(MtlsMode.PERMISSIVE, AuthzProgram.ALLOW_ALL, servers));
    }

    private static Map<String, MeshResource> client(UpstreamTls tls) {
        return client(tls, "blog-api:8080", List.of());
    }

    private static Map<String, MeshResource> server(MtlsMode mode) {
        return resources(workload(mode, frontEndOnly(), List.of()));
    }

    private static SampleRequest.Builder request(String path) {
        return SampleRequest.http("GET", path).authority("blog-api:8080");
    }

    @Test
    void followsARequestFromTheRouteToTheRuleThatAllowsIt() {
        Explanation e =
                explainer.explain(
                        new ExplainInput(
                                client(new UpstreamTls.Automatic()),
                                FRONT_END,
                                server(MtlsMode.STRICT),
                                8080,
                                request("/api/../articles").build()));
        assertThat(e.route().route()).isEqualTo("split");
        assertThat(e.route().path()).isEqualTo("/articles");
        assertThat(e.route().requestTimeout()).isEqualTo("PT30S");
        assertThat(e.route().destinations())
                .extracting(Explanation.Share::percent)
                .containsExactly(90.0, 10.0);
        assertThat(e.route().destinations())
                .extracting(Explanation.Share::endpoints)
                .containsExactly(1, 0);
        assertThat(e.route().filters())
                .extracting(Explanation.FilterUse::applies)
                .containsExactly(false);
        assertThat(e.mtls().fits()).isTrue();
        assertThat(e.server().token().outcome()).isEqualTo("none");
        assertThat(e.server().layers().getFirst().steps())
                .extracting(Explanation.Step::matched)
                .containsExactly(false, true, false);
        assertThat(e.decision().result()).isEqualTo(Explanation.Result.ALLOWED);
        assertThat(e.decision().origin()).isEqualTo(Origins.line(21));
    }

    @Test
    void namesTheRuleThatDenies() {
        Explanation e =
                explainer.explain(
                        new ExplainInput(
                                Map.of(),
                                FRONT_END,
                                server(MtlsMode.STRICT),
                                8080,
                                request("/admin").build()));
        assertThat(e.decision().status()).isEqualTo(403);
        assertThat(e.decision().reason()).contains("mesh/sample.yaml:20");
        Explanation stranger =
                explainer.explain(
                        new ExplainInput(
                                Map.of(),
                                null,
                                server(MtlsMode.STRICT),
                                8080,
                                request("/x").build()));
        assertThat(stranger.decision().origin()).isEqualTo(Origins.line(23));
    }

    @Test
    void aGivenTokenIsTakenAsVerifiedAndAForgedOneIsNot() {
        SampleRequest editor =
                request("/x")
                        .token(
                                VerifiedToken.of(
                                        "https://auth.example.com",
                                        "editor",
                                        List.of(),
                                        null,
                                        Map.of()))
                        .build();
        Explanation e =
                explainer.explain(
                        new ExplainInput(Map.of(), null, server(MtlsMode.STRICT), 8080, editor));
        assertThat(e.server().token().outcome()).isEqualTo("assumed");
        assertThat(e.decision().origin()).isEqualTo(Origins.line(22));
        SampleRequest forged = request("/x").header("authorization", "Bearer a.b.c").build();
        Explanation f =
                explainer.explain(
                        new ExplainInput(
                                Map.of(), FRONT_END, server(MtlsMode.STRICT), 8080, forged));
        assertThat(f.decision().status()).isEqualTo(401);
        assertThat(f.decision().origin()).isEqualTo(Origins.line(40));
    }

    @Test
    void aGivenTokenOfAnIssuerThatNoRuleKnowsIsRefusedAsTheSidecarWould() {
        SampleRequest stranger =
                request("/x")
                        .token(
                                VerifiedToken.of(
                                        "https://other.example",
                                        "editor",
                                        List.of(),
                                        null,
                                        Map.of()))
                        .build();
        Explanation e =
                explainer.explain(
                        new ExplainInput(Map.of(), null, server(MtlsMode.STRICT), 8080, stranger));
        assertThat(e.decision().status()).isEqualTo(401);
        assertThat(e.server().token().reason()).isEqualTo("no rule knows the token's issuer");
    }

    @Test
    void saysWhenClientAndServerDoNotFit() {
        Explanation e =
                explainer.explain(
                        new ExplainInput(
                                client(new UpstreamTls.Disabled()),
                                FRONT_END,
                                server(MtlsMode.STRICT),
                                8080,
                                request("/x").build()));
        assertThat(e.mtls().fits()).isFalse();
        assertThat(e.decision().reason()).contains("plain text").contains("STRICT");
        Explanation permissive =
                explainer.explain(
                        new ExplainInput(
                                client(new UpstreamTls.Disabled()),
                                FRONT_END,
                                server(MtlsMode.PERMISSIVE),
                                8080,
                                request("/x").build()));
        assertThat(permissive.decision().origin())
                .as("without mTLS there is no peer")
                .isEqualTo(Origins.line(23));
    }

    @Test
    void stopsWhereTheProxyAnswersItselfOrKnowsNoRoute() {
        Map<String, MeshResource> client = client(new UpstreamTls.Automatic());
        Explanation answered =
                explainer.explain(
                        new ExplainInput(
                                client,
                                FRONT_END,
                                server(MtlsMode.STRICT),
                                8080,
                                request("/").header("canary", "true").build()));
        assertThat(answered.decision().result()).isEqualTo(Explanation.Result.ANSWERED);
        assertThat(answered.server()).isNull();
        Explanation unknown =
                explainer.explain(
                        new ExplainInput(
                                client,
                                FRONT_END,
                                Map.of(),
                                0,
                                SampleRequest.http("GET", "/").authority("other:1").build()));
        assertThat(unknown.decision().result()).isEqualTo(Explanation.Result.NO_ROUTE);
        Explanation unsafe =
                explainer.explain(
                        new ExplainInput(client, FRONT_END, Map.of(), 0, request("/a%00").build()));
        assertThat(unsafe.decision().status()).isEqualTo(400);
    }

    @Test
    void aGatewaysServerIsFoundByPortAndHost() {
        GatewayServer server =
                new GatewayServer(
                        "https",
                        443,
                        GatewayServer.Protocol.HTTPS,
                        List.of("*.example.com"),
                        null,
                        false,
                        "gateway:443/https",
                        Origins.line(50));
        Explanation e =
                explainer.explain(
                        new ExplainInput(
                                client(
                                        new UpstreamTls.Automatic(),
                                        "gateway:443/https",
                                        List.of(server)),
                                FRONT_END,
                                server(MtlsMode.STRICT),
                                8080,
                                SampleRequest.http("GET", "/")
                                        .authority("blog.example.com")
                                        .destinationPort(443)
                                        .build()));
        assertThat(e.gateway().decision().result()).isEqualTo(Explanation.Result.ALLOWED);
        assertThat(e.route().table()).isEqualTo("gateway:443/https");
        assertThat(e.decision().result()).isEqualTo(Explanation.Result.ALLOWED);
    }

    @Test
    void explanationsCanBeWrittenAsJson() {
        Explanation e =
                explainer.explain(
                        new ExplainInput(
                                client(new UpstreamTls.Automatic()),
                                FRONT_END,
                                server(MtlsMode.STRICT),
                                8080,
                                request("/x").build()));
        assertThat(new MeshCodec().writePretty(e))
                .contains("\"result\" : \"ALLOWED\"")
                .contains("\"line\" : 21");
    }

    /** A route to two shares: to v2 under its own path, and each with a mark of its own. */
    private static Map<String, MeshResource> rewriting(List<Filter> routeFilters) {
        Map<String, MeshResource> client = new HashMap<>(client(new UpstreamTls.Automatic()));
        RouteTable table =
                new RouteTable(
                        "blog-api:8080",
                        AppProtocol.HTTP,
                        List.of(
                                new VirtualHost(
                                        "blog-api",
                                        List.of("*"),
                                        List.of(
                                                new Route(
                                                        "rewritten",
                                                        Match.ALWAYS,
                                                        new RouteAction.Forward(
                                                                List.of(
                                                                        share(90, "v1", "/admin"),
                                                                        share(10, "v2", "/open"))),
                                                        routeFilters,
                                                        Timeouts.NONE,
                                                        null,
                                                        Origins.line(60))),
                                        Origins.line(59))),
                        List.of());
        client.put(table.key(), table);
        return client;
    }

    private static WeightedDestination share(int weight, String subset, String path) {
        return new WeightedDestination(
                weight,
                new Destination.ToCluster("blog-api:8080/" + subset),
                List.of(new Filter.Rewrite(new PathRewrite.Full(path), null, Origins.line(61))),
                Origins.line(62));
    }

    private Explanation rewritten(
            List<Filter> routeFilters, SampleRequest request, String destination) {
        return explainer.explain(
                new ExplainInput(
                        rewriting(routeFilters),
                        FRONT_END,
                        server(MtlsMode.PERMISSIVE),
                        8080,
                        request,
                        destination));
    }

    @Test
    void theCalleeIsAskedAboutThePathThatTheRouteSends() {
        Explanation e = rewritten(List.of(), request("/public?q=1").build(), "");
        assertThat(e.sent().destination()).isEqualTo("blog-api:8080/v1");
        assertThat(e.sent().target()).isEqualTo("/admin?q=1");
        assertThat(e.sent().headers()).containsEntry("x-envoy-original-path", "/public?q=1");
        assertThat(e.route().path()).isEqualTo("/public");
        assertThat(e.decision().result()).isEqualTo(Explanation.Result.DENIED);
        assertThat(e.decision().origin()).as("DENY /admin").isEqualTo(Origins.line(20));
    }

    @Test
    void onlyTheFollowedSharesOwnFiltersRun() {
        Explanation e = rewritten(List.of(), request("/public").build(), "blog-api:8080/v2");
        assertThat(e.sent().target()).isEqualTo("/open");
        assertThat(e.decision().result())
                .as("no cluster v2, so no mutual TLS: no peer")
                .isEqualTo(Explanation.Result.DENIED);
        assertThat(e.decision().origin()).isEqualTo(Origins.line(23));
    }

    @Test
    void headerOperationsAndTheAuthorityReachTheCallee() {
        Filter headers =
                new Filter.Headers(
                        List.of(
                                new HeaderOp.Set("x-path", "%REQ(:path)%"),
                                new HeaderOp.Add("x-tag", "b"),
                                new HeaderOp.Remove("authorization"),
                                new HeaderOp.Set("host", "ignored")),
                        List.of(),
                        Origins.line(63));
        Filter authority = new Filter.Rewrite(null, "inner.example.com", Origins.line(64));
        Explanation e =
                rewritten(
                        List.of(headers, authority),
                        request("/public")
                                .header("x-tag", "a")
                                .header("authorization", "Bearer a.b.c")
                                .build(),
                        "");
        assertThat(e.sent().authority()).isEqualTo("inner.example.com");
        assertThat(e.sent().headers())
                .containsEntry("x-path", "/public")
                .containsEntry("x-tag", "a,b")
                .containsEntry("authorization", "")
                .doesNotContainKey("host");
        assertThat(e.server().token().outcome())
                .as("the route took the forged token away")
                .isEqualTo("none");
    }

    @Test
    void aFaultIsJudgedByTheHeadersThatEarlierFiltersLeft() {
        Filter mark =
                new Filter.Headers(
                        List.of(new HeaderOp.Set("x-fault", "yes")), List.of(), Origins.line(65));
        Filter abort =
                new Filter.Abort(
                        503,
                        null,
                        Fraction.ofPercent(100),
                        new Match.Header("x-fault", new StringMatch.Exact("yes")),
                        Origins.line(66));
        assertThat(rewritten(List.of(mark, abort), request("/x").build(), "").decision().origin())
                .isEqualTo(Origins.line(66));
        assertThat(rewritten(List.of(abort, mark), request("/x").build(), "").sent()).isNotNull();
    }
}
