package io.weft.compiler.catalog;

import io.weft.model.Origin;
import io.weft.model.ServiceId;
import io.weft.model.catalog.Registration;
import io.weft.model.catalog.ServicePort;
import io.weft.model.cluster.Resolution;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Services by the names and addresses that clients may write. Immutable once made. */
final class HostIndex {

    private final Map<String, MeshService> byHost;
    private final Map<String, MeshService> byAddress = new HashMap<>();

    /** On equal hosts the first one wins, and what is declared before what is only known. */
    HostIndex(
            List<MeshService> declared,
            List<Registration> registrations,
            List<DiscoveredService> discovered) {
        this.byHost = LinkedHashMap.newLinkedHashMap(declared.size());
        declared.forEach(service -> byHost.putIfAbsent(service.host(), service));
        registrations.forEach(this::addRegistered);
        discovered.forEach(this::addDiscovered);
        for (MeshService service : byHost.values()) {
            service.addresses().forEach(address -> byAddress.putIfAbsent(address, service));
        }
        // The registry may know addresses of a service that YAML declares.
        for (DiscoveredService each : discovered) {
            MeshService known = byHost.get(each.id().host());
            if (known != null) {
                each.addresses().forEach(address -> byAddress.putIfAbsent(address, known));
            }
        }
    }

    private void addRegistered(Registration registration) {
        for (Registration.RegisteredService service : registration.services()) {
            ServiceId id = new ServiceId(registration.workload().namespace(), service.name());
            byHost.computeIfAbsent(
                    id.host(),
                    host ->
                            undeclared(
                                    id,
                                    service.ports(),
                                    Map.of(),
                                    List.of(),
                                    "registered by " + registration.workload()));
        }
    }

    private void addDiscovered(DiscoveredService service) {
        byHost.computeIfAbsent(
                service.id().host(),
                host ->
                        undeclared(
                                service.id(),
                                service.ports(),
                                service.selector(),
                                service.addresses(),
                                "discovered"));
    }

    private static MeshService undeclared(
            ServiceId id,
            List<ServicePort> ports,
            Map<String, String> selector,
            List<String> addresses,
            String why) {
        return new MeshService(
                id.host(),
                id.namespace(),
                id.name(),
                ports.stream().map(DeclaredPort::of).toList(),
                selector,
                addresses,
                Resolution.STATIC,
                false,
                List.of(),
                List.of(),
                List.of(),
                Origin.builtIn(why));
    }

    Collection<MeshService> services() {
        return byHost.values();
    }

    @Nullable MeshService get(String host) {
        return byHost.get(host);
    }

    /** As {@link ServiceCatalog#resolve}. */
    Optional<MeshService> resolve(String written, String clientNamespace) {
        String host = written.toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        return candidate(host, clientNamespace)
                .filter(service -> service.visibleFrom(clientNamespace));
    }

    private Optional<MeshService> candidate(String host, String clientNamespace) {
        MeshService exact = byHost.get(host);
        if (exact != null) {
            return Optional.of(exact);
        }
        String[] labels = host.split("\\.", -1);
        MeshService service =
                switch (labels.length) {
                    case 1 -> byHost.get(qualified(host, clientNamespace));
                    case 2 -> byHost.get(qualified(labels[0], labels[1]));
                    case 3 ->
                            labels[2].equals("svc")
                                    ? byHost.get(qualified(labels[0], labels[1]))
                                    : null;
                    default -> null;
                };
        if (service == null) {
            service = byAddress.get(host);
        }
        return service != null ? Optional.of(service) : byWildcard(host);
    }

    private static String qualified(String name, String namespace) {
        return name + "." + namespace + "." + ServiceId.DOMAIN_SUFFIX;
    }

    private Optional<MeshService> byWildcard(String host) {
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            MeshService found = byHost.get("*" + host.substring(dot));
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }
}
