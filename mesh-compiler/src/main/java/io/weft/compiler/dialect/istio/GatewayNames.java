package io.weft.compiler.dialect.istio;

import io.weft.compiler.yaml.Field;
import java.util.List;

/** References to gateways, as {@code namespace/name}; {@code mesh} stays as it is. */
final class GatewayNames {

    static final String MESH = "mesh";

    private GatewayNames() {}

    static List<String> read(Field list) {
        String namespace = list.resource().namespace();
        return list.textItems().stream().map(name -> qualify(name, namespace)).toList();
    }

    private static String qualify(String name, String namespace) {
        if (name.equals(MESH)) {
            return name;
        }
        if (name.startsWith("./")) {
            return namespace + name.substring(1);
        }
        return name.contains("/") ? name : namespace + "/" + name;
    }
}
