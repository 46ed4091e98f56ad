package io.weft.model.resource;

import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.Resolution;
import java.util.List;

/**
 * The ready endpoints of one service port; travels apart from policy, since it changes more often.
 *
 * @param name {@code host:port} of the service
 */
public record EndpointSet(String name, Resolution resolution, List<Endpoint> endpoints)
        implements MeshResource {

    public EndpointSet {
        endpoints = List.copyOf(endpoints);
    }

    @Override
    public String key() {
        return ResourceKeys.endpoints(name);
    }
}
