package io.weft.compiler.dialect.smi;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.PolicyDialect;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import java.util.List;

/** The Service Mesh Interface, all published versions. */
public final class SmiDialect implements PolicyDialect {

    @Override
    public Dialect id() {
        return Dialect.SMI;
    }

    @Override
    public boolean claims(RawResource resource) {
        return resource.group().endsWith("smi-spec.io");
    }

    @Override
    public boolean looksAtCluster() {
        return false;
    }

    @Override
    public DialectPolicies compile(List<RawResource> resources, CompileContext context) {
        RouteGroups groups = new RouteGroups();
        TrafficSplits splits = new TrafficSplits(groups);
        TrafficTargets targets = new TrafficTargets(groups, context.trustDomain());
        // Splits and targets refer to route groups.
        for (RawResource resource : resources) {
            if (RouteGroups.isGroup(resource)) {
                Field root = context.open(resource, Dialect.SMI);
                groups.add(root);
                root.reportUnknown(Level.ERROR);
            }
        }
        for (RawResource resource : resources) {
            if (RouteGroups.isGroup(resource)) {
                continue;
            }
            Field root = context.open(resource, Dialect.SMI);
            switch (resource.kind()) {
                case "TrafficSplit" -> splits.add(root);
                case "TrafficTarget" -> targets.add(root);
                case "TrafficMetrics" -> {
                    root.accept();
                    root.warn(
                            Code.NOT_ENFORCED,
                            "TrafficMetrics are asked for, not stored; this one is ignored",
                            "remove it");
                }
                default ->
                        root.error(
                                Code.UNKNOWN_KIND,
                                "no kind of " + resource.group(),
                                "use TrafficSplit, HTTPRouteGroup, TCPRoute or TrafficTarget");
            }
            root.reportUnknown(Level.ERROR);
        }
        splits.check(context.diagnostics());
        return new SmiPolicies(splits, targets);
    }
}
