package io.weft.dataplane.lane;

import java.util.concurrent.CompletionStage;

/**
 * Sends requests into the mesh by destination: its routes, balancing, retries and identity are
 * those of the proxy's workload. Thread-safe.
 */
public interface MeshClient {

    /**
     * Sends one request. Failures of the mesh or the upstream are answers with the status that a
     * caller over the wire would see; the stage fails only when the data plane is closed. It
     * completes on an event loop: do not block there.
     */
    CompletionStage<MeshResponse> send(MeshRequest request);
}
