package io.weft.preview;

import io.weft.model.resource.MeshResource;
import java.util.Map;

/**
 * Who is called, with its configuration.
 *
 * @param workload {@code namespace/name}; empty for one outside the mesh
 * @param resources by key; empty for one outside the mesh
 * @param port its own port that is called
 */
public record Callee(String workload, Map<String, MeshResource> resources, int port) {

    /** Somebody whom the mesh does not know. */
    public static final Callee UNKNOWN = new Callee("", Map.of(), 0);

    public Callee {
        resources = Map.copyOf(resources);
    }
}
