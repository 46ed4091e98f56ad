package io.weft.dataplane.upstream;

import io.weft.dataplane.telemetry.DestinationView;
import io.weft.engine.RequestFacts;
import io.weft.engine.balance.ClusterCounters;
import io.weft.model.cluster.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One address and nothing to balance: the application behind a sidecar, or a host that the mesh
 * does not know.
 *
 * @param always2 whether requests go over HTTP/2 whatever the caller speaks
 * @param follow whether they do when the caller does
 */
public record FixedTarget(String label, UpstreamEndpoint endpoint, boolean always2, boolean follow)
        implements Target {

    @Override
    public DestinationView destination() {
        return endpoint.destination();
    }

    @Override
    public boolean http2(boolean downstreamHttp2) {
        return always2 || (follow && downstreamHttp2);
    }

    @Override
    public @Nullable ClusterCounters counters() {
        return null;
    }

    @Override
    public Pick pick(RequestFacts facts, List<Endpoint> tried, boolean leaveLocality) {
        return new Pick(endpoint, null);
    }

    @Override
    public String unavailable() {
        return endpoint + " is not available";
    }
}
