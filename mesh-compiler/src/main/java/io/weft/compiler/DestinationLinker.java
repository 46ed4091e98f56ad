package io.weft.compiler;

import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.Origin;
import io.weft.model.route.Destination;
import io.weft.model.route.Filter;
import io.weft.model.route.WeightedDestination;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns the targets of a dialect's routes into clusters, which are taken along. For one thread. */
final class DestinationLinker implements ClusterLinker {

    /** So that 0.01 % of an undivided target is still a whole number. */
    private static final int SPLIT_SCALE = 10_000;

    private final CompiledPolicies policies;
    private final ServiceCatalog catalog;
    private final WorkloadView client;
    private final ClusterAssembly clusters;
    private final @Nullable DialectPolicies dialect;
    private final int calledPort;

    /**
     * A linker.
     *
     * @param dialect whose targets are linked; null for default routes
     * @param calledPort the port that the client calls, 0 where there is none
     */
    DestinationLinker(
            CompiledPolicies policies,
            ServiceCatalog catalog,
            WorkloadView client,
            ClusterAssembly clusters,
            @Nullable DialectPolicies dialect,
            int calledPort) {
        this.policies = policies;
        this.catalog = catalog;
        this.client = client;
        this.clusters = clusters;
        this.dialect = dialect;
        this.calledPort = calledPort;
    }

    @Override
    public List<WeightedDestination> link(List<Target> targets) {
        List<List<Target>> shares = targets.stream().map(this::splitByOthers).toList();
        boolean divided = shares.stream().anyMatch(list -> !list.isEmpty());
        // Targets that nobody divides must go on weighing as much as those that are divided.
        int scale = divided && targets.size() > 1 ? SPLIT_SCALE : 1;
        List<WeightedDestination> linked = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(i);
            if (shares.get(i).isEmpty()) {
                linked.add(destination(target, (long) target.weight() * scale, target));
            }
            long sum = shares.get(i).stream().mapToLong(Target::weight).sum();
            for (Target share : shares.get(i)) {
                long weight =
                        scale == 1
                                ? share.weight()
                                : (long) target.weight() * share.weight() * scale / sum;
                linked.add(destination(share, weight, target));
            }
        }
        return linked.stream().anyMatch(each -> each.weight() > 0) ? linked : nowhere(targets);
    }

    /** Such a configuration is refused; one may still ask what it would do. */
    private static List<WeightedDestination> nowhere(List<Target> targets) {
        return List.of(
                new WeightedDestination(
                        1,
                        new Destination.Unavailable(503, "no destination has a weight above 0"),
                        List.of(),
                        targets.isEmpty()
                                ? Origin.builtIn("no destination has a weight above 0")
                                : targets.getFirst().origin()));
    }

    private WeightedDestination destination(Target target, long weight, Target written) {
        Destination destination =
                cluster(target)
                        .<Destination>map(Destination.ToCluster::new)
                        .orElseGet(() ->
                                new Destination.Unavailable(
                                        503, "no such destination: " + describe(target)));
        return new WeightedDestination(
                (int) Math.min(weight, Integer.MAX_VALUE / 1000),
                destination,
                filters(written, target),
                target.origin());
    }

    private static List<Filter> filters(Target written, Target share) {
        if (share == written || share.filters().isEmpty()) {
            return written.filters();
        }
        List<Filter> filters = new ArrayList<>(written.filters());
        filters.addAll(share.filters());
        return filters;
    }

    private List<Target> splitByOthers(Target target) {
        MeshService service = catalog.byHost(target.host()).orElse(null);
        if (dialect == null || service == null || !target.subset().isEmpty()) {
            return List.of();
        }
        int port = portOf(service, target.port());
        for (DialectPolicies other : policies.dialects()) {
            if (other != dialect) {
                List<Target> shares = other.split(client, service, port);
                if (!shares.isEmpty()) {
                    return shares;
                }
            }
        }
        return List.of();
    }

    @Override
    public ClusterLinker calling(int port) {
        return new DestinationLinker(policies, catalog, client, clusters, dialect, port);
    }

    @Override
    public Optional<String> cluster(Target target) {
        MeshService service =
                catalog.byHost(target.host())
                        .or(() -> catalog.resolve(target.host(), client.namespace()))
                        .orElse(null);
        if (service == null) {
            return Optional.empty();
        }
        int port = portOf(service, target.port());
        DeclaredPort declared = service.port(port).orElse(null);
        if (declared == null) {
            return Optional.empty();
        }
        return clusters.add(service, declared, target.subset(), dialect);
    }

    private int portOf(MeshService service, int wanted) {
        if (wanted > 0) {
            return wanted;
        }
        return service.ports().size() == 1 ? service.ports().getFirst().port() : calledPort;
    }

    private static String describe(Target target) {
        return target.host()
                + (target.port() > 0 ? ":" + target.port() : "")
                + (target.subset().isEmpty() ? "" : "/" + target.subset());
    }
}
