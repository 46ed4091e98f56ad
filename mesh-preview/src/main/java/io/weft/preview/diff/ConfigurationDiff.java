package io.weft.preview.diff;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.WorkloadIdentity;
import io.weft.compiler.catalog.DeclaredWorkload;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.Origin;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.JwksSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.UnknownHost;
import io.weft.preview.ImaginedMesh;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares what two configurations compile to, workload by workload, with every destination that a
 * workload might ask for. For one thread.
 */
public final class ConfigurationDiff {

    private final CompiledPolicies before;
    private final CompiledPolicies after;
    private final ImaginedMesh meshBefore;
    private final ImaginedMesh meshAfter;
    private final Map<Key, Set<String>> changes = new LinkedHashMap<>();

    private ConfigurationDiff(CompiledPolicies before, CompiledPolicies after) {
        this.before = before;
        this.after = after;
        this.meshBefore = new ImaginedMesh(before);
        this.meshAfter = new ImaginedMesh(after);
    }

    private record Key(String direction, Difference difference) {}

    /** What changes from one to the other. */
    public static ModelDiff between(CompiledPolicies before, CompiledPolicies after) {
        return new ConfigurationDiff(before, after).run();
    }

    private ModelDiff run() {
        Set<String> destinations = new TreeSet<>(destinations(before));
        destinations.addAll(destinations(after));
        Map<String, WorkloadIdentity> was = workloads(meshBefore);
        Map<String, WorkloadIdentity> is = workloads(meshAfter);
        Set<String> all = new TreeSet<>(was.keySet());
        all.addAll(is.keySet());
        for (String name : all) {
            if (!was.containsKey(name)) {
                whole(Change.Kind.ADDED, name);
            } else if (!is.containsKey(name)) {
                whole(Change.Kind.REMOVED, name);
            } else {
                compare(
                        is.get(name),
                        meshBefore.whole(was.get(name), destinations),
                        meshAfter.whole(is.get(name), destinations));
            }
        }
        return new ModelDiff(
                changes(),
                without(after.diagnostics(), before.diagnostics()),
                without(before.diagnostics(), after.diagnostics()));
    }

    private static List<String> destinations(CompiledPolicies policies) {
        List<String> found = new ArrayList<>();
        for (MeshService service : policies.catalog().services()) {
            if (!service.host().startsWith("*")) {
                service.ports().forEach(port -> found.add(service.host() + ":" + port.port()));
            }
        }
        return found;
    }

    private static Map<String, WorkloadIdentity> workloads(ImaginedMesh mesh) {
        Map<String, WorkloadIdentity> found = new TreeMap<>();
        mesh.workloads()
                .forEach(each -> found.put(each.id() + " " + new TreeMap<>(each.labels()), each));
        for (DeclaredWorkload each : mesh.policies().gatewayWorkloads()) {
            found.put(
                    "gateway " + each.workload(),
                    new WorkloadIdentity(
                            each.workload(),
                            each.workload().name(),
                            each.labels(),
                            List.of(),
                            true));
        }
        return found;
    }

    private void whole(Change.Kind kind, String name) {
        Difference difference =
                new Difference(
                        kind, "workload " + name, "", "", Origin.builtIn("what is deployed"));
        changes.computeIfAbsent(new Key("workloads", difference), key -> new TreeSet<>())
                .add(name.replaceFirst(" \\{.*", ""));
    }

    private void compare(
            WorkloadIdentity workload,
            Map<String, MeshResource> was,
            Map<String, MeshResource> is) {
        Set<String> keys = new TreeSet<>(was.keySet());
        keys.addAll(is.keySet());
        for (String key : keys) {
            MeshResource one = was.get(key);
            MeshResource other = is.get(key);
            if (one == null && other != null) {
                appears(workload, other, true);
            } else if (one != null && other == null) {
                appears(workload, one, false);
            } else if (one != null && other != null && !one.equals(other)) {
                for (Difference each : differences(one, other)) {
                    add(direction(other, each), each, workload);
                }
            }
        }
    }

