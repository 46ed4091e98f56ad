package io.weft.dataplane.listener;

import io.weft.dataplane.telemetry.DestinationView;
import io.weft.dataplane.upstream.FixedTarget;
import io.weft.dataplane.upstream.UpstreamEndpoint;
import io.weft.dataplane.upstream.UpstreamSecurity;
import io.weft.model.cluster.ConnectionLimits;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Targets for hosts that the mesh does not know; the least used are forgotten. Thread-safe. */
final class UnknownTargets {

    private static final int MAX = 512;

    static final DestinationView BLACK_HOLE =
            new DestinationView(
                    "BlackHoleCluster", "BlackHoleCluster", "", "", "", Map.of(), null);
    private static final DestinationView PASSTHROUGH =
            new DestinationView(
                    "PassthroughCluster", "PassthroughCluster", "", "", "", Map.of(), null);

    private final Map<String, FixedTarget> targets = new LinkedHashMap<>(16, 0.75f, true);

    synchronized FixedTarget passthrough(HostPort destination) {
        FixedTarget known = targets.get(destination.key());
        if (known != null) {
            return known;
        }
        FixedTarget made =
                new FixedTarget(
                        "PassthroughCluster",
                        new UpstreamEndpoint(
                                destination.host(),
                                destination.port(),
                                UpstreamSecurity.PLAIN,
                                ConnectionLimits.DEFAULT,
                                null,
                                PASSTHROUGH),
                        false,
                        true);
        targets.put(destination.key(), made);
        if (targets.size() > MAX) {
            Iterator<FixedTarget> oldest = targets.values().iterator();
            oldest.next().endpoint().retire();
            oldest.remove();
        }
        return made;
    }
}
