package io.weft.benchmarks;

import io.weft.benchmarks.load.Load;
import io.weft.benchmarks.load.Loops;
import io.weft.benchmarks.load.Mark;
import io.weft.benchmarks.load.NettyBackend;
import io.weft.benchmarks.load.Pace;
import io.weft.benchmarks.load.Target;
import io.weft.benchmarks.proxy.Identities;
import io.weft.benchmarks.proxy.RunningProxy;
import io.weft.benchmarks.proxy.Scenario;
import io.weft.benchmarks.proxy.Site;
import io.weft.benchmarks.proxy.Weft;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The shipped sidecar from exec to its first answer through it, and its memory, with several
 * options of the JVM and several layouts of its archive.
 */
public final class Startup {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration REST = Duration.ofSeconds(3);
    private static final Scenario SCENARIO = Scenario.parse("single-h1-full");

    private final Path folder;
    private final Loops loops;
    private final Site site;
    private final int runs;
    private final Duration load;

    private Startup(Path folder, Loops loops, Site site, int runs, Duration load) {
        this.folder = folder;
        this.loops = loops;
        this.site = site;
        this.runs = runs;
        this.load = load;
    }

    /**
     * @param arguments runs and seconds of load (default: 5 10), then names of variants (default:
     *     all)
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("weft.home", "."));
        Path agent = home.resolve("mesh-agent/target/mesh-agent-0.1.0-SNAPSHOT-exec.jar");
        int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        List<String> wanted =
                Arrays.asList(arguments).subList(Math.min(2, arguments.length), arguments.length);
        Path folder = Files.createTempDirectory("weft-startup");
        Machine machine = Machine.here(home);
        System.out.printf(
                "%s, %d processors, Java %s, commit %s, load %s before%n%-26s %12s %9s %9s %9s %9s %10s%n",
                machine.processor(),
                machine.processors(),
                machine.java().strip(),
                machine.commit(),
                machine.load(),
                "",
                "serving ms",
                "best",
                "idle MiB",
                "load MiB",
                "CPU s",
                "µs/request");
        try (Loops loops = new Loops();
                Collector collector = new Collector();
                NettyBackend backend = new NettyBackend(loops, "x".repeat(162))) {
            Identities identities = Identities.make(folder.resolve("identities"));
            Site site = new Site(folder, backend.port(), collector.port(), identities);
            Startup startup = new Startup(folder, loops, site, runs, Duration.ofSeconds(seconds));
            for (StartupVariant variant :
                    StartupVariant.all(
                            Files.copy(agent, folder.resolve("sidecar.jar")),
                            ShippedOptions.read(home))) {
                if (wanted.isEmpty() || wanted.contains(variant.name())) {
                    startup.measure(variant);
                }
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private void measure(StartupVariant variant) throws IOException, InterruptedException {
        List<String> program = variant.program(folder);
        if (variant.trained()) {
            train(variant, program);
        }
        double[] serving = new double[runs];
        double[] cpuSeconds = new double[runs];
        for (int run = 0; run < runs; run++) {
            long begin = System.nanoTime();
            try (RunningProxy proxy = start(variant.options(folder), program)) {
                serving[run] = awaitServing(proxy, begin);
                cpuSeconds[run] = proxy.cpuNanos() / 1e9;
                if (run == runs - 1) {
                    Thread.sleep(REST);
                    report(variant, serving, cpuSeconds, proxy.residentBytes(), loaded(proxy));
                }
            }
        }
    }

    private RunningProxy start(List<String> options, List<String> program) throws IOException {
        return new Weft("weft", options, program, "").start(SCENARIO, site);
    }

    /** A run that starts, serves and ends; its classes and profiles go into the archive. */
    private void train(StartupVariant variant, List<String> program)
            throws IOException, InterruptedException {
        try (RunningProxy proxy = start(variant.training(folder), program)) {
            awaitServing(proxy, System.nanoTime());
            loaded(proxy);
            Process process = proxy.processes().getFirst();
            process.destroy();
            process.waitFor();
        }
    }

    private record Loaded(long residentBytes, double cpuMicros) {}

    private Loaded loaded(RunningProxy proxy) throws InterruptedException {
        Target target = new Target(proxy.port(), false, Site.AUTHORITY, Site.PATH);
        try (Load running = Load.start(loops, target, new Pace.Closed(64))) {
            Thread.sleep(load.dividedBy(2));
            running.mark();
            long cpu = proxy.cpuNanos();
            Thread.sleep(load.dividedBy(2));
            Mark mark = running.mark();
            return new Loaded(
                    proxy.residentBytes(),
                    (proxy.cpuNanos() - cpu) / 1000.0 / Math.max(1, mark.requests()));
        }
    }

    /** Milliseconds from exec to the first good answer. */
    private double awaitServing(RunningProxy proxy, long begin)
            throws IOException, InterruptedException {
        while (!answers(proxy.port())) {
            if (!proxy.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IOException("the sidecar does not serve:\n" + proxy.lastWords());
            }
            Thread.sleep(2);
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 100);
            socket.setSoTimeout(2000);
            String request =
                    "GET "
                            + Site.PATH
                            + " HTTP/1.1\r\nhost: "
                            + Site.AUTHORITY
                            + "\r\nconnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] head = socket.getInputStream().readNBytes(12);
            return new String(head, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    private static void report(
            StartupVariant variant,
            double[] serving,
            double[] cpuSeconds,
            long idle,
            Loaded loaded) {
        double mebibyte = 1024 * 1024;
        System.out.printf(
                Locale.ROOT,
                "%-26s %12.0f %9.0f %9.1f %9.1f %9.2f %10.1f%n",
                variant.name(),
                Result.median(serving),
                Arrays.stream(serving).min().orElse(0),
                idle / mebibyte,
                loaded.residentBytes() / mebibyte,
                Result.median(cpuSeconds),
                loaded.cpuMicros());
    }
}
