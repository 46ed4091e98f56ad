package io.weft.engine.explain;

import io.weft.engine.SampleRequest;
import io.weft.model.SpiffeId;
import io.weft.model.resource.MeshResource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A question: what happens to this request between these two workloads?
 *
 * @param client the caller's configuration by resource key (a sidecar's or a gateway's), empty when
 *     only the server's side is asked
 * @param clientIdentity whom the caller shows itself as under mutual TLS, null when it has no
 *     identity
 * @param server the callee's configuration by resource key, empty when only the client's side is
 *     asked
 * @param serverPort the callee's own port
 * @param request as the caller's application sends it; a token in it is verified with the callee's
 *     rules, unless {@link SampleRequest#token()} is set: then that is taken as verified
 * @param destination the cluster of the route's share to follow, whose own filters run too; empty
 *     for the share that gets the most
 */
public record ExplainInput(
        Map<String, MeshResource> client,
        @Nullable SpiffeId clientIdentity,
        Map<String, MeshResource> server,
        int serverPort,
        SampleRequest request,
        String destination) {

    public ExplainInput {
        client = Map.copyOf(client);
        server = Map.copyOf(server);
    }

    /** Follows the share that gets the most. */
    public ExplainInput(
            Map<String, MeshResource> client,
            @Nullable SpiffeId clientIdentity,
            Map<String, MeshResource> server,
            int serverPort,
            SampleRequest request) {
        this(client, clientIdentity, server, serverPort, request, "");
    }
}
