package io.weft.cli.proxy;

import io.weft.model.cluster.Endpoint;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.ResourceKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Who answers for each cluster. How they do, only the proxy itself knows; the control plane lists
 * those that say of themselves that they are ready.
 *
 * @param cluster only this one; empty for all
 * @param status only those; empty for all
 * @param byLocality where they are instead of how they do
 */
record EndpointSection(String cluster, String status, boolean byLocality) implements Section {

    private static final String HEALTHY = "HEALTHY";

    /** An endpoint of a cluster. */
    private record Seen(
            String address,
            String status,
            String outlier,
            String cluster,
            String workload,
            String identity,
            String locality) {}

    @Override
    public String kind() {
        return "endpoint";
    }

    @Override
    public List<String> titles(ProxyPicture picture) {
        return byLocality
                ? List.of("NAME", "STATUS", "LOCALITY", "CLUSTER")
                : List.of("ENDPOINT", "STATUS", "OUTLIER CHECK", "CLUSTER");
    }

    @Override
    public List<List<String>> rows(ProxyPicture picture) {
        return seen(picture).stream()
                .map(each ->
                        List.of(
                                each.address(),
                                each.status(),
                                byLocality ? each.locality() : each.outlier(),
                                each.cluster()))
                .toList();
    }

    private List<Seen> seen(ProxyPicture picture) {
        List<Seen> all = new ArrayList<>();
        if (picture.clusters().isArray()) {
            picture.clusters().forEach(each -> live(each, all));
        } else {
            picture.all(Cluster.class).forEach(each -> wanted(picture, each, all));
        }
        all.removeIf(each ->
                !cluster.isEmpty() && !cluster.equals(each.cluster())
                        || !status.isEmpty() && !status.equalsIgnoreCase(each.status()));
        return all;
    }

    private static void live(JsonNode each, List<Seen> into) {
        for (JsonNode one : each.path("endpoints")) {
            boolean healthy = one.path("healthy").asBoolean(false);
            boolean ejected = one.path("reason").asString("").startsWith("ejected");
            into.add(
                    new Seen(
                            one.path("address").asString("") + ":" + one.path("port").asInt(0),
                            healthy || ejected ? HEALTHY : "UNHEALTHY",
                            ejected ? "FAILED" : "OK",
                            each.path("name").asString(""),
                            one.path("workload").asString(""),
                            one.path("identity").asString(""),
                            one.path("locality").asString("")));
        }
    }

    private static void wanted(ProxyPicture picture, Cluster each, List<Seen> into) {
        for (String name : each.endpoints()) {
            if (picture.resources().get(ResourceKeys.endpoints(name)) instanceof EndpointSet set) {
                set.endpoints().stream()
                        .filter(one ->
                                one.labels().entrySet().containsAll(each.subsetLabels().entrySet()))
                        .forEach(one -> into.add(registered(one, each)));
            }
        }
    }

    private static Seen registered(Endpoint one, Cluster of) {
        return new Seen(
                one.address() + ":" + one.port(),
                HEALTHY,
                "-",
                of.name(),
                one.workload(),
                one.identity() == null ? "" : one.identity().uri(),
                one.locality().toString());
    }

    @Override
    public Object values(ProxyPicture picture) {
        return seen(picture).stream()
                .map(each -> {
                    Map<String, Object> value = new LinkedHashMap<>();
                    value.put("endpoint", each.address());
                    value.put("status", each.status());
                    value.put("outlierCheck", each.outlier());
                    value.put("cluster", each.cluster());
                    value.put("workload", each.workload());
                    value.put("identity", each.identity());
                    value.put("locality", each.locality());
                    return value;
                })
                .toList();
    }
}
