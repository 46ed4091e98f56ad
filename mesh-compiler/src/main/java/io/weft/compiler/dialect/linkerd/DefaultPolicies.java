package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What holds for ports without a Server: {@code config.linkerd.io/default-inbound-policy} of a
 * workload's pods, else of its namespace.
 */
final class DefaultPolicies {

    private static final String POLICY = "config.linkerd.io/default-inbound-policy";
    private static final String INJECT = "linkerd.io/inject";

    /** A default and what set it. */
    record Default(DefaultAccess access, Origin origin) {}

    private final Map<String, Default> byNamespace = new HashMap<>();
    private final Map<String, Default> byWorkload = new HashMap<>();

    DefaultPolicies(CompileContext context) {
        for (RawResource namespace : context.cluster().namespaces()) {
            read(context, namespace, "metadata", "annotations")
                    .ifPresent(found -> byNamespace.put(namespace.name(), found));
        }
        for (RawResource workload : context.cluster().workloads()) {
            String id = workload.namespace() + "/" + workload.name();
            read(context, workload, "metadata", "annotations")
                    .ifPresent(found -> byWorkload.put(id, found));
            read(context, workload, "spec", "template", "metadata", "annotations")
                    .ifPresent(found -> byWorkload.put(id, found));
        }
    }

    private static Optional<Default> read(
            CompileContext context, RawResource resource, String... path) {
        if (resource.peek(path) == null) {
            return Optional.empty();
        }
        Field annotations = context.open(resource, Dialect.LINKERD);
        for (String name : path) {
            annotations = annotations.get(name);
        }
        if (!annotations.isMapping()) {
            return Optional.empty();
        }
        Field inject = annotations.get(INJECT);
        if (inject.isPresent()) {
            inject.info(
                    Code.UNDERSTOOD,
                    "who injects sidecars applies it; it decides nothing about requests");
        }
        Field policy = annotations.get(POLICY);
        return policy.isPresent()
                ? Optional.of(
                        new Default(
                                DefaultAccess.read(policy, DefaultAccess.DENY), policy.origin()))
                : Optional.empty();
    }

    Optional<Default> of(WorkloadView workload) {
        Default own = byWorkload.get(workload.namespace() + "/" + workload.name());
        return Optional.ofNullable(own != null ? own : byNamespace.get(workload.namespace()));
    }
}
