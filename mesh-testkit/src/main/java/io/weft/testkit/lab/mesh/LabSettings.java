package io.weft.testkit.lab.mesh;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.topology.Topology;
import java.util.List;

/**
 * What a lab is made of.
 *
 * @param resources policy files, as diagnostics shall name them
 * @param trustDomain of all identities
 * @param rootNamespace whose policies hold for the whole mesh
 */
public record LabSettings(
        Topology topology, List<PolicyFile> resources, String trustDomain, String rootNamespace) {

    public static final String TRUST_DOMAIN = "cluster.local";
    public static final String ROOT_NAMESPACE = "istio-system";

    public LabSettings {
        resources = List.copyOf(resources);
    }
}
