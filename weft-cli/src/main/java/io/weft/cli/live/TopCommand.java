package io.weft.cli.live;

import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.ColorOption;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.StructuredText;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The requests that come most often, live; with Linkerd's columns. */
@Command(
        name = "top",
        description = {
            "Show the requests that come most often, live.",
            "Where the output is no terminal, once at the end of --duration."
        },
        mixinStandardHelpOptions = true)
public final class TopCommand implements Callable<Integer> {

    private static final Duration REDRAW = Duration.ofSeconds(1);
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Parameters(
            paramLabel = "RESOURCE",
            description = "deploy/NAME, svc/NAME, pod/NAME or ns/NAME.")
    private String resource = "";

    @Mixin private final TapFilter filter = new TapFilter();

    @Option(names = "--routes", description = "By route instead of by method and path.")
    private boolean routes;

    @Option(names = "--hide-sources", description = "Sum over callers.")
    private boolean hideSources;

    @Option(
            names = "--duration",
            description =
                    "Leave after so much time, as 30s or 5m (default: never on a terminal, else"
                            + " 10s).")
    private String duration = "";

    @Option(
            names = {"-o", "--output"},
            description = "table or json (default: ${DEFAULT-VALUE}).",
            defaultValue = "table")
    private LiveFormat format = LiveFormat.TABLE;

    @Mixin private final ColorOption color = new ColorOption();
    @Mixin private final ControlPlaneOption control = new ControlPlaneOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        LiveResource whom = LiveResource.parse(resource);
        TopTable table = new TopTable(routes, hideSources);
        boolean live = color.isOn() && format != LiveFormat.JSON;
        long left =
                duration.isEmpty()
                        ? live ? Long.MAX_VALUE : 10
                        : LiveWindow.seconds(duration, "--duration");
        PrintWriter out = spec.commandLine().getOut();
        // Both sides of a request would be told; callers know the route and the retries.
        String direction = whom.kind().equals("namespace") ? "outbound" : "";
        try (TapRun run =
                TapRun.start(
                        control.operator(),
                        filter.asked(whom, direction),
                        line -> table.add(new Fate(line)))) {
            if (live) {
                while (left-- > 0 && run.await(REDRAW)) {
                    out.print(CLEAR);
                    table.lines().forEach(out::println);
                    out.flush();
                }
            } else {
                run.await(Duration.ofSeconds(left));
            }
        }
        if (format == LiveFormat.JSON) {
            out.println(StructuredText.json(table.values()));
        } else if (!live) {
            table.lines().forEach(out::println);
        }
        return ExitCodes.OK;
    }
}
