package io.weft.dataplane.snapshot;

import io.weft.dataplane.config.ResourceSet;
import io.weft.dataplane.extauthz.ExternalAuthorizers;
import io.weft.dataplane.upstream.UpstreamCluster;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.jwt.JwtAuthenticator;
import io.weft.model.resource.WorkloadConfig;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in force, compiled. Immutable; an exchange reads it once.
 *
 * @param inbound by workload port, for each port that the sidecar binds
 * @param tables by {@code host:port} or gateway table name
 * @param unknown destinations that the mesh does not know
 * @param gateways by logical port
 */
public record ConfigSnapshot(
        ResourceSet resources,
        Instant since,
        WorkloadConfig workload,
        Map<Integer, InboundProgram> inbound,
        Map<String, OutboundTable> tables,
        Set<String> unknown,
        Map<String, UpstreamCluster> clusters,
        Map<Integer, GatewayPort> gateways,
        JwtAuthenticator gatewayJwt,
        AuthzEngine gatewayAuthz,
        ExternalAuthorizers externals) {

    /** The routes of a destination; null when it is unknown or was not asked for yet. */
    public @Nullable OutboundTable table(String hostAndPort) {
        return tables.get(hostAndPort);
    }

    /** Whether the control plane has said what there is to say of a destination. */
    public boolean knows(String hostAndPort) {
        return tables.containsKey(hostAndPort) || unknown.contains(hostAndPort);
    }
}
