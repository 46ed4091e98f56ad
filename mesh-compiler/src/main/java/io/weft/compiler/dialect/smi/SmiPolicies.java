package io.weft.compiler.dialect.smi;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** SMI's answers. */
record SmiPolicies(TrafficSplits splits, TrafficTargets targets) implements DialectPolicies {

    @Override
    public Dialect dialect() {
        return Dialect.SMI;
    }

    @Override
    public Optional<AuthzLayer> authorization(WorkloadView server, InboundView port) {
        return targets.layer(server, port);
    }

    @Override
    public Optional<RoutePlan> routes(OutboundView destination, ClusterLinker linker) {
        return splits.routes(destination, linker);
    }

    @Override
    public Map<String, Origin> routedHosts() {
        return splits.hosts();
    }

    @Override
    public List<Target> split(WorkloadView client, MeshService service, int port) {
        return splits.unconditional(service.host(), port);
    }
}
