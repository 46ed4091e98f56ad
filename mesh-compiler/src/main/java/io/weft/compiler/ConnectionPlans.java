package io.weft.compiler;

import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.WorkloadView;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How each dialect lets connections to each service port be made, kept from one compilation to the
 * next: a dialect that has not compiled again is not asked again. For one thread.
 */
final class ConnectionPlans {

    private final Map<DialectPolicies, List<@Nullable ClusterPlan>> known = new IdentityHashMap<>();
    private List<MeshService> services = List.of();

    /** A service's port. */
    record At(MeshService service, DeclaredPort port) {}

    /** Every port of every service. */
    List<At> ports() {
        List<At> all = new ArrayList<>(services.size());
        services.forEach(
                service -> service.ports().forEach(port -> all.add(new At(service, port))));
        return all;
    }

    /**
     * The plans of each dialect, in the order of {@link #ports}; null where it has none.
     *
     * @param now every service, in a stable order
     */
    List<List<@Nullable ClusterPlan>> of(List<DialectPolicies> dialects, List<MeshService> now) {
        if (!now.equals(services)) {
            known.clear();
            services = List.copyOf(now);
        }
        Map<DialectPolicies, List<@Nullable ClusterPlan>> before = new IdentityHashMap<>(known);
        known.clear();
        List<List<@Nullable ClusterPlan>> plans = new ArrayList<>();
        for (DialectPolicies dialect : dialects) {
            List<@Nullable ClusterPlan> kept = before.get(dialect);
            List<@Nullable ClusterPlan> own = kept == null ? ask(dialect) : kept;
            known.put(dialect, own);
            plans.add(own);
        }
        return plans;
    }

    private List<@Nullable ClusterPlan> ask(DialectPolicies dialect) {
        List<@Nullable ClusterPlan> plans = new ArrayList<>(services.size());
        for (At at : ports()) {
            MeshService service = at.service();
            // A client of the service's own namespace whom no policy selects.
            WorkloadView client = new WorkloadView(service.namespace(), "", "", Map.of(), false);
            plans.add(dialect.cluster(client, service, at.port().port(), "").orElse(null));
        }
        return plans;
    }
}
