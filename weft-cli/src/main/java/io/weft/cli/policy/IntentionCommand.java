package io.weft.cli.policy;

import io.weft.cli.control.Catalogue;
import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.control.ProxyName;
import io.weft.cli.control.Question;
import io.weft.cli.shell.CommandGroup;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.OutputOption;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Whether one may call another, as Consul's users ask. */
@Command(
        name = "intention",
        description = "Ask whether one workload may call another service.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = CommandLine.HelpCommand.class)
public final class IntentionCommand extends CommandGroup {

    @Command(
            name = "check",
            description = {
                "Print Allowed or Denied, and on standard error which line decides.",
                "All policies in force count, whichever dialect they are written in."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:allowed", "1:denied", "65:no such workload or service"})
    int check(
            @Parameters(paramLabel = "SRC", description = "A workload: NAME.NAMESPACE or NAME.")
                    String source,
            @Parameters(paramLabel = "DST", description = "A service: NAME.NAMESPACE or NAME.")
                    String destination,
            @Option(
                            names = {"-n", "--namespace"},
                            defaultValue = "",
                            description = "Of both, where they name none.")
                    String namespace,
            @Option(
                            names = "--port",
                            defaultValue = "0",
                            description = "Of DST (default: its first).")
                    int port,
            @Option(names = "--method", defaultValue = "GET", description = "Of an HTTP request.")
                    String method,
            @Option(names = "--path", defaultValue = "/", description = "Of an HTTP request.")
                    String path,
            @Mixin OutputOption output,
            @Mixin ControlPlaneOption controlPlane) {
        ControlPlane control = controlPlane.reader();
        JsonNode caller = ProxyName.parse(source, namespace).find(control.workloads());
        JsonNode service = Catalogue.of(control).find(destination, namespace);
        Catalogue.Port asked = port(service, port);
        JsonNode explanation =
                new Question(
                                caller.path("namespace").asString(""),
                                caller.path("workload").asString(""),
                                asked.host(),
                                asked.number(),
                                asked.scheme(),
                                method,
                                path)
                        .ask(control);
        return answer(explanation.path("decision"), output);
    }

    private static Catalogue.Port port(JsonNode service, int number) {
        List<Catalogue.Port> ports = Catalogue.ports(service);
        return ports.stream()
                .filter(each -> number == 0 || each.number() == number)
                .findFirst()
                .orElseThrow(() ->
                        new CommandProblem(
                                ExitCodes.BAD_DATA,
                                service.path("host").asString("")
                                        + ": no port "
                                        + (number == 0 ? "" : number)
                                        + " (expected: one of "
                                        + ports
                                        + ")"));
    }

    private int answer(JsonNode decision, OutputOption output) {
        boolean allowed = decision.path("result").asString("").equals("ALLOWED");
        String by = describe(decision.path("origin"));
        PrintWriter out = line().getOut();
        if (output.isStructured()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("allowed", allowed);
            answer.put("reason", decision.path("reason").asString(""));
            answer.put("decidedBy", by);
            output.print(out, answer);
        } else {
            out.println(allowed ? "Allowed" : "Denied");
            line().getErr().println(decision.path("reason").asString("") + "; decided by " + by);
        }
        return allowed ? ExitCodes.OK : ExitCodes.DIFFERENT;
    }

    /** {@code Kind namespace/name file:line}. */
    static String describe(JsonNode origin) {
        String namespace = origin.path("namespace").asString("");
        String file = origin.path("file").asString("");
        return origin.path("kind").asString("")
                + " "
                + (namespace.isEmpty() ? "" : namespace + "/")
                + origin.path("name").asString("")
                + (file.isEmpty() ? "" : " " + file + ":" + origin.path("line").asInt(0));
    }
}
