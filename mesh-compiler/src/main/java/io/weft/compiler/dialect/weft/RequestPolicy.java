package io.weft.compiler.dialect.weft;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.LabelSelector;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.listener.Denials;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done with requests, either by the workloads that receive them ({@code selector}) or along
 * the routes of one resource ({@code target}), where they are sent.
 *
 * @param ports of the workloads; empty for all
 * @param denials what the workloads tell those whom they refuse
 */
record RequestPolicy(
        String namespace,
        @Nullable LabelSelector selector,
        List<Integer> ports,
        @Nullable RouteTarget target,
        List<Filter> filters,
        @Nullable Denials denials) {

    /**
     * Routes of a resource.
     *
     * @param route name of one of them, empty for all
     */
    record RouteTarget(String kind, String name, String route) {}

    RequestPolicy {
        ports = List.copyOf(ports);
        filters = List.copyOf(filters);
    }

    static RequestPolicy read(Field root) {
        Field spec = root.get("spec");
        List<Integer> ports = new ArrayList<>();
        for (Field port : spec.get("ports").items()) {
            port.integer(1, 65_535).ifPresent(ports::add);
        }
        Field target = spec.get("target");
        if (target.isPresent() && (spec.get("selector").isPresent() || !ports.isEmpty())) {
            target.error(
                    Code.INVALID_VALUE,
                    "target beside selector or ports (expected: one of them)",
                    "write two policies: one where requests are sent, one where they arrive");
        }
        if (spec.get("hedging").isPresent() && !target.isPresent()) {
            spec.get("hedging")
                    .error(
                            Code.INVALID_VALUE,
                            "hedging where requests arrive (expected: a target, where they are"
                                    + " sent)",
                            "write it into a policy with a target");
        }
        List<Filter> filters = RequestRules.read(spec);
        Denials denials = DenialRules.read(spec);
        if (denials != null && (target.isPresent() || !ports.isEmpty())) {
            spec.get("denials")
                    .error(
                            Code.INVALID_VALUE,
                            "denials beside target or ports (expected: a selector, or nothing)",
                            "a request is refused before its route is known: write a policy of its"
                                    + " own for the workload");
        }
        if (filters.isEmpty() && denials == null) {
            spec.get("rateLimits").reportMissing();
        }
        RequestPolicy read =
                new RequestPolicy(
                        root.resource().namespace(),
                        target.isPresent() ? null : LabelSelector.read(spec.get("selector")),
                        ports,
                        target.isPresent()
                                ? new RouteTarget(
                                        target.get("kind").required(),
                                        target.get("name").required(),
                                        target.get("route").text(""))
                                : null,
                        filters,
                        denials);
        root.reportUnknown(Level.ERROR);
        return read;
    }

    boolean concerns(Route candidate) {
        Origin origin = candidate.origin();
        return target != null
                && origin.dialect() != Dialect.WEFT
                && origin.kind().equals(target.kind)
                && origin.name().equals(target.name)
                && origin.namespace().equals(namespace)
                && (target.route.isEmpty() || target.route.equals(candidate.name()));
    }

    /** Those of the root namespace hold everywhere. */
    boolean concerns(WorkloadView workload, int port, String rootNamespace) {
        return selector != null
                && (namespace.equals(workload.namespace()) || namespace.equals(rootNamespace))
                && selector.selects(workload.labels())
                && (ports.isEmpty() || ports.contains(port));
    }
}
