package io.weft.cli.policy;

import io.weft.cli.proxy.ProxyPicture;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Destination;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What a proxy needs to reach an upstream.
 *
 * @param clusters names of those that its routes lead to
 * @param endpoints how many answer for them
 */
record UpstreamChecks(List<String> clusters, int endpoints, List<Check> checks) {

    UpstreamChecks {
        clusters = List.copyOf(clusters);
        checks = List.copyOf(checks);
    }

    /** One answer; {@code mend} is empty when nothing needs to be done. */
    record Check(boolean good, String text, String mend) {}

    /** Of the proxy itself: its certificate, and whether it has what it shall have. */
    static List<Check> ofProxy(ProxyPicture picture, Instant now) {
        List<Check> checks = new ArrayList<>();
        JsonNode until =
                picture.certs().isObject()
                        ? picture.certs().path("notAfter")
                        : picture.workload().path("certificate").path("notAfter");
        if (!until.asString("").isEmpty()) {
            boolean valid = isAfter(until.asString(""), now);
            checks.add(
                    new Check(
                            valid,
                            "certificate is "
                                    + (valid ? "valid until " : "over since ")
                                    + until.asString(""),
                            valid ? "" : "look at the proxy's log for why it is not renewed"));
        }
        JsonNode workload = picture.workload();
        if (workload.isObject()) {
            boolean connected = workload.path("connected").asBoolean(false);
            checks.add(
                    new Check(
                            connected,
                            connected
                                    ? "connected to the control plane"
                                    : "not connected to the control plane",
                            connected ? "" : "is it running, and does it reach port 15012?"));
            String refusal = workload.path("refusal").path("reason").asString("");
            checks.add(
                    new Check(
                            refusal.isEmpty(),
                            refusal.isEmpty()
                                    ? "no configuration was refused"
                                    : "configuration was refused: " + refusal,
                            refusal.isEmpty() ? "" : "the one before it is in force"));
        }
        return checks;
    }

    private static boolean isAfter(String instant, Instant now) {
        try {
            return Instant.parse(instant).isAfter(now);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    /** Of one upstream, {@code host:port} as the application calls it. */
    static UpstreamChecks of(ProxyPicture picture, String upstream) {
        MeshResource found = picture.resources().get(ResourceKeys.routes(upstream));
        if (!(found instanceof RouteTable table)) {
            String mend =
                    found == null
                            ? "the proxy asks for it when its application first calls it"
                            : "is there a Service or ServiceEntry of that host and port?";
            String text =
                    found == null
                            ? "was not asked for yet"
                            : "is a host that the mesh does not know";
            return new UpstreamChecks(
                    List.of(), 0, List.of(new Check(false, upstream + ": " + text, mend)));
        }
        List<Check> checks = new ArrayList<>();
        int routes =
                table.tcp().size()
                        + table.hosts().stream().mapToInt(each -> each.routes().size()).sum();
        checks.add(
                new Check(
                        routes > 0,
                        upstream + ": " + routes + (routes == 1 ? " route" : " routes"),
                        routes > 0 ? "" : "no route leads anywhere"));
        TreeSet<String> names = clusters(table);
        int all = 0;
        for (String name : names) {
            all += cluster(picture, upstream, name, checks);
        }
        return new UpstreamChecks(List.copyOf(names), all, checks);
    }

    private static TreeSet<String> clusters(RouteTable table) {
        TreeSet<String> names = new TreeSet<>();
        for (VirtualHost host : table.hosts()) {
            for (Route route : host.routes()) {
                if (route.action() instanceof RouteAction.Forward(var shares)) {
                    shares.forEach(share -> add(share, names));
                }
            }
        }
        table.tcp().forEach(tcp -> tcp.destinations().forEach(share -> add(share, names)));
        return names;
    }

    private static void add(WeightedDestination share, TreeSet<String> names) {
        if (share.destination() instanceof Destination.ToCluster(var name) && share.weight() > 0) {
            names.add(name);
        }
    }

    private static int cluster(
            ProxyPicture picture, String upstream, String name, List<Check> checks) {
        if (!(picture.resources().get(ResourceKeys.cluster(name)) instanceof Cluster cluster)) {
            checks.add(new Check(false, upstream + ": no cluster " + name, "is the subset there?"));
            return 0;
        }
        int ready = 0;
        for (String set : cluster.endpoints()) {
            if (picture.resources().get(ResourceKeys.endpoints(set)) instanceof EndpointSet found) {
                ready +=
                        (int)
                                found.endpoints().stream()
                                        .filter(each ->
                                                each.labels()
                                                        .entrySet()
                                                        .containsAll(
                                                                cluster.subsetLabels().entrySet()))
                                        .count();
            }
        }
        int ejected = ejected(picture.clusters(), name);
        boolean good = ready > ejected;
        checks.add(
                new Check(
                        good,
                        upstream
                                + ": cluster "
                                + name
                                + " has "
                                + ready
                                + (ready == 1 ? " endpoint" : " endpoints")
                                + (ejected > 0 ? ", " + ejected + " of them left out" : ""),
                        good ? "" : "are its workloads running, ready, and labelled so?"));
        return ready;
    }

    private static int ejected(JsonNode clusters, String name) {
        int ejected = 0;
        for (JsonNode each : clusters) {
            for (JsonNode one : each.path("endpoints")) {
                if (each.path("name").asString("").equals(name)
                        && !one.path("healthy").asBoolean(true)) {
                    ejected++;
                }
            }
        }
        return ejected;
    }
}
