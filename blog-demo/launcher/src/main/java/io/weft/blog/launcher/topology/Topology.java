package io.weft.blog.launcher.topology;

import io.weft.blog.launcher.process.Ports;
import io.weft.model.AppProtocol;
import io.weft.model.WorkloadId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What runs, and on which loopback ports.
 *
 * @param proxies the gateway first
 */
public record Topology(
        DemoDialect dialect,
        ControlPorts control,
        ProxySpec gateway,
        List<ProxySpec> proxies,
        int authPort) {

    public static final String NAMESPACE = "blog";
    public static final String BLOG_HOST = "blog.example.com";
    public static final String LOCAL_HOST = "blog.localhost";
    public static final String AUTH_HOST = "auth.example.com";
    public static final String BLOG_API = "blog-api:8080";
    public static final String USER_SERVICE = "user-service:9090";
    public static final String ECHO = "echo:9000";

    private static final int API_REPLICAS = 3;
    private static final int USER_REPLICAS = 2;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    public Topology {
        proxies = List.copyOf(proxies);
    }

    /**
     * Ports of what the mesh is steered by.
     *
     * @param config config-service
     * @param api policy-service's API and console
     * @param join policy-service's join
     * @param stream policy-service's mTLS port
     * @param spans the receiver of spans
     */
    public record ControlPorts(int config, int api, int join, int stream, int spans) {}

    /** The blog as the seed deploys it, and a caller and an echo for trying things out. */
    public static Topology of(DemoDialect dialect, Ports ports, int httpsPort) {
        ProxySpec gateway = gateway(dialect, ports, httpsPort);
        List<ProxySpec> proxies = new ArrayList<>(List.of(gateway));
        for (int i = 0; i < API_REPLICAS; i++) {
            proxies.add(blogApi("v1", i, ports));
        }
        proxies.add(blogApi("v2", 0, ports));
        for (int i = 0; i < USER_REPLICAS; i++) {
            proxies.add(
                    workload("user-service", "v1", "-" + i, ports)
                            .port("grpc", 9090, AppProtocol.GRPC)
                            .build());
        }
        proxies.add(
                workload("blog-frontend", "v1", "-0", ports)
                        .port("http", 3000, AppProtocol.HTTP)
                        .upstreams(BLOG_API, USER_SERVICE, AUTH_HOST + ":443")
                        .build());
        proxies.add(
                workload("static-files", "v1", "-0", ports)
                        .port("http", HTTP, AppProtocol.HTTP)
                        .build());
        proxies.add(workload("echo", "v1", "-0", ports).port("tcp", 9000, AppProtocol.TCP).build());
        proxies.add(
                workload("curl", "v1", "-0", ports)
                        .upstreams(BLOG_API, USER_SERVICE, ECHO)
                        .build());
        ControlPorts control =
                new ControlPorts(
                        ports.usual(8888),
                        ports.usual(8080),
                        ports.usual(15010),
                        ports.usual(15012),
                        ports.usual(4318));
        return new Topology(dialect, control, gateway, proxies, ports.any());
    }

    private static ProxySpec blogApi(String version, int replica, Ports ports) {
        return new Workload("blog-api", "blog-api-" + version, version, "-" + replica, ports)
                .port("http", 8080, AppProtocol.HTTP)
                .upstreams(USER_SERVICE)
                .build();
    }

    private static Workload workload(String app, String version, String suffix, Ports ports) {
        return new Workload(app, app, version, suffix, ports);
    }

    /**
     * Istio's lives in its own namespace; the other samples let a service account of the blog in.
     */
    private static ProxySpec gateway(DemoDialect dialect, Ports ports, int httpsPort) {
        boolean istio = dialect == DemoDialect.ISTIO;
        String name = istio ? "istio-ingressgateway" : "api-gateway";
        Map<Integer, Integer> bound = new LinkedHashMap<>();
        bound.put(HTTP, ports.usual(8000));
        bound.put(HTTPS, httpsPort);
        return new ProxySpec(
                new WorkloadId(istio ? "istio-system" : NAMESPACE, name),
                name,
                Map.of("app", name, "istio", "ingressgateway"),
                name + "-0",
                List.of(),
                Map.of(),
                bound,
                ports.usual(15000),
                ports.usual(15090));
    }

    /** The proxy of an instance. */
    public ProxySpec proxy(String instance) {
        return proxies.stream()
                .filter(each -> each.instance().equals(instance))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(instance + ": no such instance"));
    }

    /** All instances of an application, by its label {@code app}. */
    public List<ProxySpec> instancesOf(String app) {
        return proxies.stream().filter(each -> app.equals(each.labels().get("app"))).toList();
    }

    /** The gateway's port for plain HTTP. */
    public int httpPort() {
        return gateway.gatewayPort(HTTP);
    }

    /** The gateway's port for HTTPS. */
    public int httpsPort() {
        return gateway.gatewayPort(HTTPS);
    }

    private static final class Workload {

        private final String app;
        private final String name;
        private final String version;
        private final String suffix;
        private final Ports free;
        private final List<PortSpec> ports = new ArrayList<>();
        private final Map<String, Integer> upstreams = new LinkedHashMap<>();

        Workload(String app, String name, String version, String suffix, Ports free) {
            this.app = app;
            this.name = name;
            this.version = version;
            this.suffix = suffix;
            this.free = free;
        }

        Workload port(String portName, int port, AppProtocol protocol) {
            ports.add(new PortSpec(portName, port, protocol, free.any(), free.any()));
            return this;
        }

        Workload upstreams(String... destinations) {
            for (String destination : destinations) {
                upstreams.put(destination, free.any());
            }
            return this;
        }

        ProxySpec build() {
            return new ProxySpec(
                    new WorkloadId(NAMESPACE, name),
                    app,
                    Map.of("app", app, "version", version),
                    name + suffix,
                    ports,
                    upstreams,
                    Map.of(),
                    free.any(),
                    free.any());
        }
    }
}
