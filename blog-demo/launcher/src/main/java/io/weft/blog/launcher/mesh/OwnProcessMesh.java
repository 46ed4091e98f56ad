package io.weft.blog.launcher.mesh;

import io.weft.blog.launcher.net.HttpConnection;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.Target;
import io.weft.blog.launcher.process.Deadline;
import io.weft.blog.launcher.process.ExecutableJar;
import io.weft.blog.launcher.process.ProcessGroup;
import io.weft.blog.launcher.process.ServiceProcess;
import io.weft.blog.launcher.topology.PortSpec;
import io.weft.blog.launcher.topology.ProxySpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Every proxy in a process of its own: the sidecar and gateway applications as they ship. */
public final class OwnProcessMesh implements MeshHost {

    private static final int HEAP = 64;
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final Setup setup;
    private final ProcessGroup processes;
    private final ExecutableJar agent;
    private final ExecutableJar gateway;
    private final Map<String, ServiceProcess> running = new ConcurrentHashMap<>();

    /**
     * What every proxy needs to know.
     *
     * @param home the checkout
     * @param work where state and access logs go
     * @param caFile the mesh's root, by which the join port is trusted
     * @param stream address of the control plane's stream
     * @param spans where spans are sent to
     */
    public record Setup(
            Path home, Path work, JoinGrant grant, Path caFile, String stream, String spans) {}

    public OwnProcessMesh(Setup setup, ProcessGroup processes) {
        this.setup = setup;
        this.processes = processes;
        this.agent = ExecutableJar.of(setup.home().resolve("mesh-agent"));
        this.gateway = ExecutableJar.of(setup.home().resolve("gateway-service"));
    }

    @Override
    public void start(ProxySpec proxy) {
        running.put(
                proxy.instance(),
                processes.start(
                        proxy.instance(),
                        proxy.gateway() ? gateway : agent,
                        HEAP,
                        List.of(),
                        List.of(arguments(proxy)),
                        Map.of("WEFT_MESH_JOIN_TOKEN", setup.grant().token().reveal())));
    }

    private List<String> arguments(ProxySpec proxy) {
        List<String> arguments = new ArrayList<>();
        if (proxy.gateway()) {
            arguments.add("--server.port=0");
            arguments.add("--management.server.port=" + proxy.adminPort());
        } else {
            arguments.add("--server.port=" + proxy.adminPort());
        }
        mesh(arguments, "namespace", proxy.workload().namespace());
        mesh(arguments, "workload", proxy.workload().name());
        mesh(arguments, "service-account", proxy.serviceAccount());
        mesh(arguments, "instance", proxy.instance());
        mesh(arguments, "trust-domain", setup.grant().trustDomain());
        proxy.labels().forEach((name, value) -> mesh(arguments, "labels." + name, value));
        mesh(arguments, "control-plane", setup.stream());
        mesh(arguments, "join.url", "https://" + setup.grant().address());
        mesh(arguments, "join.ca-file", setup.caFile());
        mesh(arguments, "state-dir", stateDir(proxy));
        mesh(arguments, "outbound-port", -1);
        mesh(arguments, "ports.health", -1);
        mesh(arguments, "ports.metrics", proxy.metricsPort());
        mesh(arguments, "tracing.otlp-endpoint", setup.spans());
        mesh(arguments, "access-log.file", accessLog(proxy));
        mesh(arguments, "drain-time", "500ms");
        ports(arguments, proxy);
        return arguments;
    }

    private static void ports(List<String> arguments, ProxySpec proxy) {
        int index = 0;
        for (PortSpec port : proxy.ports()) {
            String name = "inbound[" + index++ + "].";
            mesh(arguments, name + "port", port.port());
            mesh(arguments, name + "name", port.name());
            mesh(arguments, name + "protocol", port.protocol());
            mesh(arguments, name + "app-port", port.appPort());
            mesh(arguments, name + "mesh-port", port.meshPort());
        }
        index = 0;
        for (Map.Entry<String, Integer> upstream : proxy.upstreams().entrySet()) {
            String name = "upstreams[" + index++ + "].";
            mesh(arguments, name + "destination", upstream.getKey());
            mesh(arguments, name + "port", upstream.getValue());
        }
        index = 0;
        for (Map.Entry<Integer, Integer> bound : proxy.gatewayPorts().entrySet()) {
            String name = "gateway-ports[" + index++ + "].";
            mesh(arguments, name + "port", bound.getKey());
            mesh(arguments, name + "bind", bound.getValue());
        }
    }

    private static void mesh(List<String> arguments, String name, Object value) {
        arguments.add("--weft.mesh." + name + "=" + value);
    }

    @Override
    public void stop(ProxySpec proxy) {
        ServiceProcess process = running.remove(proxy.instance());
        if (process != null) {
            processes.forget(process);
            process.close();
        }
    }

    @Override
    public boolean awaitConfigured(ProxySpec proxy, Duration patience) throws InterruptedException {
        HttpQuestion ready = HttpQuestion.get("localhost", "/actuator/health/readiness");
        return Deadline.in(patience)
                .awaitTrue(() ->
                        HttpConnection.once(Target.plain(proxy.adminPort()), ready, ANSWER).status()
                                == 200);
    }

    @Override
    public Path stateDir(ProxySpec proxy) {
        return setup.work().resolve("state").resolve(proxy.instance());
    }

    @Override
    public Path accessLog(ProxySpec proxy) {
        return setup.work().resolve("logs").resolve(proxy.instance() + ".access.log");
    }

    /** Nothing to do: the processes end with their group. */
    @Override
    public void close() {
        running.clear();
    }
}
