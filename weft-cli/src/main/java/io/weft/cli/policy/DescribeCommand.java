package io.weft.cli.policy;

import io.weft.cli.control.Catalogue;
import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.control.ProxyName;
import io.weft.cli.shell.CommandGroup;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.OutputOption;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What holds for a pod or a service. */
@Command(
        name = "describe",
        description = "Tell what holds for a pod or a service: mTLS, policies, routes.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = CommandLine.HelpCommand.class)
public final class DescribeCommand extends CommandGroup {

    @Command(
            name = "pod",
            aliases = {"po", "deploy", "workload"},
            description = "Its proxy, and for each port mTLS mode, token rules and policies.",
            mixinStandardHelpOptions = true)
    int pod(
            @Parameters(paramLabel = "NAME", description = "NAME.NAMESPACE, NAMESPACE/WORKLOAD.")
                    String name,
            @Option(
                            names = {"-n", "--namespace"},
                            defaultValue = "",
                            description = "Where NAME names none.")
                    String namespace,
            @Mixin OutputOption output,
            @Mixin ControlPlaneOption controlPlane) {
        ControlPlane control = controlPlane.reader();
        JsonNode workload = ProxyName.parse(name, namespace).find(control.workloads());
        return print(new PodDescription(control, workload).values(), output);
    }

    @Command(
            name = "service",
            aliases = {"svc", "services"},
            description = "Its ports and endpoints, the routes to it, and the gateways before it.",
            mixinStandardHelpOptions = true)
    int service(
            @Parameters(paramLabel = "NAME", description = "NAME.NAMESPACE or a host name.")
                    String name,
            @Option(
                            names = {"-n", "--namespace"},
                            defaultValue = "",
                            description = "Where NAME names none.")
                    String namespace,
            @Option(
                            names = "--from",
                            defaultValue = "",
                            paramLabel = "PROXY",
                            description =
                                    "Whose routes are told (default: a workload of the service's"
                                            + " own namespace).")
                    String from,
            @Mixin OutputOption output,
            @Mixin ControlPlaneOption controlPlane) {
        ControlPlane control = controlPlane.reader();
        JsonNode service = Catalogue.of(control).find(name, namespace);
        return print(new ServiceDescription(control, service, from).values(), output);
    }

    private int print(Map<String, Object> values, OutputOption output) {
        PrintWriter out = line().getOut();
        if (output.isStructured()) {
            output.print(out, values);
        } else {
            indented(values, "", out);
        }
        return ExitCodes.OK;
    }

    /** Names and values, what belongs to something below it. */
    private static void indented(Map<?, ?> values, String margin, PrintWriter out) {
        values.forEach((name, value) -> {
            switch (value) {
                case Map<?, ?> inner -> {
                    out.println(margin + name + ":");
                    indented(inner, margin + "   ", out);
                }
                case List<?> list -> {
                    out.println(margin + name + ":" + (list.isEmpty() ? " none" : ""));
                    for (Object each : list) {
                        if (each instanceof Map<?, ?> inner) {
                            indented(inner, margin + "   ", out);
                        } else {
                            out.println(margin + "   " + each);
                        }
                    }
                }
                default -> out.println(margin + name + ": " + value);
            }
        });
    }
}
