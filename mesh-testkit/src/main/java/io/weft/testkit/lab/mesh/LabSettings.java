package io.weft.testkit.lab.mesh;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.topology.Topology;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a lab is made of.
 *
 * @param resources policy files, as diagnostics shall name them
 * @param trustDomain of all identities
 * @param rootNamespace whose policies hold for the whole mesh
 * @param otlpEndpoint where spans, metrics and OpenTelemetry access logs go; null for nowhere
 */
public record LabSettings(
        Topology topology,
        List<PolicyFile> resources,
        String trustDomain,
        String rootNamespace,
        @Nullable String otlpEndpoint) {

    public static final String TRUST_DOMAIN = "cluster.local";
    public static final String ROOT_NAMESPACE = "istio-system";

    public LabSettings {
        resources = List.copyOf(resources);
    }
}
