package io.weft.compiler.dialect.consul.chain;

import io.weft.compiler.dialect.consul.chain.ResolverSpec.FailoverSpec;
import io.weft.compiler.dialect.consul.chain.ResolverSpec.SubsetSpec;
import io.weft.compiler.dialect.consul.chain.ResolverSpec.TargetOptions;
import io.weft.model.Locality;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the resolver nodes of a chain, with their targets. For one thread and one chain. */
final class ResolverNodes {

    private final ChainEntries entries;
    private final ChainRequest request;
    private final ChainProtocol protocol;
    private final Map<String, ChainNode> nodes;
    private final Map<String, ChainTarget> targets = new LinkedHashMap<>();

    ResolverNodes(
            ChainEntries entries,
            ChainRequest request,
            ChainProtocol protocol,
            Map<String, ChainNode> nodes) {
        this.entries = entries;
        this.request = request;
        this.protocol = protocol;
        this.nodes = nodes;
    }

    Map<String, ChainTarget> targets() {
        return targets;
    }

    ChainTarget target(ServiceName service, String subset) {
        return ChainTarget.of(service, subset, request.datacenter(), "");
    }

    /**
     * The node of a target, after redirects and default subsets.
     *
     * @param takesOver whether it takes over for another: what takes over for it does not count,
     *     and it is no node of its own
     */
    ChainNode.Resolver node(ChainTarget first, boolean takesOver) throws ChainException {
        ChainTarget target = first;
        Set<String> seen = new LinkedHashSet<>();
        while (true) {
            if (nodes.get("resolver:" + target.id()) instanceof ChainNode.Resolver known) {
                return known;
            }
            ResolverSpec resolver = resolver(target);
            if (target.peer().isEmpty()) {
                protocol.record(target.service(), resolver.origin());
            }
            if (!seen.add(target.id())) {
                throw circular(seen, target, resolver);
            }
            ChainTarget next = next(target, resolver);
            if (next.id().equals(target.id())) {
                return node(target, resolver, takesOver);
            }
            target = next;
        }
    }

    /** Entries are about services of this mesh; a peer's own are not known here. */
    private ResolverSpec resolver(ChainTarget target) {
        ResolverSpec found = target.peer().isEmpty() ? entries.resolver(target.service()) : null;
        return found == null ? ResolverSpec.defaultOf(target.service()) : found;
    }

    private ChainTarget next(ChainTarget target, ResolverSpec resolver) {
        if (resolver.redirect() != null) {
            ChainTarget redirected = target.rewritten(resolver.redirect(), request.datacenter());
            if (!redirected.id().equals(target.id())) {
                return redirected;
            }
        }
        boolean whole = target.subset().isEmpty() && !resolver.defaultSubset().isEmpty();
        return whole
                ? target.rewritten(
                        new TargetOptions("", resolver.defaultSubset(), "", "", ""),
                        request.datacenter())
                : target;
    }

    private ChainException circular(Set<String> seen, ChainTarget again, ResolverSpec resolver) {
        return new ChainException(
                "detected circular resolver redirect: ["
                        + String.join(" -> ", seen)
                        + " -> "
                        + again.id()
                        + "]",
                resolver.origin(),
                "redirect to a service that does not redirect back");
    }

    private ChainNode.Resolver node(ChainTarget bare, ResolverSpec resolver, boolean takesOver)
            throws ChainException {
        if (!bare.subset().isEmpty() && !resolver.subsets().containsKey(bare.subset())) {
            throw new ChainException(
                    "service \""
                            + bare.service().name()
                            + "\" does not have a subset named \""
                            + bare.subset()
                            + "\"",
                    resolver.origin(),
                    "define the subset in the ServiceResolver of " + bare.service().name());
        }
        ChainTarget target = complete(bare, resolver);
        if (target.external()) {
            requirePlain(target, resolver);
        }
        targets.put(target.id(), target);
        ChainNode.Resolver node = withFailover(target, resolver, List.of());
        if (takesOver) {
            return node;
        }
        // Known before its failover is resolved: a circle comes back to it.
        nodes.put(node.key(), node);
        List<String> failover = failover(target, resolver);
        if (!failover.isEmpty()) {
            node = withFailover(target, resolver, failover);
            nodes.put(node.key(), node);
        }
        return node;
    }

