package io.weft.dataplane.view;

import java.util.List;

/**
 * A cluster and how its endpoints do.
 *
 * @param balancing name of the algorithm
 * @param tls how connections are secured
 * @param endpoints in the order of the configuration
 */
public record ClusterView(
        String name,
        String host,
        int port,
        String subset,
        String protocol,
        String balancing,
        String tls,
        String origin,
        List<EndpointView> endpoints) {

    /**
     * @param identity SPIFFE ID, empty outside the mesh
     * @param healthy false while it is ejected
     * @param activeRequests of this proxy
     * @param reason why it is ejected, else empty
     */
    public record EndpointView(
            String id,
            String address,
            int port,
            String identity,
            String workload,
            String locality,
            int weight,
            boolean healthy,
            int activeRequests,
            String reason) {}
}
