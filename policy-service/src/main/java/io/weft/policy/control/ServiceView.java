package io.weft.policy.control;

import io.weft.model.AppProtocol;
import io.weft.model.cluster.Endpoint;
import java.util.List;

/** A service of the catalogue, for people. */
public record ServiceView(
        String host,
        String namespace,
        String name,
        boolean external,
        String origin,
        List<PortView> ports) {

    public ServiceView {
        ports = List.copyOf(ports);
    }

    /**
     * A port and what is behind it.
     *
     * @param endpoints that take requests
     * @param notReady registered, but not ready for requests
     */
    public record PortView(
            String name,
            int port,
            AppProtocol protocol,
            List<Endpoint> endpoints,
            List<Endpoint> notReady) {
        public PortView {
            endpoints = List.copyOf(endpoints);
            notReady = List.copyOf(notReady);
        }
    }
}
