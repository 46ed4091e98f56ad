package io.weft.blog.launcher.apps;

import io.weft.blog.launcher.process.ExecutableJar;
import io.weft.blog.launcher.process.ProcessGroup;
import io.weft.blog.launcher.process.ServiceProcess;
import io.weft.blog.launcher.topology.PortSpec;
import io.weft.blog.launcher.topology.ProxySpec;
import io.weft.blog.launcher.topology.Topology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the blog's applications: one process for each kind, since instances of a kind share their
 * classes. They know loopback ports only, at which their sidecars stand for the services.
 */
public final class BlogApps {

    private static final int HEAP = 128;
    private static final int SMALL_HEAP = 80;

    private final Path home;
    private final ProcessGroup processes;
    private final Topology topology;
    private final String spans;

    /**
     * @param home the checkout
     * @param spans where the applications send spans, see {@code OtlpReceiver.endpoint}
     */
    public BlogApps(Path home, ProcessGroup processes, Topology topology, String spans) {
        this.home = home;
        this.processes = processes;
        this.topology = topology;
        this.spans = spans;
    }

    /** Starts the issuer of tokens, which is no part of the mesh, over TLS. */
    public ServiceProcess startIssuer(Path certificate, Path key) {
        return start(
                "auth-server",
                SMALL_HEAP,
                List.of(),
                List.of(
                        arguments(
                                topology.authPort(),
                                "auth-server-0",
                                "--server.ssl.certificate=" + certificate,
                                "--server.ssl.certificate-private-key=" + key,
                                "--blog.auth.issuer=https://" + Topology.AUTH_HOST,
                                "--blog.auth.demo=true")));
    }

    /** Starts everything that has a sidecar. */
    public void startAll() {
        start(
                "blog-api",
                HEAP,
                List.of("DATABASE_URL=io.weft.blog.api.EmbeddedMongo"),
                instances("blog-api", BlogApps::blogApi));
        start(
                "user-service",
                SMALL_HEAP,
                List.of("REDIS_URL=io.weft.blog.users.EmbeddedRedis"),
                instances("user-service", proxy -> List.of()));
        start(
                "blog-frontend",
                SMALL_HEAP,
                List.of(),
                instances(
                        "blog-frontend",
                        proxy ->
                                List.of(
                                        "--blog.api.url=" + url(proxy, Topology.BLOG_API),
                                        "--blog.users.url=" + url(proxy, Topology.USER_SERVICE))));
        start("static-files", SMALL_HEAP, List.of(), instances("static-files", proxy -> List.of()));
    }

    private static List<String> blogApi(ProxySpec proxy) {
        return List.of(
                "--blog.version=" + proxy.labels().get("version"),
                "--blog.user-service.url=" + url(proxy, Topology.USER_SERVICE),
                "--blog.faults.enabled=true");
    }

    private static String url(ProxySpec proxy, String destination) {
        return "http://127.0.0.1:" + proxy.upstream(destination);
    }

    /** What an instance needs beyond its port and name. */
    private interface Extra {
        List<String> of(ProxySpec proxy);
    }

    private List<List<String>> instances(String app, Extra extra) {
        return topology.instancesOf(app).stream()
                .map(proxy -> {
                    PortSpec port = proxy.ports().getFirst();
                    return arguments(
                            port.appPort(),
                            proxy.instance(),
                            extra.of(proxy).toArray(String[]::new));
                })
                .toList();
    }

    private List<String> arguments(int port, String instance, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--server.address=127.0.0.1",
                                "--server.port=" + port,
                                "--blog.instance=" + instance,
                                "--management.opentelemetry.tracing.export.otlp.endpoint=" + spans,
                                "--management.opentelemetry.tracing.export.schedule-delay=500ms"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private ServiceProcess start(
            String app, int heap, List<String> standIns, List<List<String>> instances) {
        ExecutableJar jar = ExecutableJar.of(home.resolve("blog-demo").resolve(app));
        return processes.start(app, jar, heap, standIns, instances);
    }
}
