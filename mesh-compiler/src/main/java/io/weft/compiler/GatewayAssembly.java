package io.weft.compiler;

import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.GatewayPlan;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.AppProtocol;
import io.weft.model.listener.GatewayServer;
import io.weft.model.match.Match;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Route;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.VirtualHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The servers of a gateway with their route tables. */
final class GatewayAssembly {

    /** Servers, and the tables that they name. */
    record Served(List<GatewayServer> servers, List<RouteTable> tables) {
        static final Served NOTHING = new Served(List.of(), List.of());
    }

    private final CompiledPolicies policies;
    private final WorkloadView gateway;
    private final ClusterAssembly clusters;

    GatewayAssembly(CompiledPolicies policies, WorkloadView gateway, ClusterAssembly clusters) {
        this.policies = policies;
        this.gateway = gateway;
        this.clusters = clusters;
    }

    Served assemble() {
        List<GatewayServer> servers = new ArrayList<>();
        Map<String, List<GatewayPlan>> byTable = new LinkedHashMap<>();
        for (DialectPolicies dialect : policies.dialects()) {
            for (GatewayPlan plan : dialect.gateway(gateway, clusters.linker(dialect, 0))) {
                servers.add(plan.server());
                byTable.computeIfAbsent(plan.server().routes(), name -> new ArrayList<>())
                        .add(plan);
            }
        }
        List<RouteTable> tables = new ArrayList<>();
        byTable.forEach((name, plans) -> tables.add(table(name, plans)));
        return new Served(servers, tables);
    }

    /** Routes of both, but what takes everything comes last. */
    private static VirtualHost united(VirtualHost one, VirtualHost other) {
        List<Route> routes = new ArrayList<>();
        List<Route> last = new ArrayList<>();
        for (VirtualHost host : List.of(one, other)) {
            for (Route route : host.routes()) {
                (route.match() instanceof Match.Always ? last : routes).add(route);
            }
        }
        routes.addAll(last);
        return new VirtualHost(
                one.name(), one.domains(), routes.stream().distinct().toList(), one.origin());
    }

    private static RouteTable table(String name, List<GatewayPlan> plans) {
        Map<List<String>, VirtualHost> hosts = new LinkedHashMap<>();
        List<TcpRoute> tcp = new ArrayList<>();
        for (GatewayPlan plan : plans) {
            plan.hosts()
                    .forEach(host -> hosts.merge(host.domains(), host, GatewayAssembly::united));
            tcp.addAll(plan.tcp());
        }
        boolean http =
                switch (plans.getFirst().server().protocol()) {
                    case HTTP, HTTPS -> true;
                    case TLS, TCP -> false;
                };
        return new RouteTable(
                name, http ? AppProtocol.HTTP : AppProtocol.TCP, List.copyOf(hosts.values()), tcp);
    }
}
