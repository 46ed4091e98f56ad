package io.weft.cli.support;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.ColorOption;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.StructuredText;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether the mesh does well, with the reason and a hint where it does not. */
@Command(
        name = "check",
        description = "Check whether the mesh does well, with a hint where it does not.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing failed (there may be warnings)", "1:something failed"})
public final class CheckCommand implements Callable<Integer> {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How it is printed. */
    enum Format {
        TABLE,
        SHORT,
        JSON
    }

    @Option(
            names = {"-o", "--output"},
            description = "table, short (troubles only) or json (default: ${DEFAULT-VALUE}).",
            defaultValue = "table")
    private Format format = Format.TABLE;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            description = "Try for so long until nothing fails, as 30s or 5m (default: 0s).")
    private String wait = "";

    @Mixin private final ColorOption color = new ColorOption();
    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        long until = System.nanoTime() + patience().toNanos();
        ControlPlane control = controlPlane.reader();
        CheckReport report = new MeshChecks(control, InstantSource.system()).run();
        while (!report.success() && System.nanoTime() < until && pause()) {
            report = new MeshChecks(control, InstantSource.system()).run();
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.JSON) {
            out.println(StructuredText.json(report));
        } else {
            report.lines(color.style(), format == Format.SHORT).forEach(out::println);
            out.println(report.lastLine(color.style()));
        }
        return report.success() ? ExitCodes.OK : ExitCodes.DIFFERENT;
    }

    private Duration patience() {
        if (wait.isEmpty()) {
            return Duration.ZERO;
        }
        if (!wait.matches("[0-9]{1,4}[sm]")) {
            throw new CommandProblem(
                    ExitCodes.USAGE, "--wait: '" + wait + "' (expected: 30s or 5m)");
        }
        long number = Long.parseLong(wait.substring(0, wait.length() - 1));
        return wait.endsWith("m") ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
