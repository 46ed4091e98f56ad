package io.weft.preview;

import io.weft.model.resource.MeshResource;
import java.util.Map;

/** Where the configurations of both sides of a call come from. */
public interface Sides {

    /**
     * The caller's, with the routes of a destination.
     *
     * @param destination {@code host:port} as the caller writes it
     */
    Map<String, MeshResource> client(Caller caller, String destination);

    /** Who stands behind a cluster of the caller's configuration. */
    Callee behind(Map<String, MeshResource> client, String cluster);
}
