package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.MtlsSetting;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
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

    private record Policy(
            WorkloadSelection selection,
            @Nullable MtlsSetting mode,
            Map<Integer, MtlsSetting> byPort) {}

    private final String rootNamespace;
    private final Map<String, Policy> ofNamespace = new HashMap<>();
    private final Map<String, List<Policy>> ofWorkloads = new HashMap<>();

    PeerAuthentications(CompileContext context) {
        this.rootNamespace = context.rootNamespace();
    }

    /** Takes one; only while the dialect compiles. */
    void add(Field root, CompileContext context) {
        Field spec = root.get("spec");
        WorkloadSelection selection = WorkloadSelection.read(spec.get("selector"), context);
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
        Policy policy = new Policy(selection, mode(spec.get("mtls").get("mode")), byPort);
        String namespace = root.resource().namespace();
        if (selection.hasSelector()) {
            if (selection.everywhere()) {
                spec.get("selector")
                        .warn(
                                Code.INEFFECTIVE_POLICY,
                                "a policy of the root namespace with a selector is ignored",
                                "remove the selector, or move it to the workload's namespace");
                return;
            }
            ofWorkloads.computeIfAbsent(namespace, ns -> new ArrayList<>()).add(policy);
            return;
        }
        if (ports.isPresent()) {
            ports.warn(
                    Code.INEFFECTIVE_POLICY,
                    "port settings need a selector and are ignored",
                    "add a selector");
        }
        if (ofNamespace.putIfAbsent(namespace, policy) != null) {
            root.warn(
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
