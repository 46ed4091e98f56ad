package io.weft.cli.live;

import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.StructuredText;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Golden signals by route, listened to for a while at the callers: they know the route, and how
 * often each request was really sent.
 */
@Command(
        name = "routes",
        description = {
            "Tell the golden signals of each route: of a service, of who calls a workload, or with"
                    + " --to of what a workload calls.",
            "With --to and -o wide, effective numbers (as the application sees them) beside actual"
                    + " ones (every try counts)."
        },
        mixinStandardHelpOptions = true)
public final class RoutesCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "RESOURCE",
            description = "svc/NAME, deploy/NAME, pod/NAME or ns/NAME.")
    private String resource = "";

    @Option(
            names = "--to",
            paramLabel = "SERVICE",
            description = "What RESOURCE calls: svc/NAME, svc/NAME.NAMESPACE or a host name.")
    private String to = "";

    @Mixin private final TapFilter filter = new TapFilter();

    @Option(
            names = {"-t", "--time-window"},
            description = "Listen for so long, as 30s or 5m (default: ${DEFAULT-VALUE}).",
            defaultValue = "10s")
    private String window = "10s";

    @Option(
            names = {"-o", "--output"},
            description = "table, wide or json (default: ${DEFAULT-VALUE}).",
            defaultValue = "table")
    private LiveFormat format = LiveFormat.TABLE;

    @Mixin private final ControlPlaneOption control = new ControlPlaneOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        LiveResource whom = LiveResource.parse(resource);
        int seconds = LiveWindow.seconds(window, "--time-window");
        boolean ofService = whom.kind().equals("service");
        RouteCounts counts = new RouteCounts(filter.perSecond());
        Predicate<Fate> wanted = to.isEmpty() ? isFor(whom) : fate -> isService(fate, to);
        // Whoever may call it is listened to, unless callers are what was named.
        LiveResource callers = to.isEmpty() ? new LiveResource("namespace", "") : whom;
        long begun = System.nanoTime();
        try (TapRun run =
                TapRun.start(
                        control.operator(),
                        filter.asked(callers, "outbound"),
                        line -> {
                            Fate fate = new Fate(line);
                            if (!fate.isInbound() && wanted.test(fate)) {
                                counts.add(fate);
                            }
                        })) {
            run.await(Duration.ofSeconds(seconds));
        }
        double listened = Math.max(0.001, (System.nanoTime() - begun) / 1e9);
        print(counts, listened, ofService || !to.isEmpty());
        return ExitCodes.OK;
    }

    private void print(RouteCounts counts, double listened, boolean services) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == LiveFormat.JSON) {
            out.println(
                    StructuredText.json(Map.of(resource, counts.values(listened, !to.isEmpty()))));
        } else if (counts.isEmpty()) {
            spec.commandLine().getErr().println("No traffic found.");
        } else {
            boolean both = format == LiveFormat.WIDE && !to.isEmpty();
            counts.lines(services ? "SERVICE" : "AUTHORITY", listened, both).forEach(out::println);
        }
        if (counts.isSampled()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "some proxies have told as many requests as they may ("
                                    + filter.perSecond()
                                    + " a second): rates are lower bounds");
        }
    }

    private Predicate<Fate> isFor(LiveResource whom) {
        return switch (whom.kind()) {
            case "service" -> fate -> isService(fate, whom.name());
            case "workload" -> fate -> end(fate, "workload").equals(whom.name()) && isHere(fate);
            case "instance" ->
                    fate ->
                            fate.instance().endsWith("/" + whom.name())
                                    || fate.instance().equals(whom.name());
            default -> fate -> end(fate, "namespace").equals(whom.name());
        };
    }

    private boolean isHere(Fate fate) {
        return filter.namespace().isEmpty() || end(fate, "namespace").equals(filter.namespace());
    }

    private static String end(Fate fate, String name) {
        return fate.line().path("edge").path("target").path(name).asString("");
    }

    /** {@code svc/NAME}, {@code NAME.NAMESPACE} or a host name. */
    private boolean isService(Fate fate, String named) {
        String name = named.replaceFirst("^(svc|service|services)/", "");
        String host = fate.service();
        boolean byName = host.startsWith(name + ".") && name.indexOf('.') < 0 && isHere(fate);
        return host.equals(name) || byName || name.indexOf('.') > 0 && host.startsWith(name + ".");
    }
}
