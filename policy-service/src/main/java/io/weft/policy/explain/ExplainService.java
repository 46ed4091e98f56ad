package io.weft.policy.explain;

import io.weft.engine.MeshClock;
import io.weft.engine.explain.ExplainInput;
import io.weft.engine.explain.Explainer;
import io.weft.engine.explain.Explanation;
import io.weft.model.WorkloadId;
import io.weft.model.cluster.Endpoint;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.policy.control.ControlPlane;
import io.weft.policy.control.WorkloadConfiguration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Explains requests between the workloads that are registered. Thread-safe. */
public final class ExplainService {

    private final ControlPlane control;
    private final Explainer explainer;

    public ExplainService(ControlPlane control, MeshClock clock) {
        this.control = control;
        this.explainer = new Explainer(clock);
    }

    /**
     * Answers. The stage fails with {@link IllegalArgumentException} when a workload that is named
     * is not registered.
     */
    public CompletionStage<Answer> explain(Question question) {
        return configuration(question.from(), Set.of(question.route()))
                .thenCompose(client -> callee(question, client));
    }

    private CompletionStage<Answer> callee(
            Question question, Optional<WorkloadConfiguration> client) {
        Map<String, MeshResource> clientSide =
                client.map(WorkloadConfiguration::resources).orElse(Map.of());
        Target target = target(question, clientSide);
        return configuration(target.workload(), Set.of())
                .thenApply(server -> {
                    Explanation explanation =
                            explainer.explain(
                                    new ExplainInput(
                                            clientSide,
                                            client.map(WorkloadConfiguration::identity)
                                                    .orElse(null),
                                            server.map(WorkloadConfiguration::resources)
                                                    .orElse(Map.of()),
                                            ownPort(server, target.port()),
                                            question.request(),
                                            target.destination()));
                    return new Answer(
                            client.map(c -> c.registration().workload().toString()).orElse(""),
                            server.map(s ->
                                            s.registration().workload()
                                                    + " "
                                                    + ownPort(server, target.port()))
                                    .orElse(""),
                            explanation);
                });
    }

    private CompletionStage<Optional<WorkloadConfiguration>> configuration(
            @Nullable WorkloadId workload, Set<String> routes) {
        if (workload == null) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return control.configuration(workload, routes)
                .thenApply(found -> {
                    if (found.isEmpty()) {
                        throw new IllegalArgumentException(
                                "workload: " + workload + " (expected: a registered one)");
                    }
                    return found;
                });
    }

    private Target target(Question question, Map<String, MeshResource> client) {
        if (question.to() != null) {
            return new Target(
                    question.to(), question.toPort() > 0 ? question.toPort() : question.port(), "");
        }
        if (client.isEmpty()) {
            return Target.NONE;
        }
        Explanation.Sent sent =
                explainer
                        .explain(new ExplainInput(client, null, Map.of(), 0, question.request()))
                        .sent();
        if (sent == null) {
            return Target.NONE;
        }
        return endpoint(client, sent.destination())
                .map(e ->
                        new Target(
                                new WorkloadId(e.namespace(), e.workload()),
                                e.port(),
                                sent.destination()))
                .orElse(Target.NONE);
    }

    /** The first endpoint of the mesh behind a cluster. */
    private static Optional<Endpoint> endpoint(
            Map<String, MeshResource> client, String clusterName) {
        if (!(client.get(ResourceKeys.cluster(clusterName)) instanceof Cluster cluster)) {
            return Optional.empty();
        }
        return cluster.endpoints().stream()
                .map(set -> client.get(ResourceKeys.endpoints(set)))
                .filter(EndpointSet.class::isInstance)
                .flatMap(set -> ((EndpointSet) set).endpoints().stream())
                .filter(e -> e.identity() != null)
                .filter(e -> e.labels().entrySet().containsAll(cluster.subsetLabels().entrySet()))
                .findFirst();
    }

    /** The workload's own port, where an endpoint names the sidecar's. */
    private static int ownPort(Optional<WorkloadConfiguration> server, int port) {
        return server.stream()
                .flatMap(s -> s.registration().ports().stream())
                .filter(p -> p.meshPort() == port)
                .map(p -> p.port())
                .findFirst()
                .orElse(port);
    }

    private record Target(@Nullable WorkloadId workload, int port, String destination) {
        static final Target NONE = new Target(null, 0, "");
    }
}
