package io.weft.blog.launcher;

import io.weft.blog.launcher.check.AcceptanceList;
import io.weft.blog.launcher.check.CheckReport;
import io.weft.blog.launcher.topology.DemoDialect;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program behind {@code ./weft demo}. */
@Command(
        name = "weft demo",
        description = "Run the blog behind the mesh on this machine: no root, no containers.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by Ctrl-C, or every check passed",
            "1:a check failed",
            "64:wrong call",
            "65:the repository or its policies cannot be used",
            "69:a port is taken, or something is missing",
            "70:a part did not start"
        })
public final class DemoLauncher implements Callable<Integer> {

    private static final int STOPPED = 130;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @Option(
            names = "--dialect",
            paramLabel = "NAME",
            description = "Policies written as istio, smi or consul (default: ${DEFAULT-VALUE}).",
            defaultValue = "istio")
    private String dialect = "istio";

    @Option(names = "--check", description = "Run the acceptance list, print it, and leave.")
    private boolean check;

    @Option(names = "--json", description = "With --check: print one JSON document.")
    private boolean json;

    @Option(names = "--processes", description = "Give every sidecar a process of its own.")
    private boolean processes;

    @Option(names = "--no-load", description = "Send no requests; only yours are in the table.")
    private boolean noLoad;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "HTTPS port of the gateway (default: 8443, or a free one when that is taken).")
    private @Nullable Integer port;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            description = "Add N to all usual ports (default: ${DEFAULT-VALUE}).",
            defaultValue = "0")
    private int portOffset;

    @Option(
            names = "--repo",
            paramLabel = "PATH",
            description =
                    "Use this Git repository instead of the sample; policies lie below mesh/.")
    private @Nullable Path repository;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description =
                    "Keep repository, logs and state there (default: a temporary folder, deleted at the end).")
    private @Nullable Path work;

    /** Runs the demo; the exit code is one of those that {@code --help} lists. */
    public static void main(String[] args) {
        CommandLine line = new CommandLine(new DemoLauncher());
        line.setUsageHelpAutoWidth(true);
        line.setParameterExceptionHandler(DemoLauncher::explainMisuse);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof DemoProblem problem) {
                System.err.println("weft demo: " + problem.getMessage());
                return problem.exitCode();
            }
            throw failure;
        });
        System.exit(line.execute(args));
    }

    private static int explainMisuse(ParameterException e, String[] args) {
        System.err.println("weft demo: " + e.getMessage());
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            System.err.println(
                    "Did you mean: " + String.join(", ", unmatched.getSuggestions()) + "?");
        }
        System.err.println("Try './weft demo --help'.");
        return DemoProblem.USAGE;
    }

    @Override
    public Integer call() throws InterruptedException {
        DemoOptions options = options();
        boolean terminal = System.console() != null && System.console().isTerminal();
        Progress progress = new Progress(System.err, terminal);
        OpenParts parts = new OpenParts();
        CountDownLatch ended = new CountDownLatch(1);
        Thread running = Thread.currentThread();
        Thread stop = new Thread(() -> stop(running, parts, progress, ended), "weft-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            Demo demo = Demo.start(options, progress, parts);
            progress.clear();
            return check ? check(demo, terminal) : show(demo, terminal, parts, ended);
        } catch (InterruptedException | RuntimeException e) {
            if (ended.getCount() == 0) {
                return STOPPED; // whatever broke, broke because the demo is being stopped
            }
            throw e;
        } finally {
            parts.close();
            if (ended.getCount() > 0) {
                Runtime.getRuntime().removeShutdownHook(stop);
            }
        }
    }

    private static void stop(
            Thread running, OpenParts parts, Progress progress, CountDownLatch ended) {
        ended.countDown();
        running.interrupt();
        progress.done("stopping");
        parts.close();
        progress.done("stopped");
    }

    private DemoOptions options() {
        String home = System.getProperty("weft.home");
        if (home == null) {
            throw new DemoProblem(
                    DemoProblem.USAGE, "weft.home: not set (expected: start it by ./weft demo)");
        }
        if (json && !check) {
            throw new DemoProblem(DemoProblem.USAGE, "--json: only with --check");
        }
        if (port != null && (port < 1 || port > 65535)) {
            throw new DemoProblem(DemoProblem.USAGE, "--port: " + port + " (expected: 1 to 65535)");
        }
        return new DemoOptions(
                Path.of(home),
                DemoDialect.parse(dialect),
                processes,
                port,
                portOffset,
                repository,
                work);
    }

    private int check(Demo demo, boolean terminal) throws InterruptedException {
        CheckReport report = new CheckReport(System.out, json, terminal);
        report.start();
        List<io.weft.blog.launcher.check.CheckRow> rows =
                AcceptanceList.run(demo.checked(), report::row);
        return report.end(rows) ? 0 : 1;
    }

    private int show(Demo demo, boolean terminal, OpenParts parts, CountDownLatch ended)
            throws InterruptedException {
        new Welcome(System.out).print(demo);
        new Show(demo, System.out, terminal).run(parts, noLoad, ended);
        return 0;
    }
}
