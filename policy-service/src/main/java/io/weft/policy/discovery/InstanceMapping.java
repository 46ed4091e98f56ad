package io.weft.policy.discovery;

import io.weft.compiler.catalog.DiscoveredService;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.ServiceId;
import io.weft.model.catalog.ServicePort;
import io.weft.model.cluster.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.cloud.client.ServiceInstance;

/**
 * Instances as Spring Cloud tells them, as services of the mesh. Registries seldom know a service's
 * own port: it can be called by port 80 and by the ports of its instances.
 */
final class InstanceMapping {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int HTTP = 80;
    private static final int MAX_PORT = 65535;

    private final String defaultNamespace;

    InstanceMapping(String defaultNamespace) {
        this.defaultNamespace = defaultNamespace;
    }

    List<DiscoveredService> services(List<ServiceInstance> instances) {
        Map<ServiceId, List<ServiceInstance>> byService = new TreeMap<>();
        for (ServiceInstance instance : instances) {
            String name = String.valueOf(instance.getServiceId()).toLowerCase(Locale.ROOT);
            boolean usable = instance.getPort() > 0 && instance.getPort() <= MAX_PORT;
            if (NAME.matcher(name).matches() && usable) {
                byService
                        .computeIfAbsent(
                                new ServiceId(namespace(instance), name), id -> new ArrayList<>())
                        .add(instance);
            }
        }
        List<DiscoveredService> services = new ArrayList<>();
        byService.forEach((id, of) -> services.add(service(id, of)));
        return services;
    }

    private static DiscoveredService service(ServiceId id, List<ServiceInstance> instances) {
        boolean secure = instances.stream().allMatch(ServiceInstance::isSecure);
        AppProtocol protocol = secure ? AppProtocol.HTTPS : AppProtocol.HTTP;
        TreeSet<Integer> numbers = new TreeSet<>();
        numbers.add(HTTP);
        instances.forEach(each -> numbers.add(each.getPort()));
        List<ServicePort> ports =
                numbers.stream()
                        .map(port -> new ServicePort("http-" + port, port, port, protocol))
                        .toList();
        List<Endpoint> endpoints =
                instances.stream()
                        .map(each -> endpoint(id, each))
                        .distinct()
                        .sorted(Comparator.comparing(Endpoint::id))
                        .toList();
        return DiscoveredService.of(id, ports, endpoints);
    }

    private static Endpoint endpoint(ServiceId id, ServiceInstance instance) {
        String name =
                Objects.requireNonNullElseGet(
                        instance.getInstanceId(),
                        () -> instance.getHost() + ":" + instance.getPort());
        return new Endpoint(
                name,
                instance.getHost(),
                instance.getPort(),
                null,
                id.namespace(),
                id.name(),
                Map.of(),
                Locality.UNKNOWN,
                1);
    }

    private String namespace(ServiceInstance instance) {
        Map<String, String> metadata =
                Objects.requireNonNullElse(instance.getMetadata(), Map.of());
        String namespace =
                metadata.getOrDefault("k8s_namespace", metadata.get("namespace"));
        return namespace == null || namespace.isEmpty() ? defaultNamespace : namespace;
    }
}
