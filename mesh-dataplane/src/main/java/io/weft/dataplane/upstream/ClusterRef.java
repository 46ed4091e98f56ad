package io.weft.dataplane.upstream;

import io.weft.dataplane.telemetry.DestinationView;
import io.weft.engine.RequestFacts;
import io.weft.engine.balance.ClusterCounters;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LoadBalancing;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster by name: what routes hold, so that they need not be compiled again when only endpoints
 * change. Thread-safe.
 */
public final class ClusterRef implements Target {

    private final String name;
    private final DestinationView nobody;
    private volatile @Nullable UpstreamCluster current;

    public ClusterRef(String name) {
        this.name = name;
        this.nobody = new DestinationView(name, name, "", "", "", Map.of(), null);
    }

    public void set(@Nullable UpstreamCluster cluster) {
        current = cluster;
    }

    /** Null while no such cluster is configured. */
    public @Nullable UpstreamCluster current() {
        return current;
    }

    @Override
    public String label() {
        UpstreamCluster cluster = current;
        return cluster == null ? name : cluster.label();
    }

    @Override
    public DestinationView destination() {
        UpstreamCluster cluster = current;
        return cluster == null ? nobody : cluster.destination();
    }

    @Override
    public boolean http2(boolean downstreamHttp2) {
        UpstreamCluster cluster = current;
        return cluster != null && cluster.http2(downstreamHttp2);
    }

    @Override
    public @Nullable ClusterCounters counters() {
        UpstreamCluster cluster = current;
        return cluster == null ? null : cluster.counters();
    }

    @Override
    public @Nullable Pick pick(RequestFacts facts, List<Endpoint> tried, boolean leaveLocality) {
        UpstreamCluster cluster = current;
        return cluster == null ? null : cluster.pick(facts, tried, leaveLocality);
    }

    @Override
    public @Nullable Pick pick(
            RequestFacts facts,
            List<Endpoint> tried,
            boolean leaveLocality,
            @Nullable String hashKey) {
        UpstreamCluster cluster = current;
        return cluster == null ? null : cluster.pick(facts, tried, leaveLocality, hashKey);
    }

    @Override
    public LoadBalancing.HashKey.@Nullable Cookie cookieToSet(RequestFacts facts) {
        UpstreamCluster cluster = current;
        return cluster == null ? null : cluster.cookieToSet(facts);
    }

    @Override
    public String unavailable() {
        UpstreamCluster cluster = current;
        return cluster == null ? "cluster " + name + " is not configured" : cluster.unavailable();
    }
}
