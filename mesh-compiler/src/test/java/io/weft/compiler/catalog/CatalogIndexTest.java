package io.weft.compiler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.Origin;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.catalog.ServicePort;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.Resolution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogue's indexes against looking at everything, over random services and instances. */
class CatalogIndexTest {

    private static final DeclaredPort HTTP =
            new DeclaredPort("http", 80, AppProtocol.HTTP, 8080, "");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anIndexFindsWhatLookingAtEverythingFinds(long seed) {
        Random random = new Random(seed);
        List<MeshService> declared =
                IntStream.range(0, 60).mapToObj(i -> service(i, random)).toList();
        List<Registration> instances =
                IntStream.range(0, 200).mapToObj(i -> instance(i, random)).toList();
        ServiceCatalog catalog =
                ServiceCatalog.of("cluster.local", declared).withRegistrations(instances);
        List<MeshService> services = catalog.services();
        for (Registration one : instances) {
            String namespace = one.workload().namespace();
            assertThat(catalog.servicesOf(namespace, one.workload().name(), one.labels()))
                    .isEqualTo(
                            services.stream()
                                    .filter(service -> isBefore(service, one, instances))
                                    .toList());
        }
        for (MeshService service : services) {
            assertThat(catalog.endpoints(service, HTTP).stream().map(Endpoint::id))
                    .isEqualTo(
                            instances.stream()
                                    .filter(Registration::ready)
                                    .filter(one -> isBehind(one, service))
                                    .map(Registration::instance)
                                    .sorted()
                                    .toList());
        }
    }

    private static boolean isBefore(
            MeshService service, Registration one, List<Registration> instances) {
        return service.selects(one.workload().namespace(), one.labels())
                || instances.stream()
                        .anyMatch(other ->
                                other.workload().equals(one.workload()) && names(other, service));
    }

    private static boolean isBehind(Registration one, MeshService service) {
        return names(one, service) || service.selects(one.workload().namespace(), one.labels());
    }

    private static boolean names(Registration one, MeshService service) {
        return one.workload().namespace().equals(service.namespace())
                && one.services().stream().anyMatch(s -> s.name().equals(service.name()));
    }

    private static MeshService service(int number, Random random) {
        return new MeshService(
                "s" + number + ".n" + number % 3 + ".svc.cluster.local",
                "n" + number % 3,
                "s" + number,
                List.of(HTTP),
                random.nextInt(5) == 0 ? Map.of() : labels(random, 2),
                List.of(),
                Resolution.STATIC,
                false,
                List.of(),
                List.of(),
                List.of(),
                Origin.builtIn("test"));
    }

    private static Registration instance(int number, Random random) {
        List<Registration.RegisteredService> named = new ArrayList<>();
        if (random.nextInt(4) == 0) {
            named.add(
                    new Registration.RegisteredService(
                            "s" + random.nextInt(60),
                            List.of(new ServicePort("http", 80, 8080, AppProtocol.HTTP))));
        }
        return new Registration(
                "i" + number,
                new WorkloadId("n" + random.nextInt(3), "w" + random.nextInt(40)),
                "sa",
                labels(random, 4),
                Locality.UNKNOWN,
                "",
                "10.0.0." + number,
                List.of(new RegisteredPort("http", 8080, AppProtocol.HTTP, 15006)),
                named,
                false,
                random.nextInt(5) > 0,
                true);
    }

    private static Map<String, String> labels(Random random, int most) {
        Map<String, String> labels = new HashMap<>();
        IntStream.rangeClosed(0, random.nextInt(most))
                .forEach(i -> labels.put("l" + random.nextInt(4), "v" + random.nextInt(2)));
        return labels;
    }
}
