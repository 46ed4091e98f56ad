package io.weft.benchmarks.proxy;

import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Locality;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
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
import io.weft.model.route.Fraction;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import io.weft.model.telemetry.AccessLog;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a control plane would send to Weft's proxies for a scenario. */
final class WeftConfig {

    /** The logical port of the gateway and of the workload. */
    static final int GATEWAY_PORT = 80;

    static final int WORKLOAD_PORT = 8080;

    /** Istio's default format. */
    private static final String LOG_FORMAT =
            "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
                    + " %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
                    + " %CONNECTION_TERMINATION_DETAILS% \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\""
                    + " %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
                    + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\""
                    + " \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\""
                    + " \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS%"
                    + " %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS%"
                    + " %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n";

    private static final Origin ORIGIN =
            new Origin(Dialect.ISTIO, "Benchmark", "bench", "compare", "bench.yaml", 1);
    private static final String HOST = "backend.bench.svc.cluster.local";
    private static final String CLUSTER = HOST + ":8080";

    private final boolean full;
    private final int routes;
    private final boolean telemetry;

    WeftConfig(boolean full, int routes, boolean telemetry) {
        this.full = full;
        this.routes = routes;
        this.telemetry = telemetry;
    }

    /** A gateway in front of a plain backend. */
    List<MeshResource> gateway(int backendPort) {
        String table = "gateway:" + GATEWAY_PORT;
        GatewayServer server =
                new GatewayServer(
                        "bench/http",
                        GATEWAY_PORT,
                        GatewayServer.Protocol.HTTP,
                        List.of("*"),
                        null,
                        false,
                        table,
                        ORIGIN);
        return List.of(
                workload("gateway", List.of(), List.of(server), authz(false)),
                routes(table, AppProtocol.HTTP),
                cluster(AppProtocol.HTTP),
                endpoints(backendPort, null));
    }

    /** The sidecar of the caller. */
    List<MeshResource> client(int serverPort, boolean http2) {
        AppProtocol protocol = http2 ? AppProtocol.HTTP2 : AppProtocol.HTTP;
        return List.of(
                workload("client", List.of(), List.of(), AuthzProgram.ALLOW_ALL),
                routes(Site.AUTHORITY, protocol),
                cluster(protocol),
                endpoints(serverPort, Identities.SERVER));
    }

    /** The sidecar of the called. */
    List<MeshResource> server() {
        return List.of(
                workload(
                        "server",
                        List.of(port(WORKLOAD_PORT, MtlsMode.STRICT, authz(true))),
                        List.of(),
                        AuthzProgram.ALLOW_ALL));
    }

    private WorkloadConfig workload(
            String name,
            List<InboundPort> inbound,
            List<GatewayServer> servers,
            AuthzProgram gatewayAuthz) {
        return new WorkloadConfig(
                new WorkloadId("bench", name),
                "cluster.local",
                List.of(),
                PathNormalization.BASE,
                OutboundPolicy.ALLOW_ANY,
                inbound,
                port(0, MtlsMode.PERMISSIVE, AuthzProgram.ALLOW_ALL),
                servers,
                List.of(),
                gatewayAuthz,
                0,
                List.of(),
                telemetry());
    }

    private Telemetry telemetry() {
        if (full && telemetry) {
            return new Telemetry(
                    List.of(
                            new AccessLog(
                                    "stdout", new AccessLog.Format.Text(LOG_FORMAT), "", ORIGIN)),
                    new Tracing(true, Fraction.ofPercent(1), List.of()),
                    Metrics.DEFAULT);
        }
        Metrics.Override off =
                new Metrics.Override("ALL_METRICS", "CLIENT_AND_SERVER", true, List.of(), ORIGIN);
        return new Telemetry(
                List.of(),
                new Tracing(false, Fraction.NONE, List.of()),
                new Metrics(List.of(off), Metrics.DEFAULT.maxTagValues()));
    }

    private static InboundPort port(int port, MtlsMode mode, AuthzProgram authz) {
        return new InboundPort(
                port,
                "http",
                port == 0 ? AppProtocol.AUTO : AppProtocol.HTTP,
                HOST,
                mode,
                ORIGIN,
                List.of(),
                authz,
                List.of());
    }

    private AuthzProgram authz(boolean byPeer) {
        if (!full) {
            return AuthzProgram.ALLOW_ALL;
        }
        List<AuthzStep> steps = new ArrayList<>();
        for (int i = 1; i <= Scenario.RULES; i++) {
            List<Match> all = new ArrayList<>();
            if (byPeer) {
                all.add(
                        new Match.PeerPrincipal(
                                new StringMatch.Exact(Identities.CLIENT.principal())));
            }
            all.add(new Match.Method(new StringMatch.Exact("GET")));
            all.add(new Match.Path(new StringMatch.Prefix(Site.rulePrefix(i))));
            steps.add(new AuthzStep.Decide(Effect.ALLOW, Match.allOf(all), false, ORIGIN.at(i)));
        }
        return new AuthzProgram(List.of(new AuthzLayer(Dialect.ISTIO, steps, Effect.DENY, ORIGIN)));
    }

    private RouteTable routes(String name, AppProtocol protocol) {
        RetryPolicy retry =
                new RetryPolicy(
                        2,
                        null,
                        Set.of(
                                RetryOn.CONNECT_FAILURE,
                                RetryOn.REFUSED_STREAM,
                                RetryOn.GRPC_UNAVAILABLE,
                                RetryOn.GRPC_CANCELLED),
                        Set.of(),
                        Duration.ofMillis(25),
                        Duration.ofMillis(250),
                        null,
                        true,
                        false,
                        ORIGIN);
        WeightedDestination to =
                new WeightedDestination(1, new Destination.ToCluster(CLUSTER), List.of(), ORIGIN);
        Route route =
                new Route(
                        "default",
                        Match.ALWAYS,
                        new RouteAction.Forward(List.of(to)),
                        List.of(),
                        Timeouts.NONE,
                        retry,
                        ORIGIN);
        List<Route> all = new ArrayList<>(routes);
        for (int i = 1; i < routes; i++) {
            Match other = new Match.Path(new StringMatch.Prefix("/other/" + i + "/"));
            all.add(
                    new Route(
                            "other-" + i,
                            other,
                            route.action(),
                            List.of(),
                            Timeouts.NONE,
                            retry,
                            ORIGIN));
        }
        all.add(route);
        VirtualHost host = new VirtualHost("all", List.of("*"), all, ORIGIN);
        return new RouteTable(name, protocol, List.of(host), List.of());
    }

    private static Cluster cluster(AppProtocol protocol) {
        return new Cluster(
                CLUSTER,
                HOST,
                8080,
                "",
                protocol,
                Map.of(),
                List.of(CLUSTER),
                new LoadBalancing.LeastRequest(),
                LocalityPolicy.OFF,
                ConnectionLimits.DEFAULT,
                null,
                new UpstreamTls.Automatic(),
                ORIGIN);
    }

    private static EndpointSet endpoints(int port, @Nullable SpiffeId identity) {
        Endpoint endpoint =
                new Endpoint(
                        "backend-0",
                        "127.0.0.1",
                        port,
                        identity,
                        "bench",
                        "server",
                        Map.of("app", "backend"),
                        Locality.UNKNOWN,
                        1);
        return new EndpointSet(CLUSTER, Resolution.STATIC, List.of(endpoint));
    }
}
