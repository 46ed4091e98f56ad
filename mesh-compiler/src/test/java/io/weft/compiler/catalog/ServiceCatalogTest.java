package io.weft.compiler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.Origin;
import io.weft.model.ServiceId;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.catalog.ServicePort;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.Resolution;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceCatalogTest {

    private static MeshService service(
            String host, String namespace, String name, String exportTo) {
        return new MeshService(
                host,
                namespace,
                name,
                List.of(new DeclaredPort("http", 80, AppProtocol.HTTP, 0, "web")),
                Map.of("app", name),
                List.of("10.96.0.7"),
                Resolution.STATIC,
                false,
                List.of(),
                exportTo.isEmpty() ? List.of() : List.of(exportTo),
                List.of(),
                Origin.builtIn("test"));
    }

    private static Registration instance(String name, boolean ready, boolean meshed) {
        return new Registration(
                name,
                new WorkloadId("blog", "reviews"),
                "reviews",
                Map.of("app", "reviews"),
                Locality.UNKNOWN,
                "c",
                "10.1.0." + name.length(),
                List.of(new RegisteredPort("web", 8080, AppProtocol.HTTP, 18080)),
                List.of(),
                false,
                ready,
                meshed);
    }

    private static final ServiceCatalog CATALOG =
            ServiceCatalog.of(
                    "cluster.local",
                    List.of(
                            service("reviews.blog.svc.cluster.local", "blog", "reviews", ""),
                            service("*.example.com", "blog", "*.example.com", ""),
                            service("secret.blog.svc.cluster.local", "blog", "secret", ".")));

    @ParameterizedTest
    @CsvSource({
        "reviews, blog, reviews.blog.svc.cluster.local",
        "reviews, other, ",
        "Reviews.blog, other, reviews.blog.svc.cluster.local",
        "reviews.blog.svc, other, reviews.blog.svc.cluster.local",
        "reviews.blog.svc.cluster.local., other, reviews.blog.svc.cluster.local",
        "a.b.example.com, other, *.example.com",
        "example.com, other, ",
        "10.96.0.7, other, reviews.blog.svc.cluster.local",
        "secret, blog, secret.blog.svc.cluster.local",
        "secret.blog, other, "
    })
    void resolvesNamesAsTheirClientsWriteThem(String written, String namespace, String expected) {
        assertThat(CATALOG.resolve(written, namespace).map(MeshService::host).orElse(null))
                .isEqualTo(expected);
    }

    @Test
    void readyWorkloadsWithTheSelectorsLabelsAreEndpointsAtTheirSidecarsPort() {
        ServiceCatalog catalog =
                CATALOG.withRegistrations(
                        List.of(
                                instance("bb", true, false),
                                instance("a", true, true),
                                instance("ccc", false, true)));
        MeshService reviews = catalog.resolve("reviews", "blog").orElseThrow();
        List<Endpoint> endpoints = catalog.endpoints(reviews, reviews.ports().getFirst());
        assertThat(endpoints.stream().map(Endpoint::id)).containsExactly("a", "bb");
        assertThat(endpoints.getFirst().port()).isEqualTo(18080);
        assertThat(endpoints.getFirst().identity()).isNotNull();
        assertThat(endpoints.getLast().port()).isEqualTo(8080);
        assertThat(endpoints.getLast().identity()).isNull();
    }

    @Test
    void aWorkloadIsFoundByItsOwnAddressUnlessSeveralShareIt() {
        ServiceCatalog catalog =
                CATALOG.withRegistrations(
                        List.of(
                                instance("a", true, true),
                                instance("bb", true, true),
                                instance("cc", true, true)));
        assertThat(catalog.instanceAt("10.1.0.1", 8080)).isPresent();
        assertThat(catalog.instanceAt("10.1.0.2", 8080)).isEmpty();
        assertThat(catalog.instanceAt("10.1.0.1", 18080)).isEmpty();
    }

    private static Endpoint pod(String address, int port) {
        return new Endpoint(
                "pod-" + address,
                address,
                port,
                new SpiffeId("cluster.local", "blog", "reviews"),
                "blog",
                "reviews",
                Map.of(),
                Locality.UNKNOWN,
                1);
    }

    @Test
    void anotherRegistrysEndpointsAreOfTheirPortAndRegistrationsCountBeforeThem() {
        DiscoveredService discovered =
                new DiscoveredService(
                        new ServiceId("blog", "ratings"),
                        List.of(
                                new ServicePort("http", 80, 8080, AppProtocol.HTTP),
                                new ServicePort("admin", 81, 8081, AppProtocol.HTTP)),
                        Map.of(),
                        List.of("10.96.0.8"),
                        Map.of(
                                80,
                                List.of(
                                        pod("10.1.0.1", 8080),
                                        pod("10.1.0.3", 8080),
                                        pod("10.9.9.9", 8080)),
                                81,
                                List.of(pod("10.1.0.1", 8081))));
        ServiceCatalog catalog =
                CATALOG.withDiscovered(List.of(discovered))
                        .withRegistrations(
                                List.of(instance("a", true, true), instance("ccc", false, true)));
        MeshService ratings = catalog.resolve("10.96.0.8", "blog").orElseThrow();
        assertThat(ratings.host()).isEqualTo("ratings.blog.svc.cluster.local");

        List<Endpoint> http = catalog.endpoints(ratings, ratings.port(80).orElseThrow());
        assertThat(http)
                .extracting(Endpoint::id, Endpoint::port)
                .containsExactly(tuple("a", 18080), tuple("pod-10.9.9.9", 8080));
        assertThat(http.getLast().identity()).isNotNull();

        // Its sidecar does not stand before this port.
        assertThat(catalog.endpoints(ratings, ratings.port(81).orElseThrow()))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.port()).isEqualTo(8081);
                    assertThat(each.identity()).isNull();
                });
    }
}