    private static List<Difference> differences(MeshResource one, MeshResource other) {
        if (one instanceof EndpointSet was && other instanceof EndpointSet is) {
            return RecordDiffer.between(written(was), written(is));
        }
        if (one instanceof UnknownHost != other instanceof UnknownHost) {
            boolean known = other instanceof RouteTable;
            RouteTable table = (RouteTable) (known ? other : one);
            return List.of(
                    new Difference(
                            known ? Change.Kind.ADDED : Change.Kind.REMOVED,
                            "destination " + table.name(),
                            "",
                            "",
                            origin(table)));
        }
        return RecordDiffer.between(one, other);
    }

    /** Without the instances that are only imagined. */
    private static EndpointSet written(EndpointSet set) {
        return new EndpointSet(
                set.name(),
                set.resolution(),
                set.endpoints().stream().filter(each -> !ImaginedMesh.isImagined(each)).toList());
    }

    private static Origin origin(RouteTable table) {
        return table.hosts().isEmpty()
                ? table.tcp().isEmpty()
                        ? Origin.builtIn(table.name())
                        : table.tcp().getFirst().origin()
                : table.hosts().getFirst().origin();
    }

    /** A cluster, or a gateway's table, that only one side has. */
    private void appears(WorkloadIdentity workload, MeshResource resource, boolean added) {
        Change.Kind kind = added ? Change.Kind.ADDED : Change.Kind.REMOVED;
        Difference difference =
                switch (resource) {
                    case Cluster cluster ->
                            new Difference(
                                    kind, "cluster " + cluster.name(), "", "", cluster.origin());
                    case RouteTable table ->
                            new Difference(
                                    kind, "routes of " + table.name(), "", "", origin(table));
                    case JwksSet keys ->
                            new Difference(
                                    kind, "key set " + keys.name(), "", "", Origin.builtIn("keys"));
                    default -> null;
                };
        if (difference != null) {
            add(direction(resource, difference), difference, workload);
        }
    }

    private void add(String direction, Difference difference, WorkloadIdentity workload) {
        changes.computeIfAbsent(new Key(direction, difference), key -> new TreeSet<>())
                .add((workload.gateway() ? "gateway " : "") + workload.id());
    }

    private static String direction(MeshResource resource, Difference difference) {
        return switch (resource) {
            case RouteTable table ->
                    table.name().contains("/") || !table.name().contains(".")
                            ? table.name().replaceFirst("^gateway:", "gateway port ")
                            : "outbound to " + table.name();
            case UnknownHost host -> "outbound to " + host.name();
            case Cluster cluster -> "outbound to " + cluster.host() + ":" + cluster.port();
            case EndpointSet set -> "outbound to " + set.name();
            default -> difference.what().contains("outbound") ? "outbound" : "inbound";
        };
    }

    private List<Change> changes() {
        List<Change> all = new ArrayList<>();
        changes.forEach((key, workloads) -> {
            Difference each = key.difference();
            Origin origin = each.origin();
            all.add(
                    new Change(
                            each.kind(),
                            key.direction(),
                            each.what(),
                            each.before(),
                            each.after(),
                            origin == null ? Origin.builtIn("mesh settings") : origin,
                            List.copyOf(workloads)));
        });
        all.sort(java.util.Comparator.comparing(Change::direction));
        return all;
    }

    /** Lines shift without a meaning, so they do not count. */
    private static List<Diagnostic> without(
            Collection<Diagnostic> all, Collection<Diagnostic> others) {
        Set<List<String>> known = new HashSet<>();
        others.forEach(each -> known.add(subject(each)));
        return all.stream().filter(each -> !known.contains(subject(each))).toList();
    }

    private static List<String> subject(Diagnostic each) {
        return List.of(
                each.code().id(),
                each.kind(),
                each.namespace(),
                each.name(),
                each.fieldPath(),
                each.message().replaceAll(":[0-9]+", ""));
    }
}
