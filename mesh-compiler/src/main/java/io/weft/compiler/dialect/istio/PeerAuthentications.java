package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.MtlsSetting;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import io.weft.model.listener.MtlsMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All PeerAuthentications: mesh, namespace, workload; the oldest wins within each. Immutable. */
final class PeerAuthentications {

    /** As Istio names them. */
    private enum Mode {
        UNSET,
        DISABLE,
        PERMISSIVE,
        STRICT
    }

    /** One policy; immutable. */
    record Policy(
            WorkloadSelection selection,
            @Nullable MtlsSetting mode,
            Map<Integer, MtlsSetting> byPort) {
        Policy {
            byPort = Map.copyOf(byPort);
        }
    }

    private final String rootNamespace;
    private final Map<String, Policy> ofNamespace = new HashMap<>();
    private final Map<String, List<Policy>> ofWorkloads = new HashMap<>();

    PeerAuthentications(CompileContext context) {
        this.rootNamespace = context.rootNamespace();
    }

    /** What one says; depends on nothing but the resource. */
    Policy read(Field root) {
        Field spec = root.get("spec");
        WorkloadSelection selection = WorkloadSelection.read(spec.get("selector"), rootNamespace);
        Map<Integer, MtlsSetting> byPort = new HashMap<>();
        Field ports = spec.get("portLevelMtls");
        ports.entries()
                .forEach((port, field) -> {
                    MtlsSetting setting = mode(field.get("mode"));
                    if (!port.matches("[0-9]{1,5}")) {
                        field.reportValue(port, "a port number");
                    } else if (setting != null) {
                        byPort.put(Integer.valueOf(port), setting);
                    }
                });
        if (selection.hasSelector() && selection.everywhere()) {
            spec.get("selector")
                    .warn(
                            Code.INEFFECTIVE_POLICY,
                            "a policy of the root namespace with a selector is ignored",
                            "remove the selector, or move it to the workload's namespace");
        }
        return new Policy(selection, mode(spec.get("mtls").get("mode")), byPort);
    }

    /** Takes one as it was read; only while the dialect compiles. */
    void add(Policy policy, RawResource resource, CompileContext context) {
        WorkloadSelection selection = policy.selection();
        String namespace = selection.namespace();
        if (selection.hasSelector()) {
            if (!selection.everywhere()) {
                ofWorkloads.computeIfAbsent(namespace, ns -> new ArrayList<>()).add(policy);
            }
        } else if (ofNamespace.putIfAbsent(namespace, policy) != null) {
            context.open(resource, Dialect.ISTIO)
                    .warn(
                            Code.INEFFECTIVE_POLICY,
                            "namespace " + namespace + " has an older policy, which holds",
                            "keep one of them");
        }
    }

    private static @Nullable MtlsSetting mode(Field field) {
        return switch (field.constant(Mode.class).orElse(Mode.UNSET)) {
            case UNSET -> null;
            case DISABLE -> new MtlsSetting(MtlsMode.DISABLE, field.origin());
            case PERMISSIVE -> new MtlsSetting(MtlsMode.PERMISSIVE, field.origin());
            case STRICT -> new MtlsSetting(MtlsMode.STRICT, field.origin());
        };
    }

    Optional<MtlsSetting> mode(WorkloadView server, int port) {
        for (Policy policy : ofWorkloads.getOrDefault(server.namespace(), List.of())) {
            if (policy.selection().selects(server)) {
                MtlsSetting ofPort = policy.byPort().get(port);
                if (ofPort != null) {
                    return Optional.of(ofPort);
                }
                if (policy.mode() != null) {
                    return Optional.of(policy.mode());
                }
                break;
            }
        }
        return modeOf(server.namespace()).or(() -> modeOf(rootNamespace));
    }

    private Optional<MtlsSetting> modeOf(String namespace) {
        Policy policy = ofNamespace.get(namespace);
        return policy == null ? Optional.empty() : Optional.ofNullable(policy.mode());
    }
}
