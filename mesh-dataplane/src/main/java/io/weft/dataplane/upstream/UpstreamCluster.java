package io.weft.dataplane.upstream;

import io.weft.dataplane.telemetry.DestinationView;
import io.weft.engine.RequestFacts;
import io.weft.engine.balance.Balancer;
import io.weft.engine.balance.EjectionReason;
import io.weft.engine.balance.EndpointLease;
import io.weft.engine.balance.EndpointView;
import io.weft.engine.balance.PickOptions;
import io.weft.model.AppProtocol;
import io.weft.model.Origin;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.resource.Cluster;
import io.weft.model.wire.SidecarState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A compiled cluster: its balancer and where each endpoint's connections are. Immutable. */
public final class UpstreamCluster implements Target {

    private final Cluster cluster;
    private final Balancer balancer;
    private final Map<Endpoint, UpstreamEndpoint> endpoints;
    private final DestinationView destination;
    private final String label;
    private final @Nullable PassthroughEndpoints passthrough;

    /**
     * @param endpoints by identity of the endpoints that the balancer was compiled with
     * @param destination what metrics say while no endpoint is known
     * @param passthrough where connections go if they go where the caller wants, else null
     */
    public UpstreamCluster(
            Cluster cluster,
            Balancer balancer,
            Map<Endpoint, UpstreamEndpoint> endpoints,
            DestinationView destination,
            @Nullable PassthroughEndpoints passthrough) {
        this.passthrough = passthrough;
        this.cluster = cluster;
        this.balancer = balancer;
        this.endpoints = endpoints;
        this.destination = destination;
        this.label = "outbound|" + cluster.port() + "|" + cluster.subset() + "|" + cluster.host();
    }

    public Cluster cluster() {
        return cluster;
    }

    /** Null where endpoints are configured. */
    public @Nullable PassthroughEndpoints passthrough() {
        return passthrough;
    }

    public Balancer balancer() {
        return balancer;
    }

    public Map<Endpoint, UpstreamEndpoint> endpoints() {
        return endpoints;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public DestinationView destination() {
        return destination;
    }

    @Override
    public boolean http2(boolean downstreamHttp2) {
        return cluster.protocol().isHttp2()
                || (cluster.protocol() == AppProtocol.AUTO && downstreamHttp2);
    }

    @Override
    public io.weft.engine.balance.@Nullable ClusterCounters counters() {
        return balancer.counters();
    }

    @Override
    public @Nullable Pick pick(RequestFacts facts, List<Endpoint> tried, boolean leaveLocality) {
        return pick(facts, tried, leaveLocality, null);
    }

    @Override
    public LoadBalancing.HashKey.@Nullable Cookie cookieToSet(RequestFacts facts) {
        return balancer.cookieToSet(facts);
    }

    @Override
    public @Nullable Pick pick(
            RequestFacts facts,
            List<Endpoint> tried,
            boolean leaveLocality,
            @Nullable String hashKey) {
        if (passthrough != null) {
            return passthrough.pick(facts);
        }
        EndpointLease lease =
                tried.isEmpty() && hashKey == null
                        ? balancer.pick(facts)
                        : balancer.pick(facts, new PickOptions(tried, leaveLocality, hashKey));
        if (lease == null) {
            return null;
        }
        UpstreamEndpoint endpoint = endpoints.get(lease.endpoint());
        if (endpoint == null) {
            throw new IllegalStateException("endpoint without connections: " + lease.endpoint());
        }
        return new Pick(endpoint, lease);
    }

    @Override
    public String unavailable() {
        String what =
                cluster.subset().isEmpty()
                        ? cluster.host() + ":" + cluster.port()
                        : "subset " + cluster.subset() + " of " + cluster.host();
        List<EndpointView> views = balancer.endpoints();
        if (views.isEmpty()) {
            return "no endpoint of "
                    + what
                    + ": none is registered, or none has the labels "
                    + cluster.subsetLabels();
        }
        long ejected = views.stream().filter(EndpointView::ejected).count();
        long sick = views.stream().filter(EndpointView::sick).count();
        return "no healthy endpoint of "
                + what
                + ": "
                + ejected
                + " of "
                + views.size()
                + " ejected"
                + ejectedFor(views)
                + (sick == 0 ? "" : ", " + sick + " failed their health check");
    }

    private String ejectedFor(List<EndpointView> views) {
        return views.stream()
                .filter(EndpointView::ejected)
                .map(EndpointView::reason)
                .filter(Objects::nonNull)
                .distinct()
                .map(this::text)
                .collect(Collectors.joining(" and"));
    }

    private String text(EjectionReason reason) {
        OutlierDetection outlier = cluster.outlier();
        return switch (reason) {
            case LOW_SUCCESS_RATE -> " for a low success rate";
            case CONSECUTIVE_FAILURES -> {
                if (outlier == null) {
                    yield "";
                }
                int limit = outlier.consecutive5xx();
                yield limit > 0
                        ? " after " + limit + " consecutive 5xx"
                        : " after "
                                + outlier.consecutiveGatewayErrors()
                                + " consecutive gateway errors";
            }
        };
    }

    /** The endpoints that take nothing for now. */
    public List<SidecarState.LeftOut> leftOut() {
        List<EndpointView> found = balancer.leftOut();
        return found.isEmpty() ? List.of() : found.stream().map(this::leftOut).toList();
    }

    private SidecarState.LeftOut leftOut(EndpointView view) {
        boolean ejected = view.ejected();
        EndpointCare care = cluster.care();
        OutlierDetection outlier = cluster.outlier();
        String why =
                ejected
                        ? ejectedFor(List.of(view)).strip()
                                + (outlier == null ? "" : origin(outlier.origin()))
                        : "failed its health check" + (care == null ? "" : origin(care.origin()));
        return new SidecarState.LeftOut(
                cluster.host(),
                cluster.port(),
                cluster.subset(),
                view.endpoint().id(),
                !ejected,
                view.ejections(),
                why);
    }

    private static String origin(Origin origin) {
        return ", " + origin.describe();
    }
}
