package io.weft.engine.explain;

import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Explains whether the way a caller connects is one that the callee accepts. */
final class MtlsExplainer {

    private final Map<String, MeshResource> resources;

    MtlsExplainer(Map<String, MeshResource> resources) {
        this.resources = resources;
    }

    /** The cluster of this name, null when it is not known. */
    @Nullable Cluster cluster(String name) {
        return resources.get(ResourceKeys.cluster(name)) instanceof Cluster cluster
                ? cluster
                : null;
    }

    Explanation.Mtls explain(Cluster cluster, InboundPort port) {
        Kind kind = kind(cluster);
        boolean fits =
                switch (port.mtls()) {
                    case STRICT -> kind == Kind.MUTUAL;
                    case PERMISSIVE -> kind != Kind.OTHER_TLS;
                    case DISABLE -> kind == Kind.PLAIN;
                };
        return new Explanation.Mtls(
                kind.title, cluster.origin(), port.mtls(), port.mtlsOrigin(), fits);
    }

    boolean isMutual(Cluster cluster, MtlsMode server) {
        return kind(cluster) == Kind.MUTUAL && server != MtlsMode.DISABLE;
    }

    private Kind kind(Cluster cluster) {
        return switch (cluster.tls()) {
            case UpstreamTls.Mesh() -> Kind.MUTUAL;
            case UpstreamTls.Disabled() -> Kind.PLAIN;
            case UpstreamTls.Origination ignored -> Kind.OTHER_TLS;
            case UpstreamTls.Automatic() -> hasIdentities(cluster) ? Kind.MUTUAL : Kind.PLAIN;
        };
    }

    private boolean hasIdentities(Cluster cluster) {
        for (String name : cluster.endpoints()) {
            if (resources.get(ResourceKeys.endpoints(name)) instanceof EndpointSet set) {
                for (Endpoint endpoint : set.endpoints()) {
                    return endpoint.identity() != null;
                }
            }
        }
        return false;
    }

    private enum Kind {
        MUTUAL("mutual TLS"),
        PLAIN("plain text"),
        OTHER_TLS("TLS");

        private final String title;

        Kind(String title) {
            this.title = title;
        }
    }
}
