package io.weft.policy.control;

import io.weft.compiler.WorkloadConfigBuilder;
import io.weft.compiler.WorkloadIdentity;
import io.weft.model.resource.Certificate;
import io.weft.model.resource.MeshResource;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What workloads shall have in one state of policies and services: built once for all instances
 * that are alike and ask for the same destinations. Thread-safe.
 */
final class WorkloadBuilds {

    /** Fewer are not worth other threads. */
    private static final int WORTH_SHARING = 16;

    /** What a configuration depends on beside policies and services. */
    record Scope(WorkloadIdentity workload, Set<String> routes) {
        static Scope of(Session session) {
            return new Scope(WorkloadIdentity.of(session.registration()), session.routes());
        }
    }

    /** What came out. */
    sealed interface Outcome {}

    /** By key. */
    record Built(Map<String, MeshResource> resources) implements Outcome {}

    record Failed(RuntimeException why) implements Outcome {}

    private final WorkloadConfigBuilder builder;
    private final Map<Scope, Outcome> outcomes = new ConcurrentHashMap<>();

    WorkloadBuilds(WorkloadConfigBuilder builder) {
        this.builder = builder;
    }

    /** Builds for all of them, on every processor. */
    void prepare(Collection<Session> sessions) {
        Stream<Scope> scopes = sessions.stream().map(Scope::of).distinct();
        (sessions.size() < WORTH_SHARING ? scopes : scopes.parallel()).forEach(this::of);
    }

    Outcome of(Scope scope) {
        return outcomes.computeIfAbsent(scope, this::build);
    }

    private Outcome build(Scope scope) {
        try {
            return new Built(own(scope, builder.build(scope.workload(), scope.routes())));
        } catch (RuntimeException e) {
            return new Failed(e);
        }
    }

    /**
     * Labels are what a workload says of itself; its namespace is proven. So labels alone must not
     * bring it the private keys of another namespace's gateway.
     */
    private static Map<String, MeshResource> own(Scope scope, Map<String, MeshResource> built) {
        String prefix = scope.workload().id().namespace() + "/";
        Map<String, MeshResource> kept = new TreeMap<>(built);
        kept.values()
                .removeIf(resource ->
                        resource instanceof Certificate certificate
                                && !certificate.name().startsWith(prefix));
        return kept;
    }
}
