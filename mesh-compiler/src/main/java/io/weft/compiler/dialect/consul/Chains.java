package io.weft.compiler.dialect.consul;

import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.dialect.consul.chain.ChainNode;
import io.weft.compiler.dialect.consul.chain.ChainNode.ChainRoute;
import io.weft.compiler.dialect.consul.chain.ChainNode.ChainSplit;
import io.weft.compiler.dialect.consul.chain.ChainTarget;
import io.weft.compiler.dialect.consul.chain.DiscoveryChain;
import io.weft.compiler.dialect.consul.chain.RouterSpec.DestinationSpec;
import io.weft.compiler.dialect.consul.chain.RouterSpec.RouteSpec;
import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.Timeouts;
import io.weft.model.route.WeightedDestination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Discovery chains as routes of the mesh. */
record Chains(ChainSet chains) {

    private static final int PERCENT = 100;

    /** A share before it is linked. */
    private record Share(int hundredths, ChainTarget target, List<Filter> filters, Origin origin) {}

    /** The hosts whose requests do not simply go to the service as a whole. */
    Map<String, Origin> hosts() {
        Map<String, Origin> hosts = new TreeMap<>();
        chains.all()
                .forEach((host, chain) -> {
                    if (!isPlain(chain)) {
                        hosts.put(host, chains.origin(chain.service()));
                    }
                });
        return hosts;
    }

    private boolean isPlain(DiscoveryChain chain) {
        return chain.start() instanceof ChainNode.Resolver node
                && node.requestTimeout() == null
                && isWhole(chain, chain.target(node.target()));
    }

    private boolean isWhole(DiscoveryChain chain, ChainTarget target) {
        return target.service().equals(chain.service())
                && target.peer().isEmpty()
                && TargetNames.subset(target, chains.datacenter()).isEmpty();
    }

    /** How another dialect's traffic for a service is divided: as its router's last route says. */
    List<Target> split(String host, int port) {
        DiscoveryChain chain = chains.get(host);
        if (chain == null) {
            return List.of();
        }
        ChainNode node = chain.start();
        if (node instanceof ChainNode.Router router) {
            node = chain.node(router.routes().getLast().next());
        }
        boolean whole =
                node instanceof ChainNode.Resolver resolver
                        && isWhole(chain, chain.target(resolver.target()));
        return whole
                ? List.of()
                : targets(shares(chain, node, chains.origin(chain.service())), host, port);
    }

    Optional<RoutePlan> routes(OutboundView view, ClusterLinker linker) {
        DiscoveryChain chain = chains.get(view.host());
        if (chain == null || isPlain(chain)) {
            return Optional.empty();
        }
        ChainNode start = chain.start();
        List<Route> http = new ArrayList<>();
        ChainNode rest = start;
        if (start instanceof ChainNode.Router router) {
            for (ChainRoute route : router.routes()) {
                ChainNode next = chain.node(route.next());
                if (route.spec() == null) {
                    // A router always ends with a route that takes everything.
                    rest = next;
                } else {
                    http.add(route(view, chain, route.spec(), next, linker));
                }
            }
        }
        Origin origin = chains.origin(chain.service());
        List<WeightedDestination> all =
                linker.link(targets(shares(chain, rest, origin), view.host(), view.port()));
        http.add(
                new Route(
                        "default",
                        Match.ALWAYS,
                        new RouteAction.Forward(all),
                        List.of(),
                        new Timeouts(requestTimeout(chain, rest), null),
                        null,
                        origin));
        TcpRoute tcp = new TcpRoute("default", Match.ALWAYS, all, null, origin);
        return Optional.of(new RoutePlan(http, List.of(tcp), origin));
    }

    private Route route(
            OutboundView view,
            DiscoveryChain chain,
            RouteSpec spec,
            ChainNode next,
            ClusterLinker linker) {
        DestinationSpec destination = spec.destination();
        Duration own = destination == null ? null : destination.requestTimeout();
        return new Route(
                spec.name(),
                spec.match(),
                new RouteAction.Forward(
                        linker.link(
                                targets(
                                        shares(chain, next, spec.origin()),
                                        view.host(),
                                        view.port()))),
                destination == null ? List.of() : destination.filters(),
                new Timeouts(
                        own != null ? own : requestTimeout(chain, next),
                        destination == null ? null : destination.idleTimeout()),
                destination == null ? null : destination.retry(),
                spec.origin());
    }

    /** The longest of the resolvers behind a node; null where one of them has none. */
    private static @Nullable Duration requestTimeout(DiscoveryChain chain, ChainNode node) {
        return switch (node) {
            case ChainNode.Router router -> null;
            case ChainNode.Resolver resolver -> resolver.requestTimeout();
            case ChainNode.Splitter splitter -> {
                List<@Nullable Duration> all = new ArrayList<>();
                splitter.splits()
                        .forEach(split -> all.add(requestTimeout(chain, chain.node(split.next()))));
                yield all.contains(null)
                        ? null
                        : all.stream()
                                .map(Objects::requireNonNull)
                                .max(Comparator.naturalOrder())
                                .orElse(null);
            }
        };
    }

    /**
     * The shares of a node.
     *
     * @param origin what leads there, for a service that no entry is about
     */
    private static List<Share> shares(DiscoveryChain chain, ChainNode node, Origin origin) {
        return switch (node) {
            case ChainNode.Router router -> List.of();
            case ChainNode.Resolver resolver ->
                    List.of(
                            new Share(
                                    PERCENT * PERCENT,
                                    chain.target(resolver.target()),
                                    List.of(),
                                    resolver.origin().isBuiltIn() ? origin : resolver.origin()));
            case ChainNode.Splitter splitter -> shares(chain, splitter);
        };
    }

    private static List<Share> shares(DiscoveryChain chain, ChainNode.Splitter splitter) {
        Map<String, Share> united = new LinkedHashMap<>();
        for (ChainSplit split : splitter.splits()) {
            if (split.hundredths() == 0) {
                continue;
            }
            for (Share below : shares(chain, chain.node(split.next()), split.spec().origin())) {
                List<Filter> filters =
                        HeaderChanges.filters(
                                split.spec().requestHeaders(),
                                split.spec().responseHeaders(),
                                split.spec().origin());
                Share share =
                        new Share(
                                split.hundredths(), below.target(), filters, split.spec().origin());
                united.merge(below.target().id() + filters, share, Chains::sum);
            }
        }
        return List.copyOf(united.values());
    }

    private static Share sum(Share one, Share other) {
        return new Share(
                one.hundredths() + other.hundredths(), one.target(), one.filters(), one.origin());
    }

    /** Weights are relative: percents where they are whole, else hundredths. */
    private List<Target> targets(List<Share> shares, String calledHost, int port) {
        boolean percents = shares.stream().allMatch(share -> share.hundredths() % PERCENT == 0);
        int unit = percents ? PERCENT : 1;
        return shares.stream()
                .map(share -> {
                    String host = TargetNames.host(share.target());
                    return new Target(
                            host,
                            host.equals(calledHost) ? port : 0,
                            TargetNames.subset(share.target(), chains.datacenter()),
                            share.hundredths() / unit,
                            share.filters(),
                            share.origin());
                })
                .toList();
    }
}
