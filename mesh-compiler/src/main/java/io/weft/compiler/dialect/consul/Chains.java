package io.weft.compiler.dialect.consul;

import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.Target;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The discovery chain: router, then splitter, then resolver. Only the router of the service that
 * was called is asked; a route or split that names a subset goes past further splitters.
 */
record Chains(Routers routers, Splitters splitters, Resolvers resolvers) {

    private static final int WHOLE = 10_000;

    /** A share before it is linked. */
    private record Share(
            int hundredths, String host, String subset, List<Filter> filters, Origin origin) {}

    Map<String, Origin> hosts() {
        Map<String, Origin> hosts = new TreeMap<>();
        resolvers
                .all()
                .forEach((host, resolver) -> {
                    if (resolver.routes()) {
                        hosts.put(host, resolver.origin());
                    }
                });
        splitters.all().forEach((host, splitter) -> hosts.put(host, splitter.origin()));
        routers.all().forEach((host, router) -> hosts.put(host, router.origin()));
        return hosts;
    }

    List<Target> split(String host, int port) {
        Resolvers.Resolver resolver = resolvers.get(host);
        if (splitters.get(host) == null && (resolver == null || !resolver.routes())) {
            return List.of();
        }
        return targets(resolve(host, Set.of()), port);
    }

    Optional<RoutePlan> routes(OutboundView view, ClusterLinker linker) {
        Origin origin = hosts().get(view.host());
        if (origin == null) {
            return Optional.empty();
        }
        List<Route> http = new ArrayList<>();
        Routers.Router router = routers.get(view.host());
        if (router != null) {
            for (Routers.RouteEntry entry : router.routes()) {
                http.add(route(view, entry, linker));
            }
        }
        List<WeightedDestination> rest =
                linker.link(targets(resolve(view.host(), Set.of()), view.port()));
        // A router always ends with a route that takes everything.
        http.add(
                new Route(
                        "default",
                        Match.ALWAYS,
                        new RouteAction.Forward(rest),
                        List.of(),
                        new Timeouts(requestTimeout(view.host()), null),
                        null,
                        origin));
        TcpRoute tcp = new TcpRoute("default", Match.ALWAYS, rest, null, origin);
        return Optional.of(new RoutePlan(http, List.of(tcp), origin));
    }

    private Route route(OutboundView view, Routers.RouteEntry entry, ClusterLinker linker) {
        String host = entry.host().isEmpty() ? view.host() : entry.host();
        List<Share> shares =
                entry.subset().isEmpty()
                        ? resolve(host, Set.of())
                        : List.of(
                                new Share(WHOLE, host, entry.subset(), List.of(), entry.origin()));
        int port = host.equals(view.host()) ? view.port() : 0;
        Duration timeout =
                entry.requestTimeout() != null ? entry.requestTimeout() : requestTimeout(host);
        return new Route(
                entry.name(),
                entry.match(),
                new RouteAction.Forward(linker.link(targets(shares, port))),
                entry.filters(),
                new Timeouts(timeout, entry.idleTimeout()),
                entry.retry(),
                entry.origin());
    }

    private @Nullable Duration requestTimeout(String host) {
        Resolvers.Resolver resolver = resolvers.get(host);
        return resolver == null ? null : resolver.requestTimeout();
    }

    /** Splitters flatten; the resolver's redirect and default subset end the chain. */
    private List<Share> resolve(String host, Set<String> seen) {
        Splitters.Splitter splitter = seen.contains(host) ? null : splitters.get(host);
        if (splitter == null) {
            Resolvers.Resolver resolver = resolvers.get(host);
            Origin origin =
                    resolver == null ? Origin.builtIn("the service as a whole") : resolver.origin();
            if (resolver == null) {
                return List.of(new Share(WHOLE, host, "", List.of(), origin));
            }
            if (!resolver.redirect().isEmpty() && !seen.contains(resolver.redirect())) {
                return redirected(resolver, seen, host, origin);
            }
            String subset =
                    resolver.redirectSubset().isEmpty()
                            ? resolver.defaultSubset()
                            : resolver.redirectSubset();
            return List.of(new Share(WHOLE, host, subset, List.of(), origin));
        }
        Map<String, Share> united = new LinkedHashMap<>();
        for (Splitters.Split split : splitter.splits()) {
            List<Share> inner =
                    split.subset().isEmpty()
                            ? resolve(split.host(), with(seen, host))
                            : List.of(
                                    new Share(
                                            WHOLE,
                                            split.host(),
                                            split.subset(),
                                            List.of(),
                                            split.origin()));
            for (Share share : inner) {
                int weight = Math.round((float) split.hundredths() * share.hundredths() / WHOLE);
                List<Filter> filters = new ArrayList<>(split.filters());
                filters.addAll(share.filters());
                Share scaled =
                        new Share(weight, share.host(), share.subset(), filters, split.origin());
                united.merge(share.host() + "/" + share.subset() + filters, scaled, Chains::sum);
            }
        }
        return List.copyOf(united.values());
    }

    private List<Share> redirected(
            Resolvers.Resolver resolver, Set<String> seen, String host, Origin origin) {
        if (!resolver.redirectSubset().isEmpty()) {
            return List.of(
                    new Share(
                            WHOLE,
                            resolver.redirect(),
                            resolver.redirectSubset(),
                            List.of(),
                            origin));
        }
        Resolvers.Resolver next = resolvers.get(resolver.redirect());
        if (next != null && !next.redirect().isEmpty()) {
            Set<String> further = with(seen, host);
            return further.contains(next.redirect())
                    ? List.of(new Share(WHOLE, resolver.redirect(), "", List.of(), origin))
                    : redirected(next, further, resolver.redirect(), origin);
        }
        String subset = next == null ? "" : next.defaultSubset();
        return List.of(new Share(WHOLE, resolver.redirect(), subset, List.of(), origin));
    }

    private static Share sum(Share one, Share other) {
        return new Share(
                one.hundredths() + other.hundredths(),
                one.host(),
                one.subset(),
                one.filters(),
                one.origin());
    }

    private static Set<String> with(Set<String> seen, String host) {
        Set<String> more = new java.util.TreeSet<>(seen);
        more.add(host);
        return more;
    }

    /** Weights are relative: percents where they are whole, else hundredths. */
    private static List<Target> targets(List<Share> shares, int port) {
        boolean percents = shares.stream().allMatch(share -> share.hundredths() % 100 == 0);
        int unit = percents ? 100 : 1;
        return shares.stream()
                .filter(share -> share.hundredths() > 0)
                .map(share ->
                        new Target(
                                share.host(),
                                port,
                                share.subset(),
                                share.hundredths() / unit,
                                share.filters(),
                                share.origin()))
                .toList();
    }
}
