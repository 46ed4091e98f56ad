package io.weft.policy.control;

import java.util.List;

/**
 * How far the revision in force has come.
 *
 * @param instances by namespace and name
 */
public record RolloutStatus(String revision, String commit, List<InstanceStatus> instances) {

    public RolloutStatus {
        instances = List.copyOf(instances);
    }

    /** Connected instances that have acknowledged what they shall have. */
    public long inSync() {
        return instances.stream().filter(i -> i.connected() && i.inSync()).count();
    }

    /** Instances with an open stream. */
    public long connected() {
        return instances.stream().filter(InstanceStatus::connected).count();
    }

    /** Instances that refused what they shall have. */
    public List<InstanceStatus> refused() {
        return instances.stream().filter(i -> i.refusal() != null).toList();
    }
}
