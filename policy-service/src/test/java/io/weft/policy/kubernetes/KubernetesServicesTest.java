package io.weft.policy.kubernetes;

import static io.weft.policy.kubernetes.ClusterObjects.endpoint;
import static io.weft.policy.kubernetes.ClusterObjects.pod;
import static io.weft.policy.kubernetes.ClusterObjects.service;
import static io.weft.policy.kubernetes.ClusterObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.weft.compiler.catalog.DiscoveredService;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.SpiffeId;
import io.weft.model.catalog.ServicePort;
import io.weft.model.cluster.Endpoint;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KubernetesServicesTest {

    private static final SpiffeId USERS = new SpiffeId("cluster.local", "blog", "users");

    private TestCluster cluster;
    private KubernetesServices services;
    private final BlockingQueue<List<DiscoveredService>> told = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        cluster = new TestCluster();
    }

    @AfterEach
    void stop() {
        services.close();
        cluster.close();
    }

    private void follow(Set<String> namespaces) throws Exception {
        services =
                new KubernetesServices(
                        cluster.client, namespaces, new ServiceMapping("cluster.local"));
        services.start(told::add).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private List<DiscoveredService> next(Predicate<List<DiscoveredService>> awaited)
            throws Exception {
        List<DiscoveredService> last = List.of();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < end) {
            List<DiscoveredService> each = told.poll(100, TimeUnit.MILLISECONDS);
            if (each != null && awaited.test(each)) {
                return each;
            }
            last = each == null ? last : each;
        }
        throw new AssertionError("not told in time; last: " + last);
    }

    private static List<Endpoint> users(List<DiscoveredService> all) {
        return all.stream()
                .filter(each -> each.id().name().equals("users"))
                .flatMap(each -> each.endpoints().getOrDefault(80, List.of()).stream())
                .toList();
    }

    @Test
    void tellsPortsAndReadyEndpointsWithTheIdentityOfPodsThatHaveASidecar() throws Exception {
        cluster.client.resource(service("users")).create();
        cluster.client.resource(ClusterObjects.withSidecar(pod("users-1", "users"))).create();
        cluster.client.resource(ClusterObjects.withNativeSidecar(pod("users-2", "users"))).create();
        cluster.client.resource(pod("users-3", "users").build()).create();
        cluster.client.resource(ClusterObjects.asGateway(pod("users-4", "users"))).create();
        cluster.client
                .resource(
                        slice(
                                "users",
                                "IPv4",
                                endpoint("users-1", "10.1.0.1", true),
                                endpoint("users-2", "10.1.0.2", true),
                                endpoint("users-3", "10.1.0.3", true),
                                endpoint("users-4", "10.1.0.4", true),
                                endpoint("users-5", "10.1.0.5", false)))
                .create();
        cluster.client
                .resource(slice("users", "IPv6", endpoint("users-1", "fd00::1", true)))
                .create();

        follow(Set.of());

        DiscoveredService users = next(any -> true).getFirst();
        assertThat(users.id().host()).isEqualTo("users.blog.svc.cluster.local");
        assertThat(users.addresses()).containsExactly("10.96.0.7");
        assertThat(users.selector()).containsEntry("app", "users");
        assertThat(users.ports())
                .containsExactly(
                        new ServicePort("http", 80, 8080, AppProtocol.HTTP),
                        new ServicePort("admin", 9000, 9001, AppProtocol.HTTP2));
        List<Endpoint> endpoints = users.endpoints().get(80);
        assertThat(endpoints)
                .extracting(Endpoint::address)
                .containsExactly("10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4");
        assertThat(endpoints)
                .extracting(Endpoint::identity)
                .containsExactly(USERS, USERS, null, null);
        Endpoint first = endpoints.getFirst();
        assertThat(first.port()).isEqualTo(8080);
        assertThat(first.workload()).isEqualTo("users");
        assertThat(first.labels()).containsEntry("version", "v1");
        assertThat(first.locality()).isEqualTo(new Locality("eu", "zone-a", ""));
        assertThat(users.endpoints().get(9000)).extracting(Endpoint::port).containsOnly(9001);
    }

    @Test
    void everyChangeIsToldByItself() throws Exception {
        follow(Set.of());
        assertThat(next(any -> true)).isEmpty();

        cluster.client.resource(service("users")).create();
        cluster.client.resource(ClusterObjects.withSidecar(pod("users-1", "users"))).create();
        cluster.client
                .resource(slice("users", "IPv4", endpoint("users-1", "10.1.0.1", true)))
                .create();
        next(all -> users(all).stream().anyMatch(each -> USERS.equals(each.identity())));

        cluster.client
                .resource(
                        slice(
                                "users",
                                "IPv4",
                                endpoint("users-1", "10.1.0.1", false),
                                endpoint("users-2", "10.1.0.2", true)))
                .update();
        List<DiscoveredService> other =
                next(all -> users(all).stream().anyMatch(each -> each.id().equals("users-2")));
        assertThat(users(other)).hasSize(1);

        cluster.client.resource(service("users")).delete();
        next(List::isEmpty);
    }

    @Test
    void onlyTheGivenNamespacesAreFollowedAndExternalNamesAreLeftToServiceEntries()
            throws Exception {
        cluster.client.resource(service("users")).create();
        cluster.client
                .resource(
                        new ServiceBuilder(service("elsewhere"))
                                .editMetadata()
                                .withNamespace("shop")
                                .endMetadata()
                                .build())
                .create();
        cluster.client
                .resource(
                        new ServiceBuilder()
                                .withNewMetadata()
                                .withNamespace("blog")
                                .withName("github")
                                .endMetadata()
                                .withNewSpec()
                                .withType("ExternalName")
                                .withExternalName("api.github.com")
                                .endSpec()
                                .build())
                .create();
        follow(Set.of("blog"));
        assertThat(next(any -> true))
                .extracting(each -> each.id().toString())
                .containsExactly("blog/users");
    }

    @Test
    void whatTheApiServerDoesNotGrantIsNotWaitedFor() throws Exception {
        cluster.client.resource(service("users")).create();
        cluster.client
                .resource(slice("users", "IPv4", endpoint("users-1", "10.1.0.1", true)))
                .create();
        cluster.server
                .expect()
                .get()
                .withPath("/api/v1/pods?resourceVersion=0")
                .andReturn(403, "")
                .always();
        follow(Set.of());
        assertThat(users(next(any -> true)))
                .singleElement()
                .satisfies(each -> assertThat(each.identity()).isNull());
    }
}
