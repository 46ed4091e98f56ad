package io.weft.compiler.dialect.smi;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.MeshDefaults;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.ServiceId;
import io.weft.model.match.Match;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.Timeouts;
import io.weft.model.route.WeightedDestination;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All TrafficSplits by their root service; the oldest wins. Immutable once made. */
final class TrafficSplits {

    /**
     * @param match which requests are split; the others go to the root service
     */
    private record Split(String host, List<Target> backends, Match match, Origin origin) {}

    private final RouteGroups groups;
    private final Map<String, Split> byHost = new LinkedHashMap<>();

    TrafficSplits(RouteGroups groups) {
        this.groups = groups;
    }

    void add(Field root) {
        Field spec = root.get("spec");
        String namespace = root.resource().namespace();
        String host = qualify(spec.get("service").required(), namespace);
        List<Target> backends = new ArrayList<>();
        List<Weights.Weight> weights = new ArrayList<>();
        List<Field> items = spec.get("backends").items();
        for (Field item : items) {
            weights.add(Weights.read(item.get("weight")));
        }
        List<Integer> whole = Weights.whole(weights);
        for (int i = 0; i < items.size(); i++) {
            Field item = items.get(i);
            String backend = qualify(item.get("service").required(), namespace);
            if (backend.equals(host)) {
                item.get("service")
                        .error(
                                Code.CONTRADICTION,
                                "'" + backend + "' is the service that is split",
                                "name the Services of the versions");
            }
            if (whole.get(i) > 0) {
                backends.add(new Target(backend, 0, "", whole.get(i), List.of(), item.origin()));
            }
        }
        if (items.isEmpty()) {
            spec.get("backends").reportMissing();
        } else if (backends.isEmpty()) {
            spec.get("backends")
                    .error(
                            Code.WEIGHTS,
                            "the weights sum to 0 (expected: at least one above 0)",
                            "give one backend a weight");
        }
        Split split = new Split(host, backends, match(spec.get("matches")), root.origin());
        Split older = byHost.putIfAbsent(host, split);
        if (older != null) {
            root.warn(
                    Code.OVERLAPPING_HOSTS,
                    host + " is split by " + older.origin().describe() + " already, which holds",
                    "keep one split for a service");
        }
    }

    private Match match(Field matches) {
        if (!matches.isPresent()) {
            return Match.ALWAYS;
        }
        List<Match> any = new ArrayList<>();
        for (Field reference : matches.items()) {
            String kind = reference.get("kind").text("HTTPRouteGroup");
            reference.get("apiGroup").accept();
            Match match = groups.find(reference, kind, reference.resource().namespace(), List.of());
            if (match != null) {
                any.add(match);
            }
        }
        return any.isEmpty() ? Match.ALWAYS : Match.anyOf(any);
    }

    private static String qualify(String service, String namespace) {
        String[] labels = service.split("\\.", -1);
        return switch (labels.length) {
            case 1 -> service + "." + namespace + "." + ServiceId.DOMAIN_SUFFIX;
            case 2 -> service + "." + ServiceId.DOMAIN_SUFFIX;
            default -> service;
        };
    }

    /** Splits do not nest: a backend that is split itself gets its whole share undivided. */
    void check(Diagnostics diagnostics) {
        for (Split split : byHost.values()) {
            for (Target backend : split.backends()) {
                Split inner = byHost.get(backend.host());
                if (inner != null && inner != split) {
                    Origin at = backend.origin();
                    diagnostics.add(
                            new Diagnostic(
                                    Code.CONTRADICTION,
                                    Level.WARNING,
                                    at.kind(),
                                    at.namespace(),
                                    at.name(),
                                    "spec.backends",
                                    at.file(),
                                    at.line(),
                                    1,
                                    backend.host(),
                                    backend.host()
                                            + " is split itself ("
                                            + inner.origin().describe()
                                            + "), but splits do not nest",
                                    "name the backends of that split here"));
                }
            }
        }
    }

    Map<String, Origin> hosts() {
        Map<String, Origin> hosts = new LinkedHashMap<>();
        byHost.forEach((host, split) -> hosts.put(host, split.origin()));
        return hosts;
    }

    List<Target> unconditional(String host, int port) {
        Split split = byHost.get(host);
        if (split == null || !(split.match() instanceof Match.Always)) {
            return List.of();
        }
        return atPort(split, port);
    }

    private static List<Target> atPort(Split split, int port) {
        return split.backends().stream()
                .map(t -> new Target(t.host(), port, "", t.weight(), t.filters(), t.origin()))
                .toList();
    }

    Optional<RoutePlan> routes(OutboundView view, ClusterLinker linker) {
        Split split = byHost.get(view.host());
        if (split == null) {
            return Optional.empty();
        }
        // A backend without the root's port is left out, unless none would be left.
        List<Target> wanted = atPort(split, view.port());
        List<Target> existing =
                wanted.stream().filter(target -> linker.cluster(target).isPresent()).toList();
        List<WeightedDestination> shares = linker.link(existing.isEmpty() ? wanted : existing);
        Route divided = route("split", split.match(), shares, split);
        List<Route> http = new ArrayList<>(List.of(divided));
        if (!(split.match() instanceof Match.Always)) {
            Target root = new Target(view.host(), view.port(), "", 1, List.of(), split.origin());
            http.add(route("root", Match.ALWAYS, linker.link(List.of(root)), split));
        }
        List<TcpRoute> tcp =
                split.match() instanceof Match.Always
                        ? List.of(new TcpRoute("split", Match.ALWAYS, shares, null, split.origin()))
                        : List.of();
        return Optional.of(new RoutePlan(http, tcp, split.origin()));
    }

    private static Route route(
            String name, Match match, List<WeightedDestination> shares, Split split) {
        return new Route(
                name,
                match,
                new RouteAction.Forward(shares),
                List.of(),
                Timeouts.NONE,
                MeshDefaults.retry(split.origin()),
                split.origin());
    }
}
