package io.weft.compiler.catalog;

import io.weft.model.Origin;
import io.weft.model.cluster.Resolution;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A service that can be called.
 *
 * @param host fully qualified host name, lower case; may start with {@code *.}
 * @param name its short name; the host for what is outside
 * @param selector labels of the workloads behind it in its namespace; empty selects none
 * @param addresses its own addresses, as callers may use them
 * @param external outside the mesh: no automatic mTLS
 * @param endpoints those that are written down
 * @param exportTo namespaces that see it, {@code *} or empty for all, {@code .} for its own
 * @param subjectAltNames names that its certificates must have; empty where nothing is said
 */
public record MeshService(
        String host,
        String namespace,
        String name,
        List<DeclaredPort> ports,
        Map<String, String> selector,
        List<String> addresses,
        Resolution resolution,
        boolean external,
        List<FixedEndpoint> endpoints,
        List<String> exportTo,
        List<String> subjectAltNames,
        Origin origin) {

    public MeshService {
        ports = List.copyOf(ports);
        selector = Map.copyOf(selector);
        addresses = List.copyOf(addresses);
        endpoints = List.copyOf(endpoints);
        exportTo = List.copyOf(exportTo);
        subjectAltNames = List.copyOf(subjectAltNames);
    }

    /** The same with these endpoints in place of others. */
    public MeshService withEndpoints(List<FixedEndpoint> others) {
        return new MeshService(
                host,
                namespace,
                name,
                ports,
                selector,
                addresses,
                resolution,
                external,
                others,
                exportTo,
                subjectAltNames,
                origin);
    }

    /** The port that callers know by this number. */
    public Optional<DeclaredPort> port(int number) {
        return ports.stream().filter(port -> port.port() == number).findFirst();
    }

    /** Whether clients of the namespace may see it. */
    public boolean visibleFrom(String clientNamespace) {
        return exportTo.isEmpty()
                || exportTo.contains("*")
                || exportTo.contains(clientNamespace)
                || exportTo.contains(".") && namespace.equals(clientNamespace);
    }

    /** Whether its selector selects a workload with these labels in its namespace. */
    public boolean selects(String workloadNamespace, Map<String, String> labels) {
        return !selector.isEmpty()
                && namespace.equals(workloadNamespace)
                && labels.entrySet().containsAll(selector.entrySet());
    }
}
