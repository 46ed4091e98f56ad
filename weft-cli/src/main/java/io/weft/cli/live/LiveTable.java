package io.weft.cli.live;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.StructuredText;
import io.weft.cli.shell.TextTable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that tells traffic of a while, as a table or as JSON. */
abstract class LiveTable implements Callable<Integer> {

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

    /** What there is to tell. */
    interface Traffic {

        /** For JSON. */
        Object values();

        /** For people; null when there was none. */
        @Nullable TextTable table(boolean wide);
    }

    /** Asks the control plane. */
    abstract Traffic traffic(ControlPlane control, int seconds, LiveFormat asked);

    /** Says that there was none. */
    abstract String nothing();

    @Override
    public final Integer call() {
        Traffic traffic = traffic(controlPlane.reader(), window.seconds(), format);
        if (format == LiveFormat.JSON) {
            spec.commandLine().getOut().println(StructuredText.json(traffic.values()));
            return ExitCodes.OK;
        }
        TextTable table = traffic.table(format == LiveFormat.WIDE);
        if (table == null) {
            spec.commandLine().getErr().println(nothing());
        } else {
            table.lines().forEach(spec.commandLine().getOut()::println);
        }
        return ExitCodes.OK;
    }
}
