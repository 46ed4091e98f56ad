package io.weft.dataplane.testing;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static io.weft.dataplane.testing.Resources.endpoint;
import static io.weft.dataplane.testing.Resources.endpoints;
import static io.weft.dataplane.testing.Resources.route;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.table;
import static io.weft.dataplane.testing.Resources.to;
import static io.weft.dataplane.testing.Resources.workload;

import io.weft.dataplane.GatewayBinding;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.UpstreamBinding;
import io.weft.dataplane.http.HttpLimits;
import io.weft.model.AppProtocol;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.listener.PathNormalization;
import io.weft.model.match.Match;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Timeouts;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The three listeners that take HTTP, each in front of one application: a sidecar's inbound port
 * (plain text is allowed), a sidecar's outbound port, a gateway's port.
 */
public final class Doors implements AutoCloseable {

    public static final String HOST = "server.ns:8080";

    private static final int PORT = 8080;

    public final MeshPair mesh = new MeshPair();
    public final ByteApp app;
    private final Map<Door, MeshPair.Node> nodes = new EnumMap<>(Door.class);
    private final AppProtocol protocol;
    private final int appPort;

    /** A listener. */
    public enum Door {
        INBOUND,
        OUTBOUND,
        GATEWAY
    }

    /** What the doors do with a request; all of them the same. */
    public record Policy(
            PathNormalization paths,
            AuthzProgram authz,
            Timeouts timeouts,
            @Nullable RetryPolicy retry,
            ConnectionLimits limits) {

        public static final Policy OPEN =
                new Policy(
                        PathNormalization.BASE,
                        AuthzProgram.ALLOW_ALL,
                        Timeouts.NONE,
                        null,
                        ConnectionLimits.DEFAULT);

        public Policy paths(PathNormalization value) {
            return new Policy(value, authz, timeouts, retry, limits);
        }

        public Policy authz(AuthzProgram value) {
            return new Policy(paths, value, timeouts, retry, limits);
        }
    }

    public Doors() throws IOException {
        this(HttpLimits.DEFAULT);
    }

    public Doors(HttpLimits limits) throws IOException {
        this(limits, new ByteApp());
    }

    private Doors(HttpLimits limits, ByteApp app) {
        this(limits, app, app.port(), AppProtocol.HTTP);
    }

    /** In front of another application than the one that keeps bytes. */
    public static Doors before(int appPort, AppProtocol protocol, HttpLimits limits)
            throws IOException {
        return new Doors(limits, new ByteApp(), appPort, protocol);
    }

    private Doors(HttpLimits limits, ByteApp app, int appPort, AppProtocol protocol) {
        this.app = mesh.closing(app);
        this.protocol = protocol;
        this.appPort = appPort;
        nodes.put(
                Door.INBOUND,
                mesh.start(
                        "server",
                        s ->
                                s.limits(limits)
                                        .outboundPort(-1)
                                        .inbound(
                                                InboundBinding.of(
                                                        PORT, "http", protocol, appPort))));
        nodes.put(
                Door.OUTBOUND,
                mesh.start("client", s -> s.limits(limits).upstream(new UpstreamBinding(HOST, 0))));
        nodes.put(
                Door.GATEWAY,
                mesh.start(
                        "gateway",
                        s ->
                                s.limits(limits)
                                        .outboundPort(-1)
                                        .gatewayPort(new GatewayBinding(80, 0))));
        publish(Policy.OPEN);
    }

    /** Puts a policy in force at all doors. */
    public void publish(Policy policy) {
        nodes.get(Door.INBOUND)
                .source()
                .publish(
                        set(
                                with(
                                        workload(
                                                "server",
                                                OutboundPolicy.ALLOW_ANY,
                                                Resources.port(
                                                        PORT,
                                                        protocol,
                                                        MtlsMode.PERMISSIVE,
                                                        policy.authz())),
                                        policy,
                                        List.of())));
        forward(
                Door.OUTBOUND,
                HOST,
                policy,
                with(workload("client", OutboundPolicy.REGISTRY_ONLY), policy, List.of()));
        GatewayServer server =
                new GatewayServer(
                        "http",
                        80,
                        GatewayServer.Protocol.HTTP,
                        List.of("*"),
                        null,
                        false,
                        "gateway:http",
                        ORIGIN);
        forward(
                Door.GATEWAY,
                "gateway:http",
                policy,
                with(workload("gateway", OutboundPolicy.ALLOW_ANY), policy, List.of(server)));
    }

    private static WorkloadConfig with(
            WorkloadConfig base, Policy policy, List<GatewayServer> servers) {
        return new WorkloadConfig(
                base.workload(),
                base.trustDomain(),
                base.trustDomainAliases(),
                policy.paths(),
                base.outboundPolicy(),
                base.inbound(),
                base.undeclared(),
                servers,
                base.gatewayJwt(),
                policy.authz(),
                base.trustedProxies(),
                base.externalAuthorizers(),
                base.telemetry());
    }

    private void forward(Door door, String table, Policy policy, WorkloadConfig workload) {
        nodes.get(door)
                .source()
                .publish(
                        set(
                                workload,
                                table(
                                        table,
                                        protocol,
                                        route(
                                                Match.ALWAYS,
                                                List.of(),
                                                policy.timeouts(),
                                                policy.retry(),
                                                to(PORT, "", 1))),
                                Resources.cluster(PORT, "", protocol, policy.limits(), null),
                                endpoints(PORT, endpoint("app", appPort, null, Map.of()))));
    }

    public MeshPair.Node node(Door door) {
        return nodes.get(door);
    }

    public RecordingLog log(Door door) {
        return node(door).log();
    }

    public int port(Door door) {
        return switch (door) {
            case INBOUND -> node(door).plane().inboundPorts().get(PORT);
            case OUTBOUND -> node(door).plane().outboundPort();
            case GATEWAY -> node(door).plane().gatewayPorts().get(80);
        };
    }

    /** A port that leads to the application whatever authority is named. */
    public int anyAuthority(Door door) {
        return door == Door.OUTBOUND ? node(door).plane().upstreamPorts().get(HOST) : port(door);
    }

    public Wire wire(Door door) throws IOException {
        return new Wire(port(door));
    }

    @Override
    public void close() throws Exception {
        mesh.close();
    }
}
