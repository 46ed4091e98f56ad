package io.weft.policy.kubernetes;

import static io.weft.policy.kubernetes.ClusterObjects.endpoint;
import static io.weft.policy.kubernetes.ClusterObjects.pod;
import static io.weft.policy.kubernetes.ClusterObjects.service;
import static io.weft.policy.kubernetes.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.cluster.Endpoint;
import io.weft.model.resource.Certificate;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.wire.JoinRequest;
import io.weft.model.wire.StreamMessage;
import io.weft.policy.PolicyServiceApplication;
import io.weft.policy.server.PolicyServer;
import io.weft.policy.server.TestKeys;
import io.weft.policy.server.TestWorkload;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** The application as it ships, in a cluster: the real client against an API server on loopback. */
@Timeout(120)
class InClusterTest {

    private static final SpiffeId USERS = new SpiffeId("cluster.local", "blog", "users");

    @TempDir Path directory;
    private TestCluster cluster;
    private ConfigurableApplicationContext application;
    private PolicyServer server;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        cluster.client.resource(service("users")).create();
        cluster.client.resource(ClusterObjects.withSidecar(pod("users-1", "users"))).create();
        cluster.client
                .resource(slice("users", "IPv4", endpoint("users-1", "10.1.0.1", true)))
                .create();
        Path policies = Files.createDirectories(directory.resolve("policies"));
        Files.writeString(
                policies.resolve("gateway.yaml"),
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: blog, namespace: istio-system}
                spec:
                  selector: {istio: ingressgateway}
                  servers:
                  - port: {number: 443, name: https, protocol: HTTPS}
                    hosts: ["blog.example.com"]
                    tls: {mode: SIMPLE, credentialName: blog-tls}
                """);
        application =
                PolicyServiceApplication.start(
                        "--server.port=0",
                        "--weft.policy.join-port=0",
                        "--weft.policy.mesh-port=0",
                        "--weft.policy.state-dir=" + directory.resolve("state"),
                        "--weft.policy.directory=" + policies,
                        "--spring.main.cloud-platform=kubernetes",
                        "--spring.cloud.kubernetes.discovery.all-namespaces=true",
                        "--spring.cloud.kubernetes.client.namespace=weft-system",
                        "--spring.cloud.kubernetes.client.master-url=" + cluster.server.url("/"));
        server = application.getBean(PolicyServer.class);
    }

    @AfterEach
    void stop() {
        application.close();
        cluster.close();
    }

    private TestWorkload joined(String namespace, String account) throws Exception {
        return TestWorkload.joined(
                server, namespace, account, account + "-0", cluster.tokenOf(namespace, account));
    }

    private static <T extends MeshResource> T await(
            TestWorkload workload, Class<T> type, Predicate<T> awaited) throws Exception {
        while (true) {
            StreamMessage.Delta delta = workload.take();
            for (StreamMessage.ResourceUpdate update : delta.updates()) {
                if (type.isInstance(update.resource()) && awaited.test(type.cast(update.resource()))) {
                    return type.cast(update.resource());
                }
            }
        }
    }

    @Test
    void aWorkloadJoinsByItsServiceAccountAndIsToldPodsAsTheyComeAndGo() throws Exception {
        String csr =
                TestKeys.csr(TestKeys.ec("secp256r1"), "spiffe://cluster.local/ns/blog/sa/admin");
        HttpResponse<byte[]> foreign =
                TestWorkload.join(
                        server, new JoinRequest(cluster.tokenOf("blog", "web"), "blog", "web", csr));
        assertThat(foreign.statusCode()).as("a CSR for another identity").isEqualTo(403);

        try (TestWorkload web = joined("blog", "web")) {
            web.register(web.registration(9090, true));
            web.subscribe("users:80");
            web.open();
            // Known before the doors opened: the very first answer has them.
            EndpointSet first = await(web, EndpointSet.class, any -> true);
            assertThat(first.endpoints())
                    .singleElement()
                    .satisfies(
                            each -> {
                                assertThat(each.address()).isEqualTo("10.1.0.1");
                                assertThat(each.port()).isEqualTo(8080);
                                assertThat(each.identity()).isEqualTo(USERS);
                            });

            cluster.client.resource(ClusterObjects.withSidecar(pod("users-2", "users"))).create();
            cluster.client
                    .resource(slice("users", "IPv4", endpoint("users-2", "10.1.0.2", true)))
                    .update();
            EndpointSet second =
                    await(
                            web,
                            EndpointSet.class,
                            set ->
                                    set.endpoints().stream()
                                            .map(Endpoint::address)
                                            .toList()
                                            .equals(List.of("10.1.0.2")));
            assertThat(second.endpoints().getFirst().identity()).isEqualTo(USERS);
        }
    }

    @Test
    void aGatewayIsGivenTheSecretOfItsNamespaceAndItsRenewal() throws Exception {
        TestCredential first = TestCredential.in(directory);
        TestCredential second = TestCredential.in(directory);
        cluster.client
                .resource(
                        SecretCertificatesTest.secret(
                                "istio-system", "kubernetes.io/tls", first.chain(), first.key()))
                .create();
        try (TestWorkload gateway = joined("istio-system", "gateway");
                TestWorkload thief = joined("blog", "thief")) {
            for (TestWorkload each : List.of(gateway, thief)) {
                each.register(gatewayRegistration(each));
                each.subscribe();
                each.open();
            }
            Certificate given =
                    await(
                            gateway,
                            Certificate.class,
                            each -> each.chainPem().equals(first.chain()));
            assertThat(given.name()).isEqualTo("istio-system/blog-tls");

            cluster.client
                    .resource(
                            SecretCertificatesTest.secret(
                                    "istio-system",
                                    "kubernetes.io/tls",
                                    second.chain(),
                                    second.key()))
                    .update();
            await(gateway, Certificate.class, each -> each.chainPem().equals(second.chain()));
            assertThat(
                            server.control()
                                    .config(new WorkloadId("blog", "thief"))
                                    .toCompletableFuture()
                                    .get()
                                    .get("thief-0")
                                    .keySet())
                    .noneMatch(key -> key.startsWith("certificate/"));
        }
    }

    private static Registration gatewayRegistration(TestWorkload workload) {
        return new Registration(
                workload.id.serviceAccount() + "-0",
                new WorkloadId(workload.id.namespace(), workload.id.serviceAccount()),
                workload.id.serviceAccount(),
                Map.of("istio", "ingressgateway"),
                Locality.UNKNOWN,
                "test",
                "10.1.0.9",
                List.of(new RegisteredPort("https", 8443, AppProtocol.HTTPS, 8443)),
                List.of(),
                true,
                true,
                true);
    }

    @Test
    void servicesAndHealthCanBeSeen() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String base =
                    "http://127.0.0.1:"
                            + application.getEnvironment().getProperty("local.server.port");
            assertThat(get(client, base + "/api/v1/services"))
                    .contains("users.blog.svc.cluster.local", "10.1.0.1", "\"serviceAccount\":\"users\"");
            assertThat(get(client, base + "/actuator/health/liveness")).contains("UP");
        }
    }

    private static String get(HttpClient client, String uri) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(uri))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
