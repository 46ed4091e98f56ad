package io.weft.testkit.lab.topology;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a lab.
 *
 * @param meshConfig the mesh-wide settings as a resource of its own, on the lines of the topology
 *     file; empty without
 * @param namespaces labels by name; of those that are listed
 */
public record Topology(
        String file,
        String meshConfig,
        Map<String, Map<String, String>> namespaces,
        List<WorkloadSpec> workloads,
        List<GatewaySpec> gateways,
        List<CertificateSpec> certificates,
        List<IssuerSpec> issuers,
        @Nullable ExtAuthzSpec extAuthz) {

    public Topology {
        namespaces = Map.copyOf(namespaces);
        workloads = List.copyOf(workloads);
        gateways = List.copyOf(gateways);
        certificates = List.copyOf(certificates);
        issuers = List.copyOf(issuers);
    }

    /** A certificate to be made, named as {@code tls.credentialName} names it. */
    public record CertificateSpec(String name, String namespace, List<String> dnsNames) {
        public CertificateSpec {
            dnsNames = List.copyOf(dnsNames);
        }
    }

    /** An issuer of tokens. */
    public record IssuerSpec(String issuer, String jwksUri) {}

    /** The check server. */
    public record ExtAuthzSpec(String name, String namespace, int httpPort, int grpcPort) {}
}
