package io.weft.cli.support;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.ExitCodes;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where the console is. */
@Command(
        name = "dashboard",
        description = "Print where the console is, and open it in a browser if there is one.",
        mixinStandardHelpOptions = true)
public final class DashboardCommand implements Callable<Integer> {

    @Option(
            names = "--browser",
            arity = "0..1",
            fallbackValue = "true",
            description = "Open it: true, false (default: where there is a desktop).")
    private boolean browser = System.getenv("DISPLAY") != null || isMac();

    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        ControlPlane control = controlPlane.reader();
        control.status();
        URI console = control.url().resolve("/");
        spec.commandLine().getOut().println(console);
        if (browser) {
            open(console);
        }
        return ExitCodes.OK;
    }

    private static boolean isMac() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
    }

    /** Who has no browser has the address. */
    private void open(URI console) {
        try {
            new ProcessBuilder(List.of(isMac() ? "open" : "xdg-open", console.toString()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            spec.commandLine().getErr().println("weft: no browser could be opened");
        }
    }
}
