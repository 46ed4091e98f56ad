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
import java.util.function.Consumer;
import java.util.function.Function;

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
        List<RawResource> referredTo = resources.stream().filter(RouteGroups::isGroup).toList();
        for (RawResource group : referredTo) {
            groups.add(group, reading(group, "", context, RouteGroups::read));
        }
        for (RawResource resource : resources) {
            switch (resource.kind()) {
                case "HTTPRouteGroup", "TCPRoute" -> {}
                case "TrafficTarget" ->
                        targets.add(reading(resource, referredTo, context, targets::read));
                case "TrafficSplit" -> opened(resource, context, splits::add);
                default -> opened(resource, context, SmiDialect::other);
            }
        }
        splits.check(context.diagnostics());
        return new SmiPolicies(splits, targets);
    }

    /** A resource whose meaning depends on nothing but itself and what is given. */
    private static <T> T reading(
            RawResource resource, Object given, CompileContext context, Function<Field, T> reader) {
        return context.read(
                resource,
                Dialect.SMI,
                given,
                root -> {
                    T read = reader.apply(root);
                    root.reportUnknown(Level.ERROR);
                    return read;
                });
    }

    private static void opened(
            RawResource resource, CompileContext context, Consumer<Field> reader) {
        Field root = context.open(resource, Dialect.SMI);
        reader.accept(root);
        root.reportUnknown(Level.ERROR);
    }

    private static void other(Field root) {
        if (root.resource().kind().equals("TrafficMetrics")) {
            root.accept();
            root.warn(
                    Code.NOT_ENFORCED,
                    "TrafficMetrics are asked for, not stored; this one is ignored",
                    "remove it");
        } else {
            root.error(
                    Code.UNKNOWN_KIND,
                    "no kind of " + root.resource().group(),
                    "use TrafficSplit, HTTPRouteGroup, TCPRoute or TrafficTarget");
        }
    }
}
