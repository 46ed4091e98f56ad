package io.weft.cli;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.CommandGroup;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.OutputOption;
import io.weft.cli.shell.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The certificate authority. */
@Command(
        name = "ca",
        description = "Look after the certificate authority: its roots, and what is denied.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = CommandLine.HelpCommand.class)
final class CaCommand extends CommandGroup {

    private static final String CA = "/api/v1/ca";

    @Command(
            name = "status",
            description = "Tell the roots, how far a rotation is, and who lags behind.",
            mixinStandardHelpOptions = true)
    int status(@Mixin ControlPlaneOption controlPlane, @Mixin OutputOption output) {
        JsonNode status = controlPlane.operator().get(CA);
        if (output.isStructured()) {
            output.print(out(), status);
            return ExitCodes.OK;
        }
        return show(status);
    }

    @Command(
            name = "rotate",
            description = {
                "Take the next step of replacing the root: announce the next one; when all trust it,"
                        + " let it sign; when no certificate of the old one is left, forget that.",
                "A step that would cut somebody off is refused with the reason."
            },
            mixinStandardHelpOptions = true)
    int rotate(
            @Mixin ControlPlaneOption controlPlane,
            @Option(names = "--force", description = "Also when workloads lag behind.")
                    boolean force,
            @Option(names = "--cancel", description = "Take an announcement back.")
                    boolean cancel) {
        ControlPlane operator = controlPlane.operator();
        JsonNode status =
                cancel
                        ? operator.delete(CA + "/rotation")
                        : operator.post(CA + "/rotation?force=" + force, Map.of());
        return show(status);
    }

    @Command(
            name = "deny",
            description = "Put a certificate's serial number or a SPIFFE ID on the deny-list.",
            mixinStandardHelpOptions = true)
    int deny(
            @Mixin ControlPlaneOption controlPlane,
            @Parameters(paramLabel = "SERIAL|ID") String subject,
            @Option(names = "--reason", defaultValue = "", description = "For the list.")
                    String reason) {
        return show(
                controlPlane
                        .operator()
                        .post(CA + "/denied", Map.of("subject", subject, "reason", reason)));
    }

    @Command(
            name = "allow",
            description = "Take it from the deny-list.",
            mixinStandardHelpOptions = true)
    int allow(
            @Mixin ControlPlaneOption controlPlane,
            @Parameters(paramLabel = "SERIAL|ID") String subject) {
        String encoded = URLEncoder.encode(subject, StandardCharsets.UTF_8);
        return show(controlPlane.operator().delete(CA + "/denied?subject=" + encoded));
    }

    @Command(
            name = "bundle",
            description = "Print our roots as a SPIFFE bundle, for other trust domains.",
            mixinStandardHelpOptions = true)
    int bundle(@Mixin ControlPlaneOption controlPlane) {
        out().println(controlPlane.operator().get(CA + "/bundle").toPrettyString());
        return ExitCodes.OK;
    }

    @Command(
            name = "csr",
            description = "Print a request for an intermediate that an outer authority may sign.",
            mixinStandardHelpOptions = true)
    int csr(@Mixin ControlPlaneOption controlPlane) {
        out().print(
                        controlPlane
                                .operator()
                                .post(CA + "/request", Map.of())
                                .path("csrPem")
                                .asString(""));
        return ExitCodes.OK;
    }

    @Command(
            name = "import",
            description = "Take what the outer authority has signed; another root is announced.",
            mixinStandardHelpOptions = true)
    int take(
            @Mixin ControlPlaneOption controlPlane,
            @Option(names = "--chain", required = true, description = "PEM, ours first.")
                    Path chain,
            @Option(names = "--roots", required = true, description = "PEM.") Path roots) {
        return show(
                controlPlane
                        .operator()
                        .post(
                                CA + "/certificate",
                                Map.of("chainPem", read(chain), "rootsPem", read(roots))));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandProblem(ExitCodes.BAD_DATA, file + ": cannot be read (expected: PEM)");
        }
    }

    private PrintWriter out() {
        return line().getOut();
    }

    private int show(JsonNode status) {
        PrintWriter out = out();
        JsonNode authority = status.path("authority");
        out.println("trust domain: " + authority.path("trustDomain").asString(""));
        out.println("phase:        " + authority.path("phase").asString(""));
        out.println("next step:    " + nextStep(authority, status.path("waitingFor").asString("")));
        String problem = status.path("problem").asString("");
        if (!problem.isEmpty()) {
            out.println("PROBLEM:      " + problem);
        }
        out.println();
        TextTable roots = new TextTable("ROOT", "SIGNS", "UNTIL", "SUBJECT");
        String signing = authority.path("signedBy").asString("");
        for (JsonNode root : authority.path("roots")) {
            String fingerprint = root.path("fingerprint").asString("");
            roots.row(
                    fingerprint,
                    fingerprint.equals(signing) ? "yes" : "no",
                    root.path("notAfter").asString(""),
                    root.path("subject").asString(""));
        }
        roots.lines().forEach(out::println);
        details(out, status, signing);
        return ExitCodes.OK;
    }

    private static String nextStep(JsonNode authority, String waitingFor) {
        if (!waitingFor.isEmpty()) {
            return "waits: " + waitingFor;
        }
        return switch (authority.path("phase").asString("")) {
            case "ANNOUNCED" -> "weft ca rotate lets the new root sign";
            case "SWITCHED" -> "weft ca rotate forgets the old root";
            default -> "weft ca rotate announces a new root";
        };
    }

    private static void details(PrintWriter out, JsonNode status, String signing) {
        JsonNode denied = status.path("authority").path("denied");
        if (!denied.isEmpty()) {
            out.println();
            TextTable table = new TextTable("DENIED", "SINCE", "REASON");
            for (JsonNode each : denied) {
                table.row(
                        each.path("subject").asString(""),
                        each.path("at").asString(""),
                        each.path("reason").asString(""));
            }
            table.lines().forEach(out::println);
        }
        if (!status.path("federation").isEmpty()) {
            out.println();
            TextTable table = new TextTable("FEDERATED WITH", "ROOTS", "PROBLEM");
            for (JsonNode each : status.path("federation")) {
                table.row(
                        each.path("trustDomain").asString(""),
                        each.path("roots").asInt(0),
                        each.path("problem").asString(""));
            }
            table.lines().forEach(out::println);
        }
        if (!status.path("workloads").isEmpty()) {
            out.println();
            TextTable table = new TextTable("WORKLOAD", "CONNECTED", "TRUSTS ALL", "NEW ROOT");
            for (JsonNode each : status.path("workloads")) {
                table.row(
                        each.path("instance").asString("")
                                + "."
                                + each.path("namespace").asString(""),
                        each.path("connected").asBoolean(false) ? "yes" : "no",
                        each.path("trustsAll").asBoolean(false) ? "yes" : "no",
                        each.path("signedBy").asString("").equals(signing) ? "yes" : "no");
            }
            table.lines().forEach(out::println);
        }
    }
}
