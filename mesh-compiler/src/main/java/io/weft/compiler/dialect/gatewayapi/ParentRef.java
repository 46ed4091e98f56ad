package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import java.util.ArrayList;
import java.util.List;

/**
 * What a route is attached to.
 *
 * @param sectionName empty for every section
 * @param port 0 for every port
 */
record ParentRef(
        String group,
        String kind,
        String namespace,
        String name,
        String sectionName,
        int port,
        Origin origin) {

    boolean isGateway() {
        return kind.equals("Gateway") && group.equals(GatewayApiDialect.GROUP);
    }

    boolean isService() {
        return kind.equals("Service") && (group.isEmpty() || group.equals("core"));
    }

    static List<ParentRef> read(Field parents, String namespace) {
        List<ParentRef> found = new ArrayList<>();
        for (Field item : parents.items()) {
            ParentRef parent =
                    new ParentRef(
                            item.get("group").text(GatewayApiDialect.GROUP),
                            item.get("kind").text("Gateway"),
                            item.get("namespace").text(namespace),
                            item.get("name").required(),
                            item.get("sectionName").text(""),
                            item.get("port").integer(1, 65535, 0),
                            item.origin());
            if (!parent.name().isEmpty() && !parent.namespace().isEmpty()) {
                found.add(parent);
            }
        }
        return found;
    }
}
