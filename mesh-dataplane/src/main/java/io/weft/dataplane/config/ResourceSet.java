package io.weft.dataplane.config;

import io.weft.model.resource.MeshResource;
import java.util.Map;

/**
 * A whole configuration as it came over the wire; immutable.
 *
 * @param revision of the control plane, empty before the first
 * @param commit Git commit of the policies, empty when unknown
 * @param resources by {@link MeshResource#key}
 */
public record ResourceSet(String revision, String commit, Map<String, MeshResource> resources) {

    public static final ResourceSet EMPTY = new ResourceSet("", "", Map.of());

    public ResourceSet {
        resources = Map.copyOf(resources);
    }
}
