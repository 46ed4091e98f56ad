package io.weft.dataplane.testing;

import io.weft.dataplane.config.ResourceSet;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Locality;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
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
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import io.weft.model.telemetry.Telemetry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Resources as a control plane would make them, short to write. */
public final class Resources {

    public static final Origin ORIGIN =
            new Origin(Dialect.ISTIO, "Test", "ns", "test", "test.yaml", 7);

    public static final RetryPolicy DEFAULT_RETRY =
            retry(2, RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM);

    private static final AtomicInteger REVISION = new AtomicInteger();

    private Resources() {}

    public static ResourceSet set(MeshResource... resources) {
        Map<String, MeshResource> all = new LinkedHashMap<>();
        for (MeshResource resource : resources) {
            all.put(resource.key(), resource);
        }
        return new ResourceSet("r" + REVISION.incrementAndGet(), "c0ffee", all);
    }

    public static RetryPolicy retry(int times, RetryOn... on) {
        return new RetryPolicy(
                times,
                null,
                Set.of(on),
                Set.of(),
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                null,
                true,
                false,
                ORIGIN);
    }

    public static InboundPort port(
            int port, AppProtocol protocol, MtlsMode mode, AuthzProgram authz) {
        return new InboundPort(
                port,
                "port-" + port,
                protocol,
                "server.ns.svc.cluster.local",
                mode,
                ORIGIN,
                List.of(),
                authz,
                List.of());
    }

    public static WorkloadConfig workload(
            String name, OutboundPolicy policy, InboundPort... ports) {
        return new WorkloadConfig(
                new WorkloadId("ns", name),
                "cluster.local",
                List.of(),
                PathNormalization.BASE,
                policy,
                List.of(ports),
                port(0, AppProtocol.AUTO, MtlsMode.PERMISSIVE, AuthzProgram.ALLOW_ALL),
                List.of(),
                List.of(),
                AuthzProgram.ALLOW_ALL,
                0,
                List.of(),
                Telemetry.DEFAULT);
    }

    public static Endpoint endpoint(
            String id, int port, @Nullable SpiffeId identity, Map<String, String> labels) {
        return new Endpoint(
                id, "127.0.0.1", port, identity, "ns", "server", labels, Locality.UNKNOWN, 1);
    }

    public static EndpointSet endpoints(int port, Endpoint... endpoints) {
        return new EndpointSet(
                "server.ns.svc.cluster.local:" + port, Resolution.STATIC, List.of(endpoints));
    }

    public static Cluster cluster(
            int port,
            String subset,
            AppProtocol protocol,
            ConnectionLimits limits,
            @Nullable OutlierDetection outlier) {
        String base = "server.ns.svc.cluster.local:" + port;
        return new Cluster(
                subset.isEmpty() ? base : base + "/" + subset,
                "server.ns.svc.cluster.local",
                port,
                subset,
                protocol,
                subset.isEmpty() ? Map.of() : Map.of("version", subset),
                List.of(base),
                new LoadBalancing.RoundRobin(),
                LocalityPolicy.OFF,
                limits,
                outlier,
                new UpstreamTls.Automatic(),
                ORIGIN);
    }

    public static Cluster cluster(int port, AppProtocol protocol) {
        return cluster(port, "", protocol, ConnectionLimits.DEFAULT, null);
    }

    public static WeightedDestination to(int port, String subset, int weight) {
        String base = "server.ns.svc.cluster.local:" + port;
        return new WeightedDestination(
                weight,
                new Destination.ToCluster(subset.isEmpty() ? base : base + "/" + subset),
                List.of(),
                ORIGIN);
    }

    public static Route route(
            Match match,
            List<Filter> filters,
            Timeouts timeouts,
            @Nullable RetryPolicy retry,
            WeightedDestination... to) {
        return new Route(
                "route",
                match,
                new RouteAction.Forward(List.of(to)),
                filters,
                timeouts,
                retry,
                ORIGIN);
    }

    public static RouteTable table(String name, AppProtocol protocol, Route... routes) {
        return new RouteTable(
                name,
                protocol,
                List.of(new VirtualHost("vh", List.of("*"), List.of(routes), ORIGIN)),
                List.of());
    }

    public static RouteTable tcp(String name, AppProtocol protocol, int port) {
        return new RouteTable(
                name,
                protocol,
                List.of(),
                List.of(new TcpRoute("tcp", Match.ALWAYS, List.of(to(port, "", 1)), null, ORIGIN)));
    }
}
