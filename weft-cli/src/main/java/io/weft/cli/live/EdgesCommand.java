package io.weft.cli.live;

import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
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
        JsonNode graph = controlPlane.reader().graph(window.seconds(), namespace);
        PrintWriter out = spec.commandLine().getOut();
        if (format == LiveFormat.JSON) {
            out.println(graph.toPrettyString());
            return ExitCodes.OK;
        }
        List<String> titles = new ArrayList<>(List.of("SRC", "DST", "SRC_NS", "DST_NS"));
        if (format == LiveFormat.WIDE) {
            titles.addAll(List.of("CLIENT_ID", "SERVICE"));
        }
        titles.add("SECURED");
        TextTable table = new TextTable(titles.toArray(String[]::new));
        for (JsonNode edge : graph.path("edges")) {
            List<Object> row =
                    new ArrayList<>(
                            List.of(
                                    orDash(edge.at("/id/source/workload")),
                                    orDash(edge.at("/id/target/workload")),
                                    orDash(edge.at("/id/source/namespace")),
                                    orDash(edge.at("/id/target/namespace"))));
            if (format == LiveFormat.WIDE) {
                row.add(orDash(edge.path("principal")));
                row.add(orDash(edge.at("/id/service")));
            }
            row.add(edge.path("mutualTls").asBoolean(false) ? "√" : "x");
            table.row(row.toArray());
        }
        table.lines().forEach(out::println);
        return ExitCodes.OK;
    }

    private static String orDash(JsonNode text) {
        return text.asString("").isEmpty() ? "-" : text.asString("");
    }
}
