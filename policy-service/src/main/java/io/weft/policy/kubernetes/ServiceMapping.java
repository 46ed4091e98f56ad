package io.weft.policy.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.weft.compiler.catalog.DiscoveredService;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.ServiceId;
import io.weft.model.catalog.ServicePort;
import io.weft.model.cluster.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From Services, EndpointSlices and pods to services of the mesh. Endpoints that are not ready are
 * left out; those of pods with a sidecar carry the pod's identity and so are called by mTLS. Services
 * of type ExternalName are not taken: they are declared, with their TLS, by a ServiceEntry.
 */
final class ServiceMapping {

    private static final String SERVICE = "kubernetes.io/service-name";
    private static final String TCP = "TCP";

    /** Of pods with addresses of both families, the first counts. */
    private static final List<String> FAMILIES = List.of("IPv4", "IPv6");

    private final String trustDomain;

    ServiceMapping(String trustDomain) {
        this.trustDomain = trustDomain;
    }

    /** Sorted, so that the same state gives equal lists. */
    List<DiscoveredService> services(
            List<Service> services, List<EndpointSlice> slices, List<Pod> pods) {
        Map<String, PodFacts> facts = new HashMap<>();
        pods.forEach(
                pod ->
                        facts.put(
                                key(pod, pod.getMetadata().getName()),
                                PodFacts.of(pod, trustDomain)));
        Map<String, List<EndpointSlice>> byService = new HashMap<>();
        for (EndpointSlice slice : slices) {
            Map<String, String> labels = slice.getMetadata().getLabels();
            String service = labels == null ? null : labels.get(SERVICE);
            if (service != null && FAMILIES.contains(slice.getAddressType())) {
                byService.computeIfAbsent(key(slice, service), any -> new ArrayList<>()).add(slice);
            }
        }
        byService
                .values()
                .forEach(
                        of ->
                                of.sort(
                                        Comparator.comparing(EndpointSlice::getAddressType)
                                                .thenComparing(s -> s.getMetadata().getName())));
        return services.stream()
                .filter(each -> !"ExternalName".equals(each.getSpec().getType()))
                .sorted(Comparator.comparing(each -> key(each, each.getMetadata().getName())))
                .map(
                        each ->
                                service(
                                        each,
                                        byService.getOrDefault(
                                                key(each, each.getMetadata().getName()), List.of()),
                                        facts))
                .toList();
    }

    private static String key(HasMetadata object, String name) {
        return object.getMetadata().getNamespace() + "/" + name;
    }

    private static DiscoveredService service(
            Service service, List<EndpointSlice> slices, Map<String, PodFacts> pods) {
        ServiceId id =
                new ServiceId(service.getMetadata().getNamespace(), service.getMetadata().getName());
        List<ServicePort> ports = new ArrayList<>();
        Map<Integer, List<Endpoint>> endpoints = new TreeMap<>();
        for (var port : service.getSpec().getPorts()) {
            if (!isTcp(port.getProtocol())) {
                continue;
            }
            String name = orEmpty(port.getName());
            ports.add(
                    new ServicePort(
                            name,
                            port.getPort(),
                            target(port.getTargetPort(), port.getPort(), name, slices),
                            AppProtocol.ofPort(orEmpty(port.getAppProtocol()), name)));
            endpoints.put(port.getPort(), endpoints(id, name, slices, pods));
        }
        return new DiscoveredService(
                id,
                ports,
                Objects.requireNonNullElse(service.getSpec().getSelector(), Map.of()),
                addresses(service),
                endpoints);
    }

    private static boolean isTcp(@Nullable String protocol) {
        return protocol == null || protocol.equals(TCP);
    }

    /** A target that is a name is as the slices resolve it, else as callers see it. */
    private static int target(
            @Nullable IntOrString written, int port, String name, List<EndpointSlice> slices) {
        if (written != null && written.getIntVal() != null && written.getIntVal() > 0) {
            return written.getIntVal();
        }
        return slices.stream()
                .map(slice -> portOf(slice, name))
                .filter(each -> each > 0)
                .findFirst()
                .orElse(port);
    }

    private static List<String> addresses(Service service) {
        List<String> all =
                Objects.requireNonNullElse(service.getSpec().getClusterIPs(), List.<String>of());
        String first = orEmpty(service.getSpec().getClusterIP());
        List<String> named = all.isEmpty() && !first.isEmpty() ? List.of(first) : all;
        return named.stream().filter(each -> !each.equals("None")).toList();
    }

    private static List<Endpoint> endpoints(
            ServiceId service, String port, List<EndpointSlice> slices, Map<String, PodFacts> pods) {
        Map<String, Endpoint> found = new TreeMap<>();
        for (EndpointSlice slice : slices) {
            int number = portOf(slice, port);
            if (number <= 0) {
                continue;
            }
            slice.getEndpoints().stream()
                    .filter(each -> isReady(each.getConditions()) && !each.getAddresses().isEmpty())
                    .map(each -> endpoint(service, each, number, pods))
                    .forEach(each -> found.putIfAbsent(each.id(), each));
        }
        return List.copyOf(found.values());
    }

    private static int portOf(EndpointSlice slice, String name) {
        return slice.getPorts().stream()
                .filter(each -> orEmpty(each.getName()).equals(name) && isTcp(each.getProtocol()))
                .map(EndpointPort::getPort)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(0);
    }

    /** Not said means ready. */
    private static boolean isReady(@Nullable EndpointConditions conditions) {
        return conditions == null || !Boolean.FALSE.equals(conditions.getReady());
    }

    private static Endpoint endpoint(
            ServiceId service,
            io.fabric8.kubernetes.api.model.discovery.v1.Endpoint told,
            int port,
            Map<String, PodFacts> pods) {
        String address = told.getAddresses().getFirst();
        ObjectReference target = told.getTargetRef();
        boolean isPod = target != null && "Pod".equals(target.getKind());
        String name = isPod ? String.valueOf(target.getName()) : address;
        PodFacts pod = isPod ? pods.get(service.namespace() + "/" + name) : null;
        String zone = orEmpty(told.getZone());
        return new Endpoint(
                name,
                address,
                port,
                pod == null ? null : pod.identity(),
                service.namespace(),
                pod == null ? service.name() : pod.workload(),
                pod == null ? Map.of() : pod.labels(),
                new Locality(pod == null ? "" : pod.region(), zone, ""),
                1);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
