package io.weft.policy.control;

import io.weft.model.WorkloadId;
import io.weft.model.resource.MeshResource;
import io.weft.policy.source.PolicyBundle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What people may see of the state. For the control thread. */
final class ControlViews {

    private final ControlCore core;

    ControlViews(ControlCore core) {
        this.core = core;
    }

    RolloutStatus rollout() {
        InForce current = core.commits().inForce();
        return new RolloutStatus(
                Revisions.textOrEmpty(core.revision()),
                current == null ? "" : current.bundle().commit(),
                core.sessions().status());
    }

    ControlStatus status() {
        InForce current = core.commits().inForce();
        RolloutStatus rollout = rollout();
        return new ControlStatus(
                rollout.revision(),
                current == null ? null : current.info(),
                current == null ? null : current.since(),
                core.commits().diagnostics(),
                core.commits().refused(),
                core.commits().history(),
                rollout.instances().size(),
                (int) rollout.connected(),
                (int) rollout.inSync());
    }

    List<ServiceView> services() {
        return core.catalogue().view();
    }

    /** The text of a policy file in force. */
    Optional<String> file(String path) {
        InForce current = core.commits().inForce();
        return current == null
                ? Optional.empty()
                : current.bundle().files().stream()
                        .filter(file -> file.path().equals(path))
                        .map(PolicyBundle.PolicyFile::content)
                        .findFirst();
    }

    Map<String, Map<String, MeshResource>> config(WorkloadId workload) {
        Map<String, Map<String, MeshResource>> found = new TreeMap<>();
        for (Session session : core.sessions().all()) {
            if (session.registration().workload().equals(workload)) {
                Map<String, MeshResource> resources = new TreeMap<>();
                session.wanted()
                        .byKey()
                        .forEach((key, each) -> resources.put(key, each.resource()));
                found.put(session.registration().instance(), resources);
            }
        }
        return found;
    }
}
