package io.weft.cli;

import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.CommandGroup;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Join tokens. */
@Command(
        name = "token",
        description = "Make tokens by which workloads join the mesh.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TokenCommand.Create.class, CommandLine.HelpCommand.class})
final class TokenCommand extends CommandGroup {

    /** Makes one. */
    @Command(
            name = "create",
            description = "Make a one-time token for one identity; it is shown only now.",
            mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {

        @Option(
                names = {"-n", "--namespace"},
                required = true,
                description = "Of the workload.")
        private String namespace = "";

        @Option(names = "--service-account", required = true, description = "Of the workload.")
        private String serviceAccount = "";

        @Option(
                names = "--ttl",
                paramLabel = "DURATION",
                description = "How long it may be used: 30m, 24h, PT1H (default: 1h; at most 30d).",
                defaultValue = "1h")
        private String ttl = "1h";

        @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
        private CommandSpec spec;

        @Override
        public Integer call() {
            long seconds = duration(ttl).toSeconds();
            JsonNode made =
                    controlPlane
                            .operator()
                            .post(
                                    "/api/v1/tokens",
                                    Map.of(
                                            "namespace", namespace,
                                            "serviceAccount", serviceAccount,
                                            "expiresInSeconds", seconds));
            spec.commandLine().getOut().println(made.path("token").asString(""));
            spec.commandLine()
                    .getErr()
                    .println(
                            "for ns/"
                                    + namespace
                                    + "/sa/"
                                    + serviceAccount
                                    + ", once, until "
                                    + made.path("expiresAt").asString(""));
            return ExitCodes.OK;
        }

        private static Duration duration(String text) {
            try {
                String upper = text.toUpperCase(Locale.ROOT);
                if (upper.startsWith("P")) {
                    return Duration.parse(upper);
                }
                return upper.endsWith("D")
                        ? Duration.parse("P" + upper)
                        : Duration.parse("PT" + upper);
            } catch (DateTimeParseException e) {
                throw new CommandProblem(
                        ExitCodes.USAGE, "--ttl: '" + text + "' (expected: 30m, 24h, 7d or PT1H)");
            }
        }
    }
}
