package io.weft.compiler.dialect;

import io.weft.compiler.catalog.MeshService;
import io.weft.model.resource.Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a dialect declares beside policies.
 *
 * @param inlineJwks key sets by their resource name {@code inline:HASH}
 * @param jwksUris where key sets are to be fetched from; each is also its resource's name
 * @param namespaceLabels labels of namespaces
 */
public record Inventory(
        List<MeshService> services,
        Map<String, Certificate> certificates,
        Map<String, String> inlineJwks,
        Set<String> jwksUris,
        Map<String, Map<String, String>> namespaceLabels) {

    public static final Inventory EMPTY =
            new Inventory(List.of(), Map.of(), Map.of(), Set.of(), Map.of());

    public Inventory {
        services = List.copyOf(services);
        certificates = Map.copyOf(certificates);
        inlineJwks = Map.copyOf(inlineJwks);
        jwksUris = Set.copyOf(jwksUris);
        namespaceLabels = Map.copyOf(namespaceLabels);
    }
}
