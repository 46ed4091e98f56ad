package io.weft.policy.control;

import io.weft.compiler.WorkloadIdentity;
import io.weft.model.SpiffeId;
import io.weft.model.catalog.Registration;
import io.weft.model.resource.MeshResource;
import io.weft.model.wire.MeshCodec;
import io.weft.policy.stream.Sidecars;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All sessions, and the building of what each shall have. For the control thread. */
final class SessionTable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionTable.class);

    private final Map<Instance, Session> sessions = new TreeMap<>();
    private final ResourceHashes hashes = new ResourceHashes(new MeshCodec());
    private final ControlMetrics metrics;

    SessionTable(ControlMetrics metrics) {
        this.metrics = metrics;
    }

    Collection<Session> all() {
        return sessions.values();
    }

    Map<Instance, Session> byInstance() {
        return sessions;
    }

    /** Adds or changes one; false when nothing is new. */
    boolean register(SpiffeId peer, Registration registration) {
        Instance key = Instance.of(peer, registration.instance());
        Session known = sessions.get(key);
        if (known == null || !known.identity().equals(peer)) {
            if (known != null && known.isConnected()) {
                throw new Sidecars.Refusal(
                        409,
                        "instance: " + key + " is connected with identity " + known.identity());
            }
            sessions.put(key, new Session(peer, registration));
            return true;
        }
        boolean other = !known.registration().equals(registration);
        known.registered(registration);
        return other;
    }

    Session require(SpiffeId peer, String instance) {
        Instance key = Instance.of(peer, instance);
        Session known = sessions.get(key);
        if (known == null) {
            throw new Sidecars.Refusal(404, "instance: " + key + " is not registered");
        }
        if (!known.identity().equals(peer)) {
            throw new Sidecars.Refusal(
                    403, "instance: " + key + " belongs to another identity than " + peer);
        }
        return known;
    }

    @Nullable Session remove(Instance key) {
        return sessions.remove(key);
    }

    /** Builds those that are concerned. */
    void build(WorkloadBuilds builds, Predicate<Session> concerned, long revision, String commit) {
        List<Session> chosen = sessions.values().stream().filter(concerned).toList();
        builds.prepare(chosen);
        Map<WorkloadBuilds.Scope, ResourceVersions> shared = new HashMap<>();
        chosen.forEach(session -> build(session, builds, shared, revision, commit));
        if (chosen.size() == sessions.size()) {
            hashes.generationEnded();
        }
    }

    void build(Session session, WorkloadBuilds builds, long revision, String commit) {
        build(session, builds, new HashMap<>(), revision, commit);
    }

    private void build(
            Session session,
            WorkloadBuilds builds,
            Map<WorkloadBuilds.Scope, ResourceVersions> shared,
            long revision,
            String commit) {
        WorkloadBuilds.Scope scope = WorkloadBuilds.Scope.of(session);
        switch (builds.of(scope)) {
            case WorkloadBuilds.Built built -> {
                ResourceVersions versions =
                        shared.computeIfAbsent(
                                scope,
                                same ->
                                        ResourceVersions.of(
                                                built.resources(), session.wanted(), hashes));
                session.want(versions, revision, commit);
            }
            case WorkloadBuilds.Failed failed -> {
                // One workload must not keep the others from their configuration; it keeps its
                // last.
                metrics.buildFailed();
                LOG.error(
                        "configuration of {} cannot be built",
                        session.registration().instance(),
                        failed.why());
            }
        }
    }

    /** What the session would have with further routes; changes nothing. */
    static Map<String, MeshResource> preview(
            Session session, WorkloadBuilds builds, Set<String> further) {
        Set<String> routes = new TreeSet<>(session.routes());
        routes.addAll(further);
        WorkloadIdentity workload = WorkloadIdentity.of(session.registration());
        return switch (builds.of(new WorkloadBuilds.Scope(workload, routes))) {
            case WorkloadBuilds.Built built -> built.resources();
            case WorkloadBuilds.Failed failed -> throw failed.why();
        };
    }

    List<InstanceStatus> status() {
        return sessions.values().stream().map(Session::status).toList();
    }

    int connected() {
        return (int) sessions.values().stream().filter(Session::isConnected).count();
    }

    /** How many are connected without having what they shall have. */
    int behind() {
        return (int)
                sessions.values().stream()
                        .filter(session -> session.isConnected() && !session.isInSync())
                        .count();
    }

    List<StoredControl.Registered> stored() {
        List<StoredControl.Registered> registered = new ArrayList<>();
        sessions.values()
                .forEach(s ->
                        registered.add(
                                new StoredControl.Registered(s.identity(), s.registration())));
        return registered;
    }
}
