package io.weft.cli.proxy;

import io.weft.model.listener.InboundPort;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.WorkloadConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Where requests may be sent.
 *
 * @param fqdn only this host; empty for all
 * @param port only this one; 0 for all
 * @param subset only this one; empty for all
 * @param direction {@code inbound} or {@code outbound}; empty for both
 */
record ClusterSection(String fqdn, int port, String subset, String direction) implements Section {

    static final ClusterSection ALL = new ClusterSection("", 0, "", "");

    @Override
    public String kind() {
        return "cluster";
    }

    @Override
    public List<String> titles(ProxyPicture picture) {
        return List.of("SERVICE FQDN", "PORT", "SUBSET", "DIRECTION", "TYPE", "DESTINATION RULE");
    }

    @Override
    public List<List<String>> rows(ProxyPicture picture) {
        List<List<String>> rows = new ArrayList<>();
        for (InboundPort inbound : inbound(picture)) {
            rows.add(
                    List.of(
                            inbound.service(),
                            Integer.toString(inbound.port()),
                            "-",
                            "inbound",
                            "ORIGINAL_DST",
                            ""));
        }
        for (Cluster cluster : outbound(picture)) {
            rows.add(
                    List.of(
                            cluster.host(),
                            Integer.toString(cluster.port()),
                            cluster.subset().isEmpty() ? "-" : cluster.subset(),
                            "outbound",
                            type(cluster, picture),
                            Policy.name(cluster.origin(), "DestinationRule")));
        }
        return rows;
    }

    private List<InboundPort> inbound(ProxyPicture picture) {
        boolean asked = subset.isEmpty() && !direction.equals("outbound");
        return picture.config().map(WorkloadConfig::inbound).orElse(List.of()).stream()
                .filter(each -> asked && fits(each.service(), each.port()))
                .toList();
    }

    List<Cluster> outbound(ProxyPicture picture) {
        return picture.all(Cluster.class).stream()
                .filter(each -> !direction.equals("inbound") && fits(each.host(), each.port()))
                .filter(each -> subset.isEmpty() || subset.equals(each.subset()))
                .toList();
    }

    private boolean fits(String host, int number) {
        return (fqdn.isEmpty() || fqdn.equals(host)) && (port == 0 || port == number);
    }

    /** Envoy's word for how its addresses are found. */
    private static String type(Cluster cluster, ProxyPicture picture) {
        for (String set : cluster.endpoints()) {
            if (picture.resources().get(ResourceKeys.endpoints(set)) instanceof EndpointSet found) {
                return switch (found.resolution()) {
                    case STATIC -> "EDS";
                    case DNS -> "STRICT_DNS";
                    case DNS_ROUND_ROBIN -> "LOGICAL_DNS";
                    case ORIGINAL_DESTINATION -> "ORIGINAL_DST";
                };
            }
        }
        return "EDS";
    }

    @Override
    public Object values(ProxyPicture picture) {
        return outbound(picture).stream().map(Section::tree).toList();
    }
}
