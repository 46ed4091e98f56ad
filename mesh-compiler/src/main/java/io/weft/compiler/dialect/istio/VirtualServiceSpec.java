package io.weft.compiler.dialect.istio;

import io.weft.model.Origin;
import java.util.List;

/**
 * A VirtualService.
 *
 * @param id {@code namespace/name}
 * @param hosts fully qualified; none for one that others delegate to
 * @param merges whether it may share its hosts with others in the mesh, as at a gateway
 * @param gateways {@code namespace/name} or {@code mesh}
 */
record VirtualServiceSpec(
        String id,
        String namespace,
        List<String> hosts,
        List<String> gateways,
        ExportScope exportTo,
        boolean merges,
        List<HttpRouteSpec> http,
        List<ConnectionRouteSpec> connections,
        Origin origin) {

    VirtualServiceSpec {
        hosts = List.copyOf(hosts);
        gateways = List.copyOf(gateways);
        http = List.copyOf(http);
        connections = List.copyOf(connections);
    }

    boolean inMesh() {
        return gateways.contains(GatewayNames.MESH);
    }

    VirtualServiceSpec withHttp(List<HttpRouteSpec> routes) {
        return new VirtualServiceSpec(
                id, namespace, hosts, gateways, exportTo, merges, routes, connections, origin);
    }
}
