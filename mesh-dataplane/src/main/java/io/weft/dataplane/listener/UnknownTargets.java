package io.weft.dataplane.listener;

import io.weft.dataplane.telemetry.DestinationView;
import io.weft.dataplane.upstream.FixedTarget;
import io.weft.dataplane.upstream.PassthroughEndpoints;
import io.weft.dataplane.upstream.UpstreamSecurity;
import io.weft.model.cluster.ConnectionLimits;
import java.util.Map;

/** Targets for hosts that the mesh does not know. Thread-safe. */
final class UnknownTargets {

    static final DestinationView BLACK_HOLE =
            new DestinationView("BlackHoleCluster", "BlackHoleCluster", "", "", "", Map.of(), null);
    private static final DestinationView PASSTHROUGH =
            new DestinationView(
                    "PassthroughCluster", "PassthroughCluster", "", "", "", Map.of(), null);

    private final PassthroughEndpoints endpoints =
            new PassthroughEndpoints(
                    UpstreamSecurity.PLAIN, ConnectionLimits.DEFAULT, null, PASSTHROUGH, null);

    FixedTarget passthrough(HostPort destination) {
        return new FixedTarget(
                "PassthroughCluster",
                endpoints.endpoint(destination.host(), destination.port()),
                false,
                true);
    }
}
