package io.weft.cli.live;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.StructuredText;
import io.weft.cli.shell.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Who calls whom, and how the connections are secured; with Linkerd's columns. */
@Command(
        name = "edges",
        description = "List who calls whom now, and whether the connections have mTLS.",
        mixinStandardHelpOptions = true)
public final class EdgesCommand implements Callable<Integer> {

    @Option(
            names = {"-n", "--namespace"},
            description = "Only edges that begin or end here.")
    private String namespace = "";

    @Option(
            names = {"-o", "--output"},
            description = "table, wide or json (default: ${DEFAULT-VALUE}).",
            defaultValue = "table")
    private LiveFormat format = LiveFormat.TABLE;

    @Mixin private final LiveWindow window = new LiveWindow();

    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        ControlPlane control = controlPlane.reader();
        JsonNode edges = control.graph(window.seconds(), namespace).path("edges");
        PrintWriter out = spec.commandLine().getOut();
        Map<String, String> identities = new TreeMap<>();
        if (format != LiveFormat.TABLE) {
            for (JsonNode each : control.workloads()) {
                identities.put(
                        each.path("namespace").asString("")
                                + "/"
                                + each.path("workload").asString(""),
                        each.path("identity").asString(""));
            }
        }
        if (format == LiveFormat.JSON) {
            out.println(StructuredText.json(values(edges, identities)));
        } else if (edges.isEmpty()) {
            spec.commandLine().getErr().println("No edges found.");
        } else {
            table(edges, identities).lines().forEach(out::println);
        }
        return ExitCodes.OK;
    }

    private TextTable table(JsonNode edges, Map<String, String> identities) {
        List<String> titles = new ArrayList<>(List.of("SRC", "DST", "SRC_NS", "DST_NS"));
        if (format == LiveFormat.WIDE) {
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
            if (format == LiveFormat.WIDE) {
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
