package io.weft.compiler.dialect.consul;

import io.weft.compiler.dialect.consul.chain.ServiceName;
import io.weft.compiler.yaml.Field;
import io.weft.model.ServiceId;
import java.util.Optional;

/**
 * Service names of Consul as hosts: a Consul namespace is a Kubernetes one (namespace mirroring),
 * and a name without one means that of the resource.
 */
final class Names {

    private static final String SUFFIX = "." + ServiceId.DOMAIN_SUFFIX;

    private Names() {}

    /** The service that an entry is for: entries bear its name. */
    static ServiceName own(Field root) {
        return new ServiceName(root.resource().name(), root.resource().namespace());
    }

    static String host(ServiceName service) {
        return service.name() + "." + service.namespace() + SUFFIX;
    }

    /** As Consul's DNS calls a service of a peer. */
    static String peerHost(ServiceName service, String peer) {
        return service.name() + ".virtual." + peer + ".consul";
    }

    /** The service of a host of the cluster; empty for any other host. */
    static Optional<ServiceName> service(String host) {
        int dot = host.indexOf('.');
        if (dot < 1 || !host.endsWith(SUFFIX) || host.length() <= dot + SUFFIX.length()) {
            return Optional.empty();
        }
        return Optional.of(
                new ServiceName(
                        host.substring(0, dot),
                        host.substring(dot + 1, host.length() - SUFFIX.length())));
    }

    /** The service that a member of an entry names; what it leaves out is the entry's own. */
    static ServiceName read(Field holder, String nameField) {
        ServiceName own = own(holder);
        String name = holder.get(nameField).text("");
        String namespace = holder.get("namespace").text("");
        return new ServiceName(
                name.isEmpty() ? own.name() : name,
                namespace.isEmpty() ? own.namespace() : namespace);
    }

    /** There is one partition; any other is refused. */
    static void refusePartition(Field holder) {
        Field partition = holder.get("partition");
        String name = partition.text("default");
        if (!name.isEmpty() && !name.equals("default")) {
            partition.reportValue(name, "default: there are no other partitions");
        }
    }
}
