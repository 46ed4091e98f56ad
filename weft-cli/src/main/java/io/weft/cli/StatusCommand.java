package io.weft.cli;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.OutputOption;
import io.weft.cli.shell.TextTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** How the control plane does: which commit is in force, and whether a newer one was refused. */
@Command(
        name = "status",
        description = "Tell which commit is in force, and how far it has come.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    @Mixin private final OutputOption output = new OutputOption();

    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        ControlPlane client = controlPlane.reader();
        JsonNode status = client.status();
        PrintWriter out = spec.commandLine().getOut();
        if (output.isStructured()) {
            output.print(out, status);
            return ExitCodes.OK;
        }
        JsonNode inForce = status.path("inForce");
        TextTable table = new TextTable("WHAT", "VALUE");
        table.row(
                "in force",
                inForce.isObject()
                        ? inForce.path("shortCommit").asString("")
                                + "  "
                                + inForce.path("message").asString("")
                                + "  ("
                                + inForce.path("author").asString("")
                                + ")"
                        : "nothing yet");
        table.row("since", status.path("since").asString("-"));
        table.row("revision", status.path("revision").asString("-"));
        table.row(
                "proxies",
                "%d, %d connected, %d up to date"
                        .formatted(
                                status.path("instances").asInt(0),
                                status.path("connected").asInt(0),
                                status.path("inSync").asInt(0)));
        table.row("warnings", status.path("warnings").asInt(0));
        table.lines().stream().skip(1).forEach(out::println);
        JsonNode refused = status.path("refused");
        if (refused.isObject()) {
            out.println();
            out.println(
                    "The newest commit "
                            + refused.path("commit").path("shortCommit").asString("")
                            + " was refused:");
            List<Finding> findings = Finding.of(client);
            findings.forEach(finding -> out.println("  " + finding.line(finding.level().title())));
        }
        return ExitCodes.OK;
    }
}
