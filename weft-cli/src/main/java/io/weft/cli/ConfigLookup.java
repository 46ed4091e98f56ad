package io.weft.cli;

import io.weft.model.resource.MeshResource;
import java.util.Map;

/** Where the configurations of both sides of a call come from. */
interface ConfigLookup {

    /**
     * One side's configuration.
     *
     * @param port the workload's own port that is called; 0 for a caller
     */
    record Side(Map<String, MeshResource> resources, int port) {}

    /** The caller's, with the routes of the destination. */
    Side client(Caller caller, Destination destination);

    /**
     * Of a workload behind a cluster of the caller's configuration; empty resources when there is
     * none.
     */
    Side server(Map<String, MeshResource> client, String cluster);
}
