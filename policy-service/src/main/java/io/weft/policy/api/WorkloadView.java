package io.weft.policy.api;

import io.weft.policy.control.InstanceStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sidecar or gateway and how far it has come. */
record WorkloadView(
        String instance,
        String namespace,
        String workload,
        String identity,
        Map<String, String> labels,
        String address,
        boolean gateway,
        boolean ready,
        boolean connected,
        boolean inSync,
        String wantedRevision,
        String wantedCommit,
        String acknowledgedRevision,
        String acknowledgedCommit,
        int resources,
        InstanceStatus.@Nullable Refused refusal) {

    static WorkloadView of(InstanceStatus status) {
        return new WorkloadView(
                status.registration().instance(),
                status.registration().workload().namespace(),
                status.registration().workload().name(),
                status.identity(),
                status.registration().labels(),
                status.registration().address(),
                status.registration().gateway(),
                status.registration().ready(),
                status.connected(),
                status.inSync(),
                status.wantedRevision(),
                status.wantedCommit(),
                status.acknowledgedRevision(),
                status.acknowledgedCommit(),
                status.resources(),
                status.refusal());
    }
}
