package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.model.listener.OutboundPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * EgressNetworks: whether the callers of a namespace may leave the mesh. Those of {@value
 * #EVERYWHERE} hold for namespaces that have none.
 */
final class EgressNetworks {

    private static final String EVERYWHERE = "linkerd-egress";

    private final Map<String, OutboundPolicy> byNamespace = new HashMap<>();

    void add(Field root) {
        Field spec = root.get("spec");
        Field policy = spec.get("trafficPolicy");
        String text = policy.required();
        if (!text.isEmpty() && !text.equals("Allow") && !text.equals("Deny")) {
            policy.reportValue(text, "Allow, Deny");
        }
        Field networks = spec.get("networks");
        if (networks.isPresent()) {
            Identities.networks(networks);
            partOfTheOutside(networks, text.equals("Allow"));
            return;
        }
        OutboundPolicy wanted =
                text.equals("Allow") ? OutboundPolicy.ALLOW_ANY : OutboundPolicy.REGISTRY_ONLY;
        OutboundPolicy first = byNamespace.putIfAbsent(root.resource().namespace(), wanted);
        if (first != null && first != wanted) {
            root.warn(
                    Code.INEFFECTIVE_POLICY,
                    "another EgressNetwork of the namespace says otherwise, and came first",
                    "keep one of them");
        }
    }

    /** The mesh tells hosts that it knows from all others, not networks from each other. */
    private static void partOfTheOutside(Field networks, boolean open) {
        if (open) {
            networks.unsupported("destinations are known by host; write a ServiceEntry for each");
        } else {
            networks.error(
                    Code.NOT_ENFORCED,
                    "not enforced for some networks alone; ignoring it would open what it closes",
                    "leave networks out, which closes the outside as a whole, and write a"
                            + " ServiceEntry for each host that may be called");
        }
    }

    Optional<OutboundPolicy> of(WorkloadView workload) {
        OutboundPolicy own = byNamespace.get(workload.namespace());
        return Optional.ofNullable(own != null ? own : byNamespace.get(EVERYWHERE));
    }
}
