package io.weft.benchmarks.proxy;

import io.weft.model.resource.MeshResource;
import io.weft.model.wire.MeshCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The shipped sidecar, as an executable archive or an extracted one, configured by files: no
 * control plane. Single hops run it as a gateway, pairs as two sidecars.
 */
public final class Weft implements ProxyKind {

    private final String name;
    private final List<String> options;
    private final List<String> program;
    private final String version;
    private final int routes;
    private final boolean telemetry;

    /**
     * @param options of the JVM
     * @param program what follows them, {@code -jar FILE} for example
     */
    public Weft(String name, List<String> options, List<String> program, String version) {
        this(name, options, program, version, 1, true);
    }

    /**
     * @param routes how many it has, of which the last matches
     * @param telemetry false records nothing, in full scenarios, too
     */
    public Weft(
            String name,
            List<String> options,
            List<String> program,
            String version,
            int routes,
            boolean telemetry) {
        this.routes = routes;
        this.telemetry = telemetry;
        this.name = name;
        this.options = List.copyOf(options);
        this.program = List.copyOf(program);
        this.version = version;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String absence() {
        return "the sidecar has not been built";
    }

    @Override
    public boolean supports(Scenario scenario) {
        return telemetry || scenario.full();
    }

    @Override
    public boolean warmsSlowly() {
        return true;
    }

    @Override
    public RunningProxy start(Scenario scenario, Site site) throws IOException {
        WeftConfig config = new WeftConfig(scenario.full(), routes, telemetry);
        Path folder = site.folder(name);
        int entry = Site.freePort();
        List<Process> processes = new ArrayList<>();
        List<Path> logs = new ArrayList<>();
        if (scenario.pair()) {
            int link = Site.freePort();
            processes.add(
                    launch(
                            site,
                            folder,
                            "server",
                            logs,
                            config.server(),
                            scenario.full() && telemetry,
                            "weft.mesh.inbound[0].port=" + WeftConfig.WORKLOAD_PORT,
                            "weft.mesh.inbound[0].protocol=http",
                            "weft.mesh.inbound[0].app-port=" + site.backendPort(),
                            "weft.mesh.inbound[0].mesh-port=" + link,
                            "weft.mesh.outbound-port=-1"));
            processes.add(
                    launch(
                            site,
                            folder,
                            "client",
                            logs,
                            config.client(link, scenario.http2()),
                            scenario.full() && telemetry,
                            "weft.mesh.outbound-port=" + entry));
        } else {
            processes.add(
                    launch(
                            site,
                            folder,
                            "gateway",
                            logs,
                            config.gateway(site.backendPort()),
                            scenario.full() && telemetry,
                            "weft.mesh.gateway-ports[0].port=" + WeftConfig.GATEWAY_PORT,
                            "weft.mesh.gateway-ports[0].bind=" + entry,
                            "weft.mesh.outbound-port=-1"));
        }
        return new RunningProxy(entry, processes, logs);
    }

    private Process launch(
            Site site,
            Path folder,
            String workload,
            List<Path> logs,
            List<MeshResource> resources,
            boolean full,
            String... own)
            throws IOException {
        Path log = folder.resolve(workload + ".log");
        logs.add(log);
        List<String> arguments = new ArrayList<>(program);
        common(site, folder, workload, resources, full).forEach(p -> arguments.add("--" + p));
        List.of(own).forEach(p -> arguments.add("--" + p));
        List<String> jvm =
                options.stream().map(option -> option.replace("%WORKLOAD%", workload)).toList();
        return RunningProxy.launch(JavaCommand.of(jvm, arguments), folder, log);
    }

    private List<String> common(
            Site site, Path folder, String workload, List<MeshResource> resources, boolean full)
            throws IOException {
        Identities ids = site.identities();
        String identity = workload.equals("server") ? "server" : "client";
        List<String> common =
                new ArrayList<>(
                        List.of(
                                "server.port=0",
                                "weft.mesh.namespace=bench",
                                "weft.mesh.workload=" + workload,
                                "weft.mesh.service-account=" + identity,
                                "weft.mesh.config-file=" + write(folder, workload, resources),
                                "weft.mesh.state-dir=" + folder.resolve(workload + ".state"),
                                "weft.mesh.identity.chain-file=" + ids.svid(identity),
                                "weft.mesh.identity.key-file=" + ids.key(identity),
                                "weft.mesh.identity.roots-file=" + ids.ca(),
                                "weft.mesh.ports.health=-1",
                                "weft.mesh.ports.metrics=" + (full ? 0 : -1)));
        if (full) {
            common.add("weft.mesh.access-log.file=" + folder.resolve(workload + ".access.log"));
            common.add("weft.mesh.tracing.otlp-endpoint=http://127.0.0.1:" + site.collectorPort());
        }
        if (!telemetry) {
            common.add("weft.mesh.telemetry=false");
        }
        return common;
    }

    /** As the file source reads it: {@code {"revision", "commit", "resources"}}. */
    private static Path write(Path folder, String workload, List<MeshResource> resources)
            throws IOException {
        MeshCodec codec = new MeshCodec();
        List<String> parts =
                resources.stream()
                        .map(resource -> new String(codec.write(resource), StandardCharsets.UTF_8))
                        .toList();
        return Files.writeString(
                folder.resolve(workload + ".json"),
                "{\"revision\":\"benchmark\",\"commit\":\"\",\"resources\":["
                        + String.join(",", parts)
                        + "]}");
    }
}
