package io.weft.cli;

import io.weft.cli.live.EdgesCommand;
import io.weft.cli.live.RoutesCommand;
import io.weft.cli.live.StatCommand;
import io.weft.cli.live.TapCommand;
import io.weft.cli.live.TopCommand;
import io.weft.cli.policy.AuthnCommand;
import io.weft.cli.policy.AuthzCommand;
import io.weft.cli.policy.DescribeCommand;
import io.weft.cli.policy.IntentionCommand;
import io.weft.cli.policy.TroubleshootCommand;
import io.weft.cli.proxy.ProxyCommand;
import io.weft.cli.proxy.ProxyConfigCommand;
import io.weft.cli.proxy.ProxyStatusCommand;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.support.BugReportCommand;
import io.weft.cli.support.CheckCommand;
import io.weft.cli.support.CheckInjectCommand;
import io.weft.cli.support.DashboardCommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code weft}. */
@Command(
        name = "weft",
        description = "A service mesh for teams that run on the JVM and on Spring.",
        versionProvider = VersionCommand.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            LabCommand.class,
            AnalyzeCommand.class,
            ExplainCommand.class,
            TestCommand.class,
            DiffCommand.class,
            StatusCommand.class,
            CheckCommand.class,
            ProxyStatusCommand.class,
            ProxyConfigCommand.class,
            ProxyCommand.class,
            DescribeCommand.class,
            AuthzCommand.class,
            AuthnCommand.class,
            IntentionCommand.class,
            TroubleshootCommand.class,
            CheckInjectCommand.class,
            StatCommand.class,
            RoutesCommand.class,
            EdgesCommand.class,
            TopCommand.class,
            TapCommand.class,
            DashboardCommand.class,
            BugReportCommand.class,
            CaCommand.class,
            TokenCommand.class,
            VersionCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        })
public final class Weft implements Runnable {

    private static final Pattern CHOICE =
            Pattern.compile(
                    "Invalid value for option '(--?[a-z-]+)'[^:]*: expected one of \\[([A-Z_, ]+)\\]"
                            + " \\(case-insensitive\\) but was '(.*)'");
    private static final Pattern UNMATCHED =
            Pattern.compile("Unmatched arguments? (?:at|from) index [0-9]+: (.*)");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /** Runs one command; the exit code tells how it went, see {@link ExitCodes}. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line, for whoever runs it inside a program. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Weft());
        line.setParameterExceptionHandler(Weft::explainMisuse);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof CommandProblem problem) {
                command.getErr().println("weft: " + problem.getMessage());
                return problem.exitCode();
            }
            throw failure;
        });
        line.registerConverter(Suppression.class, new Suppression.Converter());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        return line;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new CommandProblem(ExitCodes.USAGE, "no command given (expected: one of the above)");
    }

    private static int explainMisuse(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("weft: " + plain(e.getMessage()));
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                err.println("Did you mean: " + String.join(", ", suggestions) + "?");
            }
        }
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCodes.USAGE;
    }

    /** Words that are wrong, said as all of Weft's errors are; what is not known stays as it is. */
    private static String plain(@Nullable String message) {
        String text = message == null ? "" : message;
        Matcher choice = CHOICE.matcher(text);
        if (choice.matches()) {
            return choice.group(1)
                    + ": '"
                    + choice.group(3)
                    + "' (expected: "
                    + choice.group(2).toLowerCase(Locale.ROOT)
                    + ")";
        }
        Matcher unmatched = UNMATCHED.matcher(text);
        return unmatched.matches()
                ? unmatched.group(1) + ": not understood (expected: a command or an option)"
                : text;
    }
}
