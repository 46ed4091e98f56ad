package io.weft.model.resource;

import io.weft.model.AppProtocol;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.VirtualHost;
import java.util.List;

/**
 * All routes for one destination that a sidecar asked for, or of one port of a gateway.
 *
 * @param name {@code host:port} as the caller wrote it, lower case (see {@link
 *     ResourceKeys#routes}); {@code gateway:PORT} for a gateway
 * @param protocol what the destination's port declares
 * @param hosts virtual hosts; the most specific domain wins
 * @param tcp routes of connections that are not HTTP; the first match wins
 */
public record RouteTable(
        String name, AppProtocol protocol, List<VirtualHost> hosts, List<TcpRoute> tcp)
        implements MeshResource {

    public RouteTable {
        hosts = List.copyOf(hosts);
        tcp = List.copyOf(tcp);
    }

    @Override
    public String key() {
        return ResourceKeys.routes(name);
    }
}
