package io.weft.compiler.dialect.consul.chain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The way of requests for a service.
 *
 * @param protocol that all its services share
 * @param isDefault whether no entry changes the way
 * @param customized whether the request, and not the entries, has changed the outcome
 * @param startNode key of the first node
 * @param nodes by key
 * @param targets by id, with those of failover
 * @param extensions names of Envoy extensions, of the proxies and then of the service
 * @param meta what the service's defaults say of it
 */
public record DiscoveryChain(
        ServiceName service,
        String datacenter,
        String protocol,
        boolean isDefault,
        boolean customized,
        String startNode,
        Map<String, ChainNode> nodes,
        Map<String, ChainTarget> targets,
        List<String> extensions,
        Map<String, String> meta) {

    /** The only partition that there is. */
    public static final String PARTITION = "default";

    public DiscoveryChain {
        nodes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
        targets = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(targets));
        extensions = List.copyOf(extensions);
        meta = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(meta));
    }

    /** The node of a key that is in the chain. */
    public ChainNode node(String key) {
        return Objects.requireNonNull(nodes.get(key), () -> key);
    }

    /** The first node. */
    public ChainNode start() {
        return node(startNode);
    }

    /** The target of an id that is in the chain. */
    public ChainTarget target(String id) {
        return Objects.requireNonNull(targets.get(id), () -> id);
    }
}
