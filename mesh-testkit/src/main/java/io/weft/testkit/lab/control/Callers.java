package io.weft.testkit.lab.control;

import io.weft.testkit.lab.mesh.LabGateway;
import io.weft.testkit.lab.mesh.LabMesh;
import io.weft.testkit.lab.mesh.LabProblem;
import io.weft.testkit.lab.mesh.LabReplica;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds who is meant; what does not exist is told with what does. */
record Callers(LabMesh mesh) {

    /** Who sends a request. */
    sealed interface Caller {
        record Inside(LabReplica replica) implements Caller {}

        record Outside(LabGateway gateway) implements Caller {}
    }

    Caller find(RequestOrder.@Nullable From from) {
        if (from == null) {
            throw new LabProblem("from: missing (expected: a workload, or outside)");
        }
        if (Boolean.TRUE.equals(from.outside())) {
            return new Caller.Outside(gateway(from.gateway()));
        }
        return new Caller.Inside(replica(from));
    }

    private LabReplica replica(RequestOrder.From from) {
        String name = from.workload();
        if (name == null) {
            throw new LabProblem("from.workload: missing (expected: the name of a workload)");
        }
        String namespace = from.namespace() == null ? "default" : from.namespace();
        int index = from.replica() == null ? 0 : from.replica();
        List<LabReplica> replicas = replicas(namespace, name);
        if (index < 0 || index >= replicas.size()) {
            throw new LabProblem(
                    "from.replica: " + index + " (expected: 0.." + (replicas.size() - 1) + ")");
        }
        return replicas.get(index);
    }

    /** The replicas of a workload, at least one. */
    List<LabReplica> replicas(String namespace, String name) {
        List<LabReplica> replicas = mesh.replicas(namespace, name);
        if (replicas.isEmpty()) {
            List<String> known =
                    mesh.replicas().stream()
                            .map(each -> each.workload().name() + "." + each.workload().namespace())
                            .distinct()
                            .toList();
            throw new LabProblem(
                    "workload: " + name + "." + namespace + " (expected: one of " + known + ")");
        }
        return replicas;
    }

    private LabGateway gateway(@Nullable String name) {
        List<LabGateway> all = mesh.gateways();
        if (name == null && all.size() == 1) {
            return all.getFirst();
        }
        return all.stream()
                .filter(each ->
                        each.spec().name().equals(name)
                                || (each.spec().name() + "." + each.spec().namespace())
                                        .equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new LabProblem(
                                "from.gateway: "
                                        + name
                                        + " (expected: one of "
                                        + all.stream()
                                                .map(each ->
                                                        each.spec().name()
                                                                + "."
                                                                + each.spec().namespace())
                                                .toList()
                                        + ")"));
    }
}
