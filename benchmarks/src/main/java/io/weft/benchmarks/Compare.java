package io.weft.benchmarks;

import io.weft.benchmarks.load.Loops;
import io.weft.benchmarks.load.NettyBackend;
import io.weft.benchmarks.proxy.Envoy;
import io.weft.benchmarks.proxy.HaProxy;
import io.weft.benchmarks.proxy.Identities;
import io.weft.benchmarks.proxy.Nginx;
import io.weft.benchmarks.proxy.ProxyKind;
import io.weft.benchmarks.proxy.RunningProxy;
import io.weft.benchmarks.proxy.Scenario;
import io.weft.benchmarks.proxy.Site;
import io.weft.benchmarks.proxy.SpringGateway;
import io.weft.benchmarks.proxy.Weft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request costs in Weft and in its peers: each proxy a process with one worker, at equal
 * features, measured in turns.
 */
public final class Compare {

    /** 162 bytes. */
    private static final String BODY = "0123456789abcdef".repeat(10) + "!!";

    private static final String HEAP_FOR_ROUTES = "-Xmx1g";

    private static final Duration SHORT_WARMING = Duration.ofSeconds(1);

    private final CompareOptions options;
    private final Report report;
    private final Path folder;

    private Compare(CompareOptions options, Path folder) {
        this.options = options;
        this.report = new Report(options, System.out);
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(CompareOptions.USAGE);
            return;
        }
        Path home = Path.of(System.getProperty("weft.home", "."));
        CompareOptions options;
        try {
            options = CompareOptions.parse(home, arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("compare: " + e.getMessage());
            System.exit(64);
            return;
        }
        Path folder = Files.createTempDirectory("weft-compare");
        try {
            new Compare(options, folder)
                    .run(Machine.here(home), "benchmarks/compare " + String.join(" ", arguments));
        } finally {
            if (options.keep()) {
                System.err.println("configuration and logs: " + folder);
            } else {
                Folders.delete(folder);
            }
        }
    }

    private void run(Machine machine, String command) throws IOException, InterruptedException {
        List<ProxyKind> all = kinds();
        List<ProxyKind> present = all.stream().filter(k -> !k.version().isEmpty()).toList();
        List<ProxyKind> absent = all.stream().filter(k -> k.version().isEmpty()).toList();
        report.head(machine, command, present, absent);
        try (Loops loops = new Loops();
                Collector collector = new Collector()) {
            Identities identities = Identities.make(folder.resolve("identities"));
            Nginx nginx = new Nginx();
            RunningProxy backend = nginx.version().isEmpty() ? null : nginx.backend(folder, BODY);
            try (NettyBackend spare = new NettyBackend(loops, BODY)) {
                int port = backend == null ? spare.port() : backend.port();
                Site site = new Site(folder, port, collector.port(), identities);
                for (Scenario scenario : options.scenarios()) {
                    report.scenario(measure(scenario, site, present, backend, loops));
                }
            } finally {
                if (backend != null) {
                    backend.close();
                }
            }
        }
    }

    private List<ProxyKind> kinds() throws IOException {
        List<ProxyKind> kinds = new ArrayList<>();
        kinds.addAll(weft());
        Map<String, ProxyKind> peers =
                Map.of(
                        "nginx", new Nginx(),
                        "haproxy", new HaProxy(),
                        "envoy", new Envoy(),
                        "scg", new SpringGateway());
        options.peers()
                .forEach(name -> kinds.add(java.util.Objects.requireNonNull(peers.get(name))));
        return kinds;
    }

    /** A copy of the archive: a build beside the measurement must not pull it away. */
    private List<ProxyKind> weft() throws IOException {
        Path copy = folder.resolve("sidecar.jar");
        boolean built = Files.isReadable(options.agent());
        if (built) {
            Files.copy(options.agent(), copy, StandardCopyOption.REPLACE_EXISTING);
        }
        List<ProxyKind> variants = new ArrayList<>();
        Path home = Path.of(System.getProperty("weft.home", "."));
        for (List<String> jvm : options.weftVariants(home)) {
            String name = variants.isEmpty() ? "weft" : "weft-" + (variants.size() + 1);
            String version = String.join(" ", jvm) + " -jar " + options.agent().getFileName();
            variants.add(
                    new Weft(name, jvm, List.of("-jar", copy.toString()), built ? version : ""));
        }
        if (options.routes() > 0) {
            List<String> jvm = new ArrayList<>(options.weftVariants(home).getFirst());
            jvm.add(HEAP_FOR_ROUTES);
            variants.add(
                    new Weft(
                            "weft-" + options.routes() + "-routes",
                            jvm,
                            List.of("-jar", copy.toString()),
                            built ? String.join(" ", jvm) : "",
                            options.routes(),
                            true));
        }
        if (options.telemetry()) {
            List<String> jvm = options.weftVariants(home).getFirst();
            variants.add(
                    new Weft(
                            Report.SILENT,
                            jvm,
                            List.of("-jar", copy.toString()),
                            built ? String.join(" ", jvm) + ", no telemetry" : "",
                            1,
                            false));
        }
        return variants;
    }

    private List<Result> measure(
            Scenario scenario,
            Site site,
            List<ProxyKind> kinds,
            @Nullable RunningProxy backend,
            Loops loops)
            throws IOException, InterruptedException {
        List<Measurement> all = new ArrayList<>();
        try {
            all.add(
                    new Measurement(
                            "direct", scenario, null, backend, site.backendPort(), loops, options));
            for (ProxyKind kind : kinds) {
                if (kind.supports(scenario)) {
                    RunningProxy running = kind.start(scenario, site);
                    Measurement one =
                            new Measurement(
                                    kind.name(),
                                    scenario,
                                    running,
                                    backend,
                                    running.port(),
                                    loops,
                                    options);
                    all.add(one);
                    ready(one, kind);
                }
            }
            for (int round = 0; round < options.rounds(); round++) {
                for (Measurement one : all) {
                    one.round();
                }
            }
            return all.stream().map(Measurement::result).toList();
        } finally {
            all.forEach(Measurement::close);
        }
    }

    private void ready(Measurement one, ProxyKind kind) throws IOException, InterruptedException {
        one.awaitServing();
        one.warm(kind.warmsSlowly() ? options.warm() : SHORT_WARMING);
    }
}
