package io.weft.compiler.dialect;

import io.weft.model.listener.GatewayServer;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.VirtualHost;
import java.util.List;

/** One server of a gateway with its part of the route table that it names. */
public record GatewayPlan(GatewayServer server, List<VirtualHost> hosts, List<TcpRoute> tcp) {

    public GatewayPlan {
        hosts = List.copyOf(hosts);
        tcp = List.copyOf(tcp);
    }
}
