package io.weft.cli.policy;

import io.weft.cli.control.Catalogue;
import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.control.ProxyName;
import io.weft.cli.control.Question;
import io.weft.cli.shell.CommandGroup;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.OutputOption;
import io.weft.cli.shell.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** How connections are secured. */
@Command(
        name = "authn",
        description = "Look at how connections are secured.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = CommandLine.HelpCommand.class)
public final class AuthnCommand extends CommandGroup {

    @Command(
            name = "tls-check",
            description = {
                "Tell for each service whether what the proxy sends is what the service accepts.",
                "Exit code 1 when some do not fit."
            },
            mixinStandardHelpOptions = true)
    int tlsCheck(
            @Parameters(paramLabel = "PROXY", description = "Who calls.") String proxy,
            @Parameters(
                            arity = "0..1",
                            defaultValue = "",
                            paramLabel = "SERVICE",
                            description = "NAME.NAMESPACE or a host name; all when left out.")
                    String service,
            @Option(
                            names = {"-n", "--namespace"},
                            defaultValue = "",
                            description = "Of PROXY, where it names none.")
                    String namespace,
            @Mixin OutputOption output,
            @Mixin ControlPlaneOption controlPlane) {
        ControlPlane control = controlPlane.reader();
        JsonNode caller = ProxyName.parse(proxy, namespace).find(control.workloads());
        Catalogue catalogue = Catalogue.of(control);
        List<Catalogue.Port> ports =
                service.isEmpty()
                        ? catalogue.ports()
                        : Catalogue.ports(catalogue.find(service, ""));
        List<Map<String, Object>> checked = new ArrayList<>();
        for (Catalogue.Port port : ports) {
            JsonNode mtls =
                    new Question(
                                    caller.path("namespace").asString(""),
                                    caller.path("workload").asString(""),
                                    port.host(),
                                    port.number(),
                                    port.scheme(),
                                    "GET",
                                    "/")
                            .ask(control)
                            .path("mtls");
            checked.add(row(port, mtls));
        }
        PrintWriter out = line().getOut();
        if (output.isStructured()) {
            output.print(out, checked);
        } else {
            TextTable table =
                    new TextTable(
                            "HOST:PORT",
                            "STATUS",
                            "SERVER",
                            "CLIENT",
                            "AUTHN POLICY",
                            "DESTINATION RULE");
            checked.forEach(each -> table.row(each.values().toArray()));
            table.lines().forEach(out::println);
        }
        boolean fits = checked.stream().noneMatch(each -> "CONFLICT".equals(each.get("status")));
        return fits ? ExitCodes.OK : ExitCodes.DIFFERENT;
    }

    /** Nothing is known of a service that no workload of the mesh stands behind. */
    private static Map<String, Object> row(Catalogue.Port port, JsonNode mtls) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("hostPort", port.toString());
        boolean known = mtls.isObject();
        row.put("status", !known ? "-" : mtls.path("fits").asBoolean(false) ? "OK" : "CONFLICT");
        row.put("server", known ? mtls.path("server").asString("") : "-");
        row.put("client", known ? client(mtls.path("client").asString("")) : "-");
        row.put("authnPolicy", policy(mtls.path("serverOrigin"), "PeerAuthentication"));
        row.put("destinationRule", policy(mtls.path("clientOrigin"), "DestinationRule"));
        return row;
    }

    private static String client(String words) {
        return switch (words) {
            case "mutual TLS" -> "mTLS";
            case "plain text" -> "HTTP";
            default -> words;
        };
    }

    private static String policy(JsonNode origin, String kind) {
        if (origin.path("file").asString("").isEmpty()) {
            return "-";
        }
        String name =
                origin.path("name").asString("") + "/" + origin.path("namespace").asString("");
        String of = origin.path("kind").asString("");
        return of.equals(kind) ? name : of + " " + name;
    }
}
