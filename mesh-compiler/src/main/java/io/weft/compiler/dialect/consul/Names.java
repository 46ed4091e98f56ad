package io.weft.compiler.dialect.consul;

import io.weft.compiler.yaml.Field;
import io.weft.model.ServiceId;

/**
 * Service names of Consul as hosts: a Consul namespace is a Kubernetes one (namespace mirroring),
 * and a name without one means that of the resource.
 */
final class Names {

    private Names() {}

    /** The host of the service that an entry is for: entries bear its name. */
    static String own(Field root) {
        return host(root.resource().name(), root.resource().namespace());
    }

    static String host(String service, String namespace) {
        return service + "." + namespace + "." + ServiceId.DOMAIN_SUFFIX;
    }
}
