package io.weft.cli.live;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.shell.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Who calls whom, and how the connections are secured; with Linkerd's columns. */
@Command(
        name = "edges",
        description = "List who calls whom now, and whether the connections have mTLS.",
        mixinStandardHelpOptions = true)
public final class EdgesCommand extends LiveTable {

    @Option(
            names = {"-n", "--namespace"},
            description = "Only edges that begin or end here.")
    private String namespace = "";

    @Override
    Traffic traffic(ControlPlane control, int seconds, LiveFormat asked) {
        JsonNode edges = control.graph(seconds, namespace).path("edges");
        Map<String, String> identities = asked == LiveFormat.TABLE ? Map.of() : identities(control);
        return new Traffic() {
            @Override
            public Object values() {
                return EdgesCommand.values(edges, identities);
            }

            @Override
            public @Nullable TextTable table(boolean wide) {
                return edges.isEmpty() ? null : EdgesCommand.table(edges, identities, wide);
            }
        };
    }

    @Override
    String nothing() {
        return "No edges found.";
    }

    private static Map<String, String> identities(ControlPlane control) {
        Map<String, String> identities = new TreeMap<>();
        for (JsonNode each : control.workloads()) {
            identities.put(
                    each.path("namespace").asString("") + "/" + each.path("workload").asString(""),
                    each.path("identity").asString(""));
        }
        return identities;
    }

    private static TextTable table(JsonNode edges, Map<String, String> identities, boolean wide) {
        List<String> titles = new ArrayList<>(List.of("SRC", "DST", "SRC_NS", "DST_NS"));
        if (wide) {
            titles.addAll(List.of("CLIENT_ID", "SERVER_ID"));
        }
        titles.add("SECURED");
        TextTable table = new TextTable(titles.toArray(String[]::new));
        for (JsonNode edge : edges) {
            List<Object> row =
                    new ArrayList<>(
                            List.of(
                                    orDash(edge.at("/id/source/workload")),
                                    orDash(edge.at("/id/target/workload")),
                                    orDash(edge.at("/id/source/namespace")),
                                    orDash(edge.at("/id/target/namespace"))));
            if (wide) {
                row.add(orDash(edge.path("principal")));
                row.add(server(edge, identities).isEmpty() ? "-" : server(edge, identities));
            }
            String reason = unsecured(edge);
            row.add(reason.isEmpty() ? "√" : reason);
            table.row(row.toArray());
        }
        return table;
    }

    /** Under the names of Linkerd's JSON. */
    private static List<Map<String, Object>> values(
            JsonNode edges, Map<String, String> identities) {
        List<Map<String, Object>> values = new ArrayList<>();
        for (JsonNode edge : edges) {
            Map<String, Object> value = new LinkedHashMap<>();
            value.put("src", edge.at("/id/source/workload").asString(""));
            value.put("src_namespace", edge.at("/id/source/namespace").asString(""));
            value.put("dst", edge.at("/id/target/workload").asString(""));
            value.put("dst_namespace", edge.at("/id/target/namespace").asString(""));
            value.put("client_id", edge.path("principal").asString(""));
            value.put("server_id", server(edge, identities));
            value.put("no_tls_reason", unsecured(edge));
            value.put("service", edge.at("/id/service").asString(""));
            value.put("protocol", edge.at("/id/protocol").asString(""));
            values.add(value);
        }
        return values;
    }

    private static String server(JsonNode edge, Map<String, String> identities) {
        String name =
                edge.at("/id/target/namespace").asString("")
                        + "/"
                        + edge.at("/id/target/workload").asString("");
        return identities.getOrDefault(name, "");
    }

    /** Why there is no mTLS; empty where there is. */
    private static String unsecured(JsonNode edge) {
        if (edge.path("mutualTls").asBoolean(false)) {
            return "";
        }
        if (edge.at("/id/source/workload").asString("").isEmpty()) {
            return "caller is not in the mesh";
        }
        return edge.at("/id/target/workload").asString("").isEmpty()
                ? "callee is not in the mesh"
                : "plain text";
    }

    private static String orDash(JsonNode text) {
        return text.asString("").isEmpty() ? "-" : text.asString("");
    }
}
