package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.ServiceId;

/**
 * A reference to a backend.
 *
 * @param port 0 where none is written
 */
record ObjectRef(
        String group, String kind, String namespace, String name, int port, Origin origin) {

    boolean isService() {
        return kind.equals("Service") && (group.isEmpty() || group.equals("core"));
    }

    /** The fully qualified host of the Service; empty, which is nobody's, without a name. */
    String host() {
        return namespace.isEmpty() || name.isEmpty() ? "" : new ServiceId(namespace, name).host();
    }

    String describe() {
        return kind + " " + namespace + "/" + name + (port > 0 ? ":" + port : "");
    }

    static ObjectRef read(Field ref, String defaultKind) {
        return new ObjectRef(
                ref.get("group").text(""),
                ref.get("kind").text(defaultKind),
                ref.get("namespace").text(ref.resource().namespace()),
                ref.get("name").required(),
                ref.get("port").integer(1, 65535, 0),
                ref.origin());
    }
}
