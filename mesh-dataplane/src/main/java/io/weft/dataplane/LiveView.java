package io.weft.dataplane;

import io.weft.dataplane.config.ResourceSet;
import io.weft.dataplane.config.SourceStatus;
import io.weft.dataplane.snapshot.ConfigSnapshot;
import io.weft.dataplane.snapshot.InboundProgram;
import io.weft.dataplane.snapshot.OutboundTable;
import io.weft.dataplane.upstream.UpstreamCluster;
import io.weft.dataplane.view.ClusterView;
import io.weft.dataplane.view.DataPlaneView;
import io.weft.dataplane.view.ListenerView;
import io.weft.dataplane.view.RouteView;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import io.weft.model.catalog.Registration;
import io.weft.model.resource.Cluster;
import io.weft.model.route.Destination;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Pictures of one data plane. */
record LiveView(DataPlane plane, DataPlaneSettings settings, DataPlaneExtensions extensions)
        implements DataPlaneView {

    private @Nullable ConfigSnapshot snapshot() {
        return plane.snapshot();
    }

    @Override
    public String revision() {
        return resources().revision();
    }

    @Override
    public String commit() {
        return resources().commit();
    }

    @Override
    public @Nullable Instant since() {
        ConfigSnapshot snapshot = snapshot();
        return snapshot == null ? null : snapshot.since();
    }

    @Override
    public boolean configured() {
        return snapshot() != null;
    }

    @Override
    public boolean ready() {
        return plane.isReady();
    }

    @Override
    public SourceStatus source() {
        return extensions.source().status();
    }

    @Override
    public ResourceSet resources() {
        ConfigSnapshot snapshot = snapshot();
        return snapshot == null ? ResourceSet.EMPTY : snapshot.resources();
    }

    @Override
    public List<ListenerView> listeners() {
        List<ListenerView> views = new ArrayList<>();
        ConfigSnapshot snapshot = snapshot();
        for (InboundBinding binding : settings.inbound()) {
            InboundProgram program =
                    snapshot == null ? null : snapshot.inbound().get(binding.port());
            views.add(
                    listener(
                            "inbound",
                            binding.name(),
                            plane.inboundPorts().getOrDefault(binding.port(), 0),
                            binding.port(),
                            program == null ? binding.protocol().name() : program.protocol().name(),
                            program == null ? "" : program.port().mtls().name(),
                            program == null ? "" : program.port().mtlsOrigin().describe()));
        }
        if (plane.outboundPort() >= 0) {
            views.add(listener("outbound", "", plane.outboundPort(), 0, "AUTO", "", ""));
        }
        plane.upstreamPorts()
                .forEach((to, port) -> views.add(listener("upstream", to, port, 0, "", "", "")));
        plane.gatewayPorts()
                .forEach((logical, port) ->
                        views.add(listener("gateway", "", port, logical, "", "", "")));
        return views;
    }

    private ListenerView listener(
            String kind,
            String name,
            int port,
            int logical,
            String protocol,
            String mtls,
            String origin) {
        boolean own = kind.equals("outbound") || kind.equals("upstream");
        String address = own ? Listeners.OWN_APPLICATION : settings.address();
        return new ListenerView(kind, name, address, port, logical, protocol, mtls, origin);
    }

    @Override
    public List<RouteView> routes() {
        ConfigSnapshot snapshot = snapshot();
        List<RouteView> views = new ArrayList<>();
        if (snapshot == null) {
            return views;
        }
        for (OutboundTable table : new TreeMap<>(snapshot.tables()).values()) {
            for (VirtualHost host : table.table().hosts()) {
                for (Route route : host.routes()) {
                    views.add(route(table, host, route));
                }
            }
            table.table()
                    .tcp()
                    .forEach(tcp ->
                            views.add(
                                    new RouteView(
                                            table.table().name(),
                                            List.of(),
                                            tcp.name(),
                                            tcp.match().toString(),
                                            "forward",
                                            destinations(tcp.destinations()),
                                            List.of(),
                                            tcp.origin().describe())));
        }
        snapshot.unknown()
                .forEach(name ->
                        views.add(
                                new RouteView(
                                        name,
                                        List.of(),
                                        "",
                                        "",
                                        "unknown-host",
                                        List.of(),
                                        List.of(),
                                        Origin.builtIn(snapshot.workload().outboundPolicy().name())
                                                .describe())));
        return views;
    }

    private static RouteView route(OutboundTable table, VirtualHost host, Route route) {
        return new RouteView(
                table.table().name(),
                host.domains(),
                route.name(),
                route.match().toString(),
                switch (route.action()) {
                    case RouteAction.Forward forward -> "forward";
                    case RouteAction.Redirect redirect -> "redirect";
                    case RouteAction.DirectResponse response -> "direct-response";
                },
                route.action() instanceof RouteAction.Forward(var shares)
                        ? destinations(shares)
                        : List.of(),
                route.filters().stream().map(LiveView::kind).toList(),
                route.origin().describe());
    }

    private static String kind(Filter filter) {
        return filter instanceof Filter.Gateway gateway
                ? gateway.name()
                : filter.getClass().getSimpleName();
    }

    private static List<String> destinations(List<WeightedDestination> shares) {
        return shares.stream()
                .map(share ->
                        switch (share.destination()) {
                            case Destination.ToCluster(var name) -> name + " " + share.weight();
                            case Destination.Unavailable(var status, var reason) ->
                                    status + " " + share.weight();
                        })
                .toList();
    }

    @Override
    public List<ClusterView> clusters() {
        ConfigSnapshot snapshot = snapshot();
        return snapshot == null
                ? List.of()
                : snapshot.clusters().values().stream().map(LiveView::cluster).toList();
    }

    private static ClusterView cluster(UpstreamCluster compiled) {
        Cluster cluster = compiled.cluster();
        return new ClusterView(
                cluster.name(),
                cluster.host(),
                cluster.port(),
                cluster.subset(),
                cluster.protocol().name(),
                cluster.balancing().getClass().getSimpleName(),
                cluster.tls().getClass().getSimpleName(),
                cluster.origin().describe(),
                compiled.balancer().endpoints().stream().map(LiveView::endpoint).toList());
    }

    private static ClusterView.EndpointView endpoint(io.weft.engine.balance.EndpointView view) {
        var endpoint = view.endpoint();
        SpiffeId identity = endpoint.identity();
        return new ClusterView.EndpointView(
                endpoint.id(),
                endpoint.address(),
                endpoint.port(),
                identity == null ? "" : identity.uri(),
                endpoint.workload(),
                endpoint.locality().toString(),
                endpoint.weight(),
                !view.ejected() && !view.sick(),
                view.activeRequests(),
                view.ejected()
                        ? "ejected for the " + view.ejections() + ". time"
                        : view.sick() ? "failed its health check" : "");
    }

    @Override
    public SpiffeId identity() {
        return extensions.tls().self();
    }

    @Override
    public Registration registration() {
        return plane.registration();
    }

    @Override
    public int connections() {
        return plane.connectionCount();
    }

    @Override
    public int overloadLevel() {
        return plane.overload().level().ordinal();
    }

    @Override
    public int activeExchanges() {
        return plane.activeExchanges();
    }
}
