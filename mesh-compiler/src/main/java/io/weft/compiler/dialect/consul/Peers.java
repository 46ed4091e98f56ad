package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Other meshes: peerings with their trust domains, and sameness groups. Consul learns a peer's
 * trust domain from its token; here an annotation says it. Immutable once made.
 */
final class Peers {

    /**
     * On a PeeringAcceptor or PeeringDialer: the trust domain of the peer that it is named after.
     */
    static final String TRUST_DOMAIN = "policy.weft.io/trust-domain";

    private final Map<String, String> trustDomains = new HashMap<>();
    private final Map<String, List<String>> groups = new HashMap<>();

    void addPeering(Field root) {
        root.get("spec").accept();
        String domain = root.resource().annotations().getOrDefault(TRUST_DOMAIN, "");
        if (domain.isEmpty()) {
            root.warn(
                    Code.UNKNOWN_PEER,
                    "the peer's trust domain is not known: its services are nobody here",
                    "add the annotation " + TRUST_DOMAIN + ": TRUST-DOMAIN");
            return;
        }
        trustDomains.put(root.resource().name(), domain);
    }

    void add(String peer, String trustDomain) {
        trustDomains.put(peer, trustDomain);
    }

    void addGroup(Field root) {
        Field spec = root.get("spec");
        spec.get("defaultForFailover").unsupported("failover is what a ServiceResolver says");
        spec.get("includeLocal").bool(false);
        List<String> peers = new ArrayList<>();
        for (Field member : spec.get("members").items()) {
            String peer = member.get("peer").text("");
            if (peer.isEmpty()) {
                Names.refusePartition(member);
            } else {
                member.get("partition").accept();
                peers.add(peer);
            }
        }
        groups.put(root.resource().name(), peers);
    }

    Optional<String> trustDomain(String peer) {
        return Optional.ofNullable(trustDomains.get(peer));
    }

    /** The trust domains of all peers. */
    List<String> trustDomains() {
        return trustDomains.values().stream().sorted().distinct().toList();
    }

    boolean hasGroup(String name) {
        return groups.containsKey(name);
    }

    /** Its members but for the own mesh. */
    List<String> peersOf(String group) {
        return groups.getOrDefault(group, List.of());
    }
}
