package io.weft.compiler.dialect.istio;

import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.FixedEndpoint;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.cluster.Resolution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code ServiceEntry} and {@code WorkloadEntry}. */
final class ServiceEntryReader {

    /** As Istio names them. */
    enum Location {
        MESH_EXTERNAL,
        MESH_INTERNAL
    }

    /** A WorkloadEntry, which ServiceEntries of its namespace may select. */
    record Entry(String namespace, FixedEndpoint endpoint) {}

    private ServiceEntryReader() {}

    static Entry workloadEntry(Field root) {
        return new Entry(root.resource().namespace(), endpoint(root.get("spec")));
    }

    /** What workloads outside Kubernetes have in common; they bring it along as they register. */
    static void workloadGroup(Field root) {
        Field spec = root.get("spec");
        Map<String, String> labels = spec.get("metadata").get("labels").texts();
        spec.get("metadata").get("annotations").texts();
        Field template = spec.get("template");
        if (!template.isPresent()) {
            template.reportMissing();
        }
        Map<String, Integer> ports = new TreeMap<>();
        template.get("ports")
                .entries()
                .forEach((name, value) ->
                        value.integer(1, 65535).ifPresent(port -> ports.put(name, port)));
        Map<String, String> own = new TreeMap<>(template.get("labels").texts());
        labels.forEach(own::putIfAbsent);
        template.get("address").text();
        template.get("network").text();
        template.get("locality").text();
        template.get("weight").integer(0, Integer.MAX_VALUE);
        String account = template.get("serviceAccount").text("");
        spec.get("probe")
                .unsupported("a workload's sidecar probes its application by its own settings");
        root.info(
                Code.UNDERSTOOD,
                "understood as a group of workloads with labels "
                        + own
                        + (ports.isEmpty() ? "" : ", ports " + ports)
                        + (account.isEmpty() ? "" : ", service account " + account)
                        + ": policies may select them; each brings its labels along as its"
                        + " sidecar registers");
    }

    /** One service for each host. */
    static List<MeshService> read(Field root, List<Entry> entries) {
        Field spec = root.get("spec");
        String namespace = root.resource().namespace();
        Location location =
                spec.get("location").constant(Location.class).orElse(Location.MESH_EXTERNAL);
        Map<String, String> selector = spec.get("workloadSelector").get("labels").texts();
        List<FixedEndpoint> endpoints = new ArrayList<>();
        for (Field item : spec.get("endpoints").items()) {
            endpoints.add(endpoint(item));
        }
        entries.stream()
                .filter(entry -> !entry.endpoint().address().isEmpty())
                .filter(entry -> !selector.isEmpty() && entry.namespace().equals(namespace))
                .map(Entry::endpoint)
                .filter(e -> e.labels().entrySet().containsAll(selector.entrySet()))
                .forEach(endpoints::add);
        List<DeclaredPort> ports = ports(spec.get("ports"));
        Resolution resolution = resolution(spec.get("resolution"));
        List<String> hosts = spec.get("hosts").textItems();
        if (hosts.isEmpty()) {
            spec.get("hosts").reportMissing();
        }
        spec.get("subjectAltNames").textItems();
        List<MeshService> services = new ArrayList<>();
        for (String written : hosts) {
            String host = written.toLowerCase(Locale.ROOT);
            boolean byName =
                    resolution == Resolution.DNS || resolution == Resolution.DNS_ROUND_ROBIN;
            if (byName && host.startsWith("*") && endpoints.isEmpty()) {
                spec.get("resolution")
                        .error(
                                Code.CONTRADICTION,
                                "a wildcard host cannot be resolved (expected: endpoints or NONE)",
                                "add endpoints, or use resolution NONE");
                continue;
            }
            services.add(
                    new MeshService(
                            host,
                            namespace,
                            host,
                            ports,
                            selector,
                            spec.get("addresses").textItems(),
                            resolution,
                            location == Location.MESH_EXTERNAL,
                            byName && endpoints.isEmpty() ? List.of(itself(host)) : endpoints,
                            spec.get("exportTo").textItems(),
                            spec.get("subjectAltNames").textItems(),
                            root.origin()));
        }
        return services;
    }

    private static FixedEndpoint itself(String host) {
        return new FixedEndpoint(host, Map.of(), Map.of(), Locality.UNKNOWN, 1, "");
    }

    private static Resolution resolution(Field field) {
        String name = field.text("NONE");
        return switch (name) {
            case "NONE" -> Resolution.ORIGINAL_DESTINATION;
            case "STATIC" -> Resolution.STATIC;
            case "DNS" -> Resolution.DNS;
            case "DNS_ROUND_ROBIN" -> Resolution.DNS_ROUND_ROBIN;
            default -> {
                field.reportValue(name, "NONE, STATIC, DNS, DNS_ROUND_ROBIN");
                yield Resolution.STATIC;
            }
        };
    }

    private static List<DeclaredPort> ports(Field list) {
        List<DeclaredPort> ports = new ArrayList<>();
        for (Field item : list.items()) {
            int number = item.get("number").integer(1, 65535, 0);
            if (number == 0) {
                if (!item.get("number").isPresent()) {
                    item.get("number").reportMissing();
                }
                continue;
            }
            String name = item.get("name").text("");
            String protocol = item.get("protocol").text(name);
            ports.add(
                    new DeclaredPort(
                            name,
                            number,
                            AppProtocol.parse(protocol),
                            item.get("targetPort").integer(1, 65535, number),
                            ""));
        }
        return ports;
    }

    private static FixedEndpoint endpoint(Field field) {
        // In another network an address may be left out: its gateway is called instead.
        boolean elsewhere = !field.get("network").text("").isEmpty();
        String address =
                elsewhere ? field.get("address").text("") : field.get("address").required();
        if (address.startsWith("unix://")) {
            field.get("address").unsupported("Unix sockets are not connected to");
        }
        field.get("network").accept();
        Map<String, Integer> ports = new HashMap<>();
        field.get("ports")
                .entries()
                .forEach((name, value) ->
                        value.integer(1, 65535).ifPresent(port -> ports.put(name, port)));
        String locality = field.get("locality").text("");
        return new FixedEndpoint(
                address,
                ports,
                field.get("labels").texts(),
                locality.isEmpty() ? Locality.UNKNOWN : Locality.parse(locality),
                Math.max(1, field.get("weight").integer(0, Integer.MAX_VALUE, 1)),
                field.get("serviceAccount").text(""));
    }
}
