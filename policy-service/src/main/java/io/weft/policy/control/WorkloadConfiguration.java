package io.weft.policy.control;

import io.weft.model.SpiffeId;
import io.weft.model.catalog.Registration;
import io.weft.model.resource.MeshResource;
import java.util.Map;

/** The configuration of a workload, as one of its instances has it. Private keys are included. */
public record WorkloadConfiguration(
        SpiffeId identity, Registration registration, Map<String, MeshResource> resources) {

    public WorkloadConfiguration {
        resources = Map.copyOf(resources);
    }
}
