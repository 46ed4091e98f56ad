package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.model.listener.OutboundNetwork;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Cidr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * EgressNetworks: whether the callers of a namespace may leave the mesh, as a whole or for some
 * networks. Those of {@value #EVERYWHERE} hold for what a namespace's own do not say.
 */
final class EgressNetworks {

    private static final String EVERYWHERE = "linkerd-egress";

    /** What a namespace says; of several for all of the outside the first. */
    private static final class Said {
        private final List<OutboundNetwork> networks = new ArrayList<>();
        private @Nullable OutboundPolicy everything;
    }

    private final Map<String, Said> byNamespace = new HashMap<>();

    void add(Field root) {
        Field spec = root.get("spec");
        Field policy = spec.get("trafficPolicy");
        String text = policy.required();
        if (!text.isEmpty() && !text.equals("Allow") && !text.equals("Deny")) {
            policy.reportValue(text, "Allow, Deny");
        }
        OutboundPolicy wanted =
                text.equals("Allow") ? OutboundPolicy.ALLOW_ANY : OutboundPolicy.REGISTRY_ONLY;
        Said said = byNamespace.computeIfAbsent(root.resource().namespace(), ns -> new Said());
        Field networks = spec.get("networks");
        if (networks.isPresent()) {
            networks.items().forEach(item -> network(item, wanted).ifPresent(said.networks::add));
            return;
        }
        if (said.everything == null) {
            said.everything = wanted;
        } else if (said.everything != wanted) {
            root.warn(
                    Code.INEFFECTIVE_POLICY,
                    "another EgressNetwork of the namespace says otherwise, and came first",
                    "keep one of them");
        }
    }

    private static Optional<OutboundNetwork> network(Field item, OutboundPolicy policy) {
        Field cidr = item.get("cidr");
        if (!cidr.isPresent()) {
            cidr.reportMissing();
            return Optional.empty();
        }
        List<Cidr> except =
                item.get("except").items().stream()
                        .map(Identities::cidr)
                        .flatMap(Optional::stream)
                        .toList();
        return Identities.cidr(cidr)
                .map(range -> new OutboundNetwork(range, except, policy, item.origin()));
    }

    Optional<OutboundPolicy> of(WorkloadView workload) {
        Said own = byNamespace.get(workload.namespace());
        Said all = byNamespace.get(EVERYWHERE);
        return Optional.ofNullable(own == null ? null : own.everything)
                .or(() -> Optional.ofNullable(all == null ? null : all.everything));
    }

    /** The own ones first, each time the narrowest network first. */
    List<OutboundNetwork> networks(WorkloadView workload) {
        Said own = byNamespace.get(workload.namespace());
        Said all = byNamespace.get(EVERYWHERE);
        List<OutboundNetwork> networks = new ArrayList<>();
        if (own != null) {
            networks.addAll(narrowestFirst(own.networks));
        }
        if (all != null && all != own && (own == null || own.everything == null)) {
            networks.addAll(narrowestFirst(all.networks));
        }
        return networks;
    }

    private static List<OutboundNetwork> narrowestFirst(List<OutboundNetwork> networks) {
        return networks.stream()
                .sorted(Comparator.comparingInt(each -> -each.network().prefixLength()))
                .toList();
    }
}
