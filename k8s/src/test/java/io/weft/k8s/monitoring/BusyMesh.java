package io.weft.k8s.monitoring;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.Lab;
import io.weft.testkit.lab.control.ControlApi;
import io.weft.testkit.lab.control.RequestOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** A small mesh in which everything happens that dashboards show: slow, failing, denied, TCP. */
final class BusyMesh {

    static final Path MODULE = module();

    /** Of sidecars and gateways. */
    static final int PROXIES = 6;

    private static final String TOPOLOGY =
            """
            workloads:
            - {name: blog-frontend, namespace: blog, ports: [{name: http, port: 3000}]}
            - {name: blog-api-v1, namespace: blog, service: blog-api, serviceAccount: blog-api,
               labels: {app: blog-api, version: v1}, ports: [{name: http, port: 8080}, {name: grpc, port: 7070, protocol: GRPC}]}
            - {name: blog-api-v2, namespace: blog, service: blog-api, serviceAccount: blog-api,
               labels: {app: blog-api, version: v2}, ports: [{name: http, port: 8080}, {name: grpc, port: 7070, protocol: GRPC}]}
            - {name: store, namespace: blog, ports: [{name: tcp, port: 9000, protocol: TCP}]}
            - {name: stranger, namespace: elsewhere}
            gateways:
            - {name: istio-ingressgateway, namespace: istio-system, labels: {istio: ingressgateway}, ports: [80]}
            """;

    private static final String POLICIES =
            """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: no-strangers, namespace: blog}
            spec:
              action: DENY
              rules: [{from: [{source: {namespaces: [elsewhere]}}]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: blog, namespace: blog}
            spec:
              selector: {istio: ingressgateway}
              servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [blog.example.com]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: blog, namespace: blog}
            spec:
              hosts: [blog.example.com]
              gateways: [blog]
              http:
              - match: [{uri: {prefix: /slow}}]
                fault: {delay: {percentage: {value: 100}, fixedDelay: 1.2s}}
                route: [{destination: {host: blog-api, port: {number: 8080}}}]
              - route: [{destination: {host: blog-api, port: {number: 8080}}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: nobody, namespace: blog}
            spec:
              hosts: [nobody]
              http: [{route: [{destination: {host: nobody, port: {number: 80}}}]}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: nobody, namespace: blog}
            spec:
              selector: {app: nobody}
              ports: [{name: http, port: 80}]
            """;

    private BusyMesh() {}

    private static Path module() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("k8s") ? here : here.resolve("k8s");
    }

    /**
     * The mesh with the seed's Telemetry resources, which send to a receiver that is not there. The
     * first, with a tag that is another for each request, is left out: a series that is counted
     * once has no rate, until there are so many that they become {@code other}.
     */
    static Lab start() throws IOException {
        Path telemetry = MODULE.resolve("blog/seed/istio-telemetry.yaml");
        return Lab.start(
                "topology.yaml",
                TOPOLOGY,
                List.of(
                        new PolicyFile("policies.yaml", POLICIES),
                        new PolicyFile("istio-telemetry.yaml", seeds(telemetry))),
                "cluster.local",
                "istio-system",
                "http://127.0.0.1:1");
    }

    private static String seeds(Path telemetry) throws IOException {
        return Files.readString(telemetry).split("(?m)^---$", 2)[1];
    }

    static MeshProxy proxy(Lab lab, String workload) {
        return Objects.requireNonNull(lab.mesh().replicas("blog", workload).getFirst().proxy());
    }

    /** Sends requests of every kind until it is closed. */
    static AutoCloseable load(Lab lab) {
        AtomicBoolean ended = new AtomicBoolean();
        Thread sender =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!ended.get()) {
                                round(lab);
                            }
                        });
        return () -> {
            ended.set(true);
            sender.join();
        };
    }

    private static void round(Lab lab) {
        ControlApi api = lab.api();
        RequestOrder.From frontend = inside("blog-frontend", "blog");
        RequestOrder.From outside = new RequestOrder.From(null, null, null, true, null);
        send(api, frontend, "blog-api", 8080, "http1", "/api/v1/articles", 30);
        send(api, frontend, "blog-api", 7070, "grpc", "/users.Users/Get", 10);
        send(api, inside("blog-api-v1", "blog"), "blog-frontend", 3000, "http1", "/", 20);
        send(api, frontend, "store", 9000, "tcp", "", 3);
        send(api, frontend, "nobody", 80, "http1", "/", 10);
        send(api, inside("stranger", "elsewhere"), "blog-api.blog", 8080, "http1", "/", 10);
        send(api, outside, "blog.example.com", 80, "http1", "/", 10);
        send(api, outside, "blog.example.com", 80, "http1", "/slow", 1);
        api.faults(new ControlApi.FaultOrder("blog-api-v1", "blog", null, 500, null, null, 5));
        api.faults(new ControlApi.FaultOrder("blog-api-v2", "blog", null, null, 1_200L, null, 2));
    }

    private static RequestOrder.From inside(String workload, String namespace) {
        return new RequestOrder.From(workload, namespace, null, null, null);
    }

    private static void send(
            ControlApi api,
            RequestOrder.From from,
            String host,
            int port,
            String protocol,
            String path,
            int count) {
        api.request(
                new RequestOrder(
                        from,
                        new RequestOrder.To(host, port),
                        protocol,
                        null,
                        protocol.equals("grpc") ? "POST" : "GET",
                        path,
                        List.of(List.of("x-user-id", "ann")),
                        "hello",
                        null,
                        count,
                        null,
                        null,
                        null,
                        null));
    }
}
