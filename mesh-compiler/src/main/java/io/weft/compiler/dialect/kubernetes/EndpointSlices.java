package io.weft.compiler.dialect.kubernetes;

import io.weft.compiler.catalog.FixedEndpoint;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.yaml.Field;
import io.weft.model.Locality;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * EndpointSlices that somebody wrote: they are what stands behind a Service without a selector.
 * Those of a Service with one are the cluster's own notes of its pods. For one compilation.
 */
final class EndpointSlices {

    private static final String SERVICE = "kubernetes.io/service-name";

    private record Slice(Field root, List<FixedEndpoint> endpoints) {}

    private final Map<String, List<Slice>> byService = new HashMap<>();

    void add(Field root) {
        String type = root.get("addressType").required();
        if (!List.of("IPv4", "IPv6", "FQDN", "").contains(type)) {
            root.get("addressType").reportValue(type, "IPv4, IPv6, FQDN");
        }
        Map<String, Integer> ports = new HashMap<>();
        for (Field port : root.get("ports").items()) {
            port.get("protocol").text();
            port.get("appProtocol").text();
            String name = port.get("name").text("");
            port.get("port").integer(1, 65535).ifPresent(number -> ports.put(name, number));
        }
        List<FixedEndpoint> endpoints = new ArrayList<>();
        for (Field item : root.get("endpoints").items()) {
            endpoint(item, ports, endpoints);
        }
        root.reportUnknown(Level.WARNING);
        String service = root.resource().labels().getOrDefault(SERVICE, "");
        if (service.isEmpty()) {
            root.warn(
                    Code.DANGLING_REFERENCE,
                    "belongs to no Service (expected: label " + SERVICE + ")",
                    "name the Service by that label");
            return;
        }
        byService
                .computeIfAbsent(
                        root.resource().namespace() + "/" + service, id -> new ArrayList<>())
                .add(new Slice(root, endpoints));
    }

    private static void endpoint(
            Field item, Map<String, Integer> ports, List<FixedEndpoint> endpoints) {
        List<String> addresses = item.get("addresses").textItems();
        String zone = item.get("zone").text("");
        boolean ready = item.get("conditions").get("ready").bool(true);
        for (String other :
                List.of(
                        "conditions",
                        "hostname",
                        "nodeName",
                        "targetRef",
                        "hints",
                        "deprecatedTopology")) {
            item.get(other).accept();
        }
        if (addresses.isEmpty() || addresses.getFirst().isEmpty()) {
            item.get("addresses").reportMissing();
        } else if (ready) {
            endpoints.add(
                    new FixedEndpoint(
                            addresses.getFirst(),
                            ports,
                            Map.of(),
                            zone.isEmpty() ? Locality.UNKNOWN : new Locality("", zone, ""),
                            1,
                            ""));
        }
    }

    /** The service with what was written for it. */
    MeshService join(MeshService service) {
        List<Slice> slices = byService.remove(service.namespace() + "/" + service.name());
        if (slices == null) {
            return service;
        }
        if (!service.selector().isEmpty()) {
            slices.forEach(slice ->
                    slice.root()
                            .info(
                                    Code.UNDERSTOOD,
                                    "not taken over: Service "
                                            + service.name()
                                            + " has a selector, so the workloads that register"
                                            + " count"));
            return service;
        }
        List<FixedEndpoint> all = new ArrayList<>(service.endpoints());
        slices.forEach(slice -> all.addAll(slice.endpoints()));
        return service.withEndpoints(all);
    }

    /** Reports slices whose Service is not there. */
    void reportRest() {
        byService.forEach((service, slices) ->
                slices.forEach(slice ->
                        slice.root()
                                .warn(
                                        Code.DANGLING_REFERENCE,
                                        "Service " + service + " is not declared: not taken over",
                                        "declare the Service")));
    }
}