    private static ChainNode.Resolver withFailover(
            ChainTarget target, ResolverSpec resolver, List<String> failover) {
        return new ChainNode.Resolver(
                target.id(),
                resolver.isDefault(),
                target.connectTimeout(),
                resolver.requestTimeout(),
                target.id(),
                failover,
                resolver.loadBalancer(),
                resolver.origin());
    }

    private ChainTarget complete(ChainTarget bare, ResolverSpec resolver) {
        boolean local = bare.peer().isEmpty();
        ServiceSettings own = local ? entries.settings(bare.service()) : null;
        ServiceSettings shared = entries.proxyDefaults();
        own = own == null ? ServiceSettings.NONE : own;
        shared = shared == null ? ServiceSettings.NONE : shared;
        String name =
                (bare.subset().isEmpty() ? "" : bare.subset() + ".")
                        + bare.service().name()
                        + "."
                        + bare.service().namespace()
                        + "."
                        + bare.datacenter()
                        + ".internal."
                        + request.trustDomain();
        SubsetSpec subset = resolver.subsets().get(bare.subset());
        return new ChainTarget(
                bare.service(),
                bare.subset(),
                bare.datacenter(),
                bare.peer(),
                !own.externalSni().isEmpty() ? own.externalSni() : local ? name : "",
                local ? name : "",
                resolver.connectTimeout() == null
                        ? ResolverSpec.CONNECT_TIMEOUT
                        : resolver.connectTimeout(),
                subset,
                !own.externalSni().isEmpty(),
                own.meshGateway().isEmpty() ? shared.meshGateway() : own.meshGateway(),
                own.dialedDirectly() || shared.dialedDirectly(),
                local ? Locality.UNKNOWN : entries.peerLocality(bare.peer()));
    }

    private static void requirePlain(ChainTarget target, ResolverSpec resolver)
            throws ChainException {
        String what =
                resolver.redirect() != null
                        ? "redirects"
                        : !resolver.subsets().isEmpty()
                                ? "subsets"
                                : !resolver.failover().isEmpty() ? "failover" : "";
        if (!what.isEmpty()) {
            throw new ChainException(
                    "service \""
                            + target.service().name()
                            + "\" has an external SNI set; cannot define "
                            + what
                            + " for external services",
                    resolver.origin(),
                    "remove " + what + " or the externalSNI");
        }
    }

    private List<String> failover(ChainTarget target, ResolverSpec resolver) throws ChainException {
        FailoverSpec failover = resolver.failover().get(target.subset());
        if (failover == null) {
            failover = resolver.failover().get("*");
        }
        if (failover == null) {
            return List.of();
        }
        List<String> heirs = new ArrayList<>();
        for (TargetOptions options : options(failover)) {
            ChainTarget heir = target.rewritten(options, request.datacenter());
            // Nobody takes over for itself.
            if (!heir.id().equals(target.id())) {
                heirs.add(node(heir, true).target());
            }
        }
        return heirs;
    }

    private List<TargetOptions> options(FailoverSpec failover) {
        TargetOptions base = failover.target();
        if (!failover.datacenters().isEmpty()) {
            return failover.datacenters().stream()
                    .map(dc ->
                            new TargetOptions(
                                    base.service(), base.subset(), base.namespace(), dc, ""))
                    .toList();
        }
        if (!failover.targets().isEmpty()) {
            return failover.targets();
        }
        if (!failover.samenessGroup().isEmpty()) {
            return entries.peersOf(failover.samenessGroup()).stream()
                    .map(peer -> new TargetOptions(base.service(), "", base.namespace(), "", peer))
                    .toList();
        }
        return List.of(base);
    }
}
