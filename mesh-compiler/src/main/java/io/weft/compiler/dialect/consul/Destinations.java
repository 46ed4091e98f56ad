package io.weft.compiler.dialect.consul;

import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.FixedEndpoint;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.yaml.Field;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.cluster.Resolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code destination} of ServiceDefaults: services outside, by their own addresses. */
final class Destinations {

    private static final Pattern IP = Pattern.compile("[0-9.]+|.*:.*");

    private final List<MeshService> services = new ArrayList<>();

    List<MeshService> services() {
        return services;
    }

    void add(Field root) {
        Field destination = root.get("spec").get("destination");
        if (!destination.isPresent()) {
            return;
        }
        int port = destination.get("port").integer(1, 65_535, 0);
        if (port == 0) {
            destination.get("port").reportMissing();
            return;
        }
        AppProtocol protocol = AppProtocol.parse(root.get("spec").get("protocol").text("tcp"));
        List<Field> addresses = destination.get("addresses").items();
        if (addresses.isEmpty()) {
            destination.get("addresses").reportMissing();
        }
        for (Field item : addresses) {
            String host = item.text("").toLowerCase(Locale.ROOT);
            boolean wildcard = host.startsWith("*");
            boolean address = IP.matcher(host).matches();
            FixedEndpoint itself =
                    new FixedEndpoint(host, Map.of(), Map.of(), Locality.UNKNOWN, 1, "");
            services.add(
                    new MeshService(
                            host,
                            root.resource().namespace(),
                            host,
                            List.of(new DeclaredPort("", port, protocol, port, "")),
                            Map.of(),
                            address ? List.of(host) : List.of(),
                            wildcard
                                    ? Resolution.ORIGINAL_DESTINATION
                                    : address ? Resolution.STATIC : Resolution.DNS,
                            true,
                            wildcard ? List.of() : List.of(itself),
                            List.of(),
                            List.of(),
                            item.origin()));
        }
    }
}
