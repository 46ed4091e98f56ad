package io.weft.compiler.dialect.consul.chain;

import io.weft.compiler.dialect.consul.chain.ChainNode.ChainRoute;
import io.weft.compiler.dialect.consul.chain.ChainNode.ChainSplit;
import io.weft.compiler.dialect.consul.chain.RouterSpec.DestinationSpec;
import io.weft.compiler.dialect.consul.chain.RouterSpec.RouteSpec;
import io.weft.compiler.dialect.consul.chain.SplitterSpec.SplitSpec;
import io.weft.model.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles discovery chains as Consul does. For one thread and one chain. */
public final class ChainCompiler {

    private final ChainEntries entries;
    private final ChainRequest request;
    private final ChainProtocol protocol;
    private final Map<String, ChainNode> nodes = new LinkedHashMap<>();
    private final ResolverNodes resolvers;
    private final boolean simple;
    private @Nullable Origin advanced;

    private ChainCompiler(ChainEntries entries, ChainRequest request) {
        this.entries = entries;
        this.request = request;
        this.protocol = new ChainProtocol(entries, request);
        this.resolvers = new ResolverNodes(entries, request, protocol, nodes);
        this.simple =
                !request.overrideProtocol().isEmpty() && !isHttpLike(request.overrideProtocol());
    }

    /** Whether requests of a protocol can be told apart: only then they can be routed and split. */
    public static boolean isHttpLike(String protocol) {
        return ChainProtocol.isHttpLike(protocol);
    }

    /** The chain of the service that is asked for. */
    public static DiscoveryChain compile(ChainEntries entries, ChainRequest request)
            throws ChainException {
        return new ChainCompiler(entries, request).compile();
    }

    /**
     * The chain from the resolver of a service's subset (empty for the whole service) on, past its
     * router and splitter.
     */
    public static DiscoveryChain compileTarget(
            ChainEntries entries, ChainRequest request, String subset) throws ChainException {
        ChainCompiler compiler = new ChainCompiler(entries, request);
        ResolverNodes resolvers = compiler.resolvers;
        return compiler.finish(
                resolvers.node(resolvers.target(request.service(), subset), false).key());
    }

    private DiscoveryChain compile() throws ChainException {
        return finish(start().key());
    }

    private DiscoveryChain finish(String start) throws ChainException {
        ChainGraph.requireNoCircle(nodes, start);
        ChainGraph.flatten(nodes);
        ChainGraph.prune(nodes, start);
        if (advanced != null) {
            protocol.requireHttp(advanced);
        }
        String agreed = protocol.agreed();
        String override = request.overrideProtocol().toLowerCase(Locale.ROOT);
        boolean customized = !override.isEmpty() && !override.equals(agreed);
        ServiceSettings own = entries.settings(request.service());
        ServiceSettings shared = entries.proxyDefaults();
        List<String> extensions = new ArrayList<>(shared == null ? List.of() : shared.extensions());
        extensions.addAll(own == null ? List.of() : own.extensions());
        return new DiscoveryChain(
                request.service(),
                request.datacenter(),
                customized ? override : agreed,
                isDefault(start),
                customized,
                start,
                nodes,
                usedTargets(),
                extensions,
                own == null ? Map.of() : own.meta());
    }

    private boolean isDefault(String start) {
        if (!(nodes.get(start) instanceof ChainNode.Resolver resolver) || !resolver.isDefault()) {
            return false;
        }
        ChainTarget target = resolvers.targets().get(resolver.target());
        return target != null
                && target.service().equals(request.service())
                && target.peer().isEmpty();
    }

    private Map<String, ChainTarget> usedTargets() {
        Set<String> used = new LinkedHashSet<>();
        for (ChainNode node : nodes.values()) {
            if (node instanceof ChainNode.Resolver resolver) {
                used.add(resolver.target());
                used.addAll(resolver.failover());
            }
        }
        Map<String, ChainTarget> targets = new LinkedHashMap<>(resolvers.targets());
        targets.keySet().retainAll(used);
        return targets;
    }

    /** Only the router of the service that was called is asked. */
    private ChainNode start() throws ChainException {
        RouterSpec router = simple ? null : entries.router(request.service());
        if (router == null) {
            return splitterOrResolver(request.service());
        }
        advanced = router.origin();
        protocol.record(router.service(), router.origin());
        List<ChainRoute> routes = new ArrayList<>();
        for (RouteSpec route : router.routes()) {
            routes.add(new ChainRoute(route, destination(router, route.destination()).key()));
        }
        routes.add(new ChainRoute(null, splitterOrResolver(router.service()).key()));
        ChainNode node =
                new ChainNode.Router(router.service().qualified(), routes, router.origin());
        nodes.put(node.key(), node);
        return node;
    }

    private ChainNode destination(RouterSpec router, @Nullable DestinationSpec destination)
            throws ChainException {
        if (destination == null) {
            return splitterOrResolver(router.service());
        }
        ServiceName service =
                named(destination.service(), destination.namespace(), router.service());
        return destination.subset().isEmpty()
                ? splitterOrResolver(service)
                : resolvers.node(resolvers.target(service, destination.subset()), false);
    }

    private static ServiceName named(String name, String namespace, ServiceName otherwise) {
        return new ServiceName(
                name.isEmpty() ? otherwise.name() : name,
                namespace.isEmpty() ? otherwise.namespace() : namespace);
    }

    private ChainNode splitterOrResolver(ServiceName service) throws ChainException {
        ChainNode splitter = splitter(service);
        return splitter != null ? splitter : resolvers.node(resolvers.target(service, ""), false);
    }

    private @Nullable ChainNode splitter(ServiceName service) throws ChainException {
        String key = "splitter:" + service.qualified();
        ChainNode known = nodes.get(key);
        SplitterSpec spec = simple ? null : entries.splitter(service);
        if (known != null || spec == null) {
            return known;
        }
        advanced = advanced == null ? spec.origin() : advanced;
        // Known before its splits are: a circle comes back to it, and is found later.
        nodes.put(key, new ChainNode.Splitter(service.qualified(), List.of(), null, spec.origin()));
        List<ChainSplit> splits = new ArrayList<>();
        LoadBalancer balancer = null;
        for (SplitSpec split : spec.splits()) {
            ServiceName to = named(split.service(), split.namespace(), service);
            boolean nested = !to.equals(service) && split.subset().isEmpty();
            ChainNode next = nested ? splitter(to) : null;
            if (next == null) {
                ChainNode.Resolver resolver =
                        resolvers.node(resolvers.target(to, split.subset()), false);
                LoadBalancer own = resolver.loadBalancer();
                // One route hashes one way: the first one that is hash-based counts.
                balancer = balancer == null && own != null && own.isHashBased() ? own : balancer;
                next = resolver;
            }
            splits.add(new ChainSplit(split.hundredths(), split, next.key()));
        }
        ChainNode node =
                new ChainNode.Splitter(service.qualified(), splits, balancer, spec.origin());
        nodes.put(key, node);
        return node;
    }
}
