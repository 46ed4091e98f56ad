package io.weft.cli.policy;

import io.weft.cli.control.Catalogue;
import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ProxyName;
import io.weft.cli.proxy.ProxyPicture;
import io.weft.cli.proxy.ProxySource;
import io.weft.engine.explain.MatchText;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Destination;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Which routes and traffic policies lead to a service.
 *
 * @param service as {@code /api/v1/services} has it
 * @param from whose routes are told; empty for somebody of its own namespace
 */
record ServiceDescription(ControlPlane control, JsonNode service, String from) {

    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("Service", service.path("host").asString(""));
        values.put("Declared by", service.path("origin").asString("-"));
        List<Object> ports = new ArrayList<>();
        for (JsonNode port : service.path("ports")) {
            List<String> behind = new ArrayList<>();
            for (JsonNode each : port.path("endpoints")) {
                behind.add(each.path("id").asString("") + " " + version(each));
            }
            Map<String, Object> told = new LinkedHashMap<>();
            told.put(
                    "Port",
                    port.path("port").asInt(0) + " " + port.path("protocol").asString("AUTO"));
            told.put("Endpoints", behind.stream().map(String::strip).toList());
            ports.add(told);
        }
        values.put("Ports", ports);
        JsonNode workloads = control.workloads();
        JsonNode viewer = viewer(workloads);
        if (viewer.isObject()) {
            values.put(
                    "Routes of " + viewer.path("workload").asString(""),
                    Catalogue.ports(service).stream()
                            .flatMap(port -> routes(viewer, port).stream())
                            .toList());
        }
        values.put("Gateways", gateways(workloads));
        return values;
    }

    private static String version(JsonNode endpoint) {
        return endpoint.path("labels").path("version").asString("");
    }

    private JsonNode viewer(JsonNode workloads) {
        if (!from.isEmpty()) {
            return ProxyName.parse(from, "").find(workloads);
        }
        JsonNode best = workloads.path(-1);
        for (JsonNode each : workloads) {
            boolean near =
                    each.path("namespace").equals(service.path("namespace"))
                            && !each.path("gateway").asBoolean(false);
            if (near || best.isMissingNode()) {
                best = each;
                if (near) {
                    break;
                }
            }
        }
        return best;
    }

    /** What it has for the destination, or would have if it asked. */
    private List<String> routes(JsonNode viewer, Catalogue.Port port) {
        JsonNode all =
                control.get(
                        "/api/v1/config/"
                                + ControlPlane.encoded(viewer.path("namespace").asString(""))
                                + "/"
                                + ControlPlane.encoded(viewer.path("workload").asString(""))
                                + "?route="
                                + ControlPlane.encoded(port.toString()));
        JsonNode own = all.isEmpty() ? all : all.iterator().next();
        ProxyPicture picture = ProxyPicture.of(viewer, own);
        List<String> told = new ArrayList<>();
        MeshResource table = picture.resources().get(ResourceKeys.routes(port.toString()));
        if (table instanceof RouteTable routes) {
            for (VirtualHost host : routes.hosts()) {
                host.routes().forEach(route -> told.add(line(route)));
            }
            routes.tcp()
                    .forEach(tcp ->
                            told.add(
                                    MatchText.of(tcp.match())
                                            + " -> "
                                            + shares(tcp.destinations())
                                            + " ("
                                            + tcp.origin().describe()
                                            + ")"));
            for (Cluster cluster : picture.all(Cluster.class)) {
                if (cluster.host().equals(port.host())
                        && cluster.port() == port.number()
                        && !cluster.origin().isBuiltIn()) {
                    told.add(cluster.name() + " by " + cluster.origin().describe());
                }
            }
        }
        return told;
    }

    private List<String> gateways(JsonNode workloads) {
        String host = service.path("host").asString("");
        List<String> told = new ArrayList<>();
        for (JsonNode each : workloads) {
            if (!each.path("gateway").asBoolean(false)) {
                continue;
            }
            ProxyPicture picture = ProxySource.of(control, each);
            for (RouteTable table : picture.all(RouteTable.class)) {
                for (VirtualHost at : table.hosts()) {
                    at.routes().stream()
                            .filter(route -> leadsTo(route, host, picture))
                            .map(route ->
                                    each.path("workload").asString("")
                                            + ", hosts "
                                            + String.join(", ", at.domains())
                                            + ": "
                                            + line(route))
                            .forEach(told::add);
                }
            }
        }
        return told.stream().distinct().toList();
    }

    private static boolean leadsTo(Route route, String host, ProxyPicture picture) {
        return route.action() instanceof RouteAction.Forward(var shares)
                && shares.stream()
                        .anyMatch(share ->
                                share.destination() instanceof Destination.ToCluster(var name)
                                        && picture.resources().get(ResourceKeys.cluster(name))
                                                instanceof Cluster cluster
                                        && cluster.host().equals(host));
    }

    private static String line(Route route) {
        String action =
                switch (route.action()) {
                    case RouteAction.Forward(var shares) -> shares(shares);
                    case RouteAction.Redirect redirect -> "redirect " + redirect.status();
                    case RouteAction.DirectResponse answer -> "answer " + answer.status();
                };
        return MatchText.of(route.match())
                + " -> "
                + action
                + " ("
                + route.origin().describe()
                + ")";
    }

    private static String shares(List<WeightedDestination> shares) {
        return shares.stream()
                .map(share ->
                        switch (share.destination()) {
                            case Destination.ToCluster(var name) ->
                                    shares.size() == 1 ? name : name + " " + share.weight();
                            case Destination.Unavailable(var status, var reason) ->
                                    status + " " + share.weight();
                        })
                .collect(Collectors.joining(", "));
    }
}
