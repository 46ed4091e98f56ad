package io.weft.compiler.dialect.kubernetes;

import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.FixedEndpoint;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Locality;
import io.weft.model.ServiceId;
import io.weft.model.cluster.Resolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A core/v1 Service. */
final class ServiceReader {

    private static final int MAX_PORT = 65535;

    /** An IANA service name, which has a letter. */
    private static final Pattern PORT_NAME =
            Pattern.compile("(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private ServiceReader() {}

    static Optional<MeshService> read(Field root) {
        RawResource resource = root.resource();
        Field spec = root.get("spec").accept();
        List<DeclaredPort> ports = new ArrayList<>();
        for (Field port : spec.get("ports").items()) {
            if (!port.get("protocol").text("TCP").equals("TCP")) {
                port.info(Code.UNDERSTOOD, "not a TCP port: it bypasses the mesh");
                continue;
            }
            int number = port.get("port").integer(1, MAX_PORT, 0);
            if (number > 0) {
                ports.add(port(port, number));
            } else if (!port.get("port").isPresent()) {
                port.get("port").reportMissing();
            }
        }
        ServiceId id = new ServiceId(resource.namespace(), resource.name());
        String external = spec.get("externalName").text("");
        return Optional.of(
                new MeshService(
                        id.host(),
                        id.namespace(),
                        id.name(),
                        ports,
                        spec.get("selector").texts(),
                        addresses(spec),
                        external.isEmpty() ? Resolution.STATIC : Resolution.DNS,
                        !external.isEmpty(),
                        external.isEmpty()
                                ? List.of()
                                : List.of(
                                        new FixedEndpoint(
                                                external,
                                                Map.of(),
                                                Map.of(),
                                                Locality.UNKNOWN,
                                                1,
                                                "")),
                        exportTo(resource),
                        List.of(),
                        resource.origin(Dialect.KUBERNETES)));
    }

    private static List<String> exportTo(RawResource resource) {
        String written = resource.annotations().getOrDefault("networking.istio.io/exportTo", "");
        return written.isEmpty() ? List.of() : List.of(written.split(" *, *"));
    }

    private static List<String> addresses(Field spec) {
        List<String> addresses = new ArrayList<>();
        String address = spec.get("clusterIP").text("");
        if (!address.isEmpty() && !address.equals("None")) {
            addresses.add(address);
        }
        for (String other : spec.get("clusterIPs").textItems()) {
            if (!other.equals("None") && !addresses.contains(other)) {
                addresses.add(other);
            }
        }
        return addresses;
    }

    private static DeclaredPort port(Field port, int number) {
        String name = port.get("name").text("");
        AppProtocol protocol = AppProtocol.ofPort(port.get("appProtocol").text(""), name);
        Field field = port.get("targetPort");
        String target = field.loose().orElse(Integer.toString(number));
        if (target.matches("[0-9]{1,5}") && inRange(Integer.parseInt(target))) {
            return new DeclaredPort(name, number, protocol, Integer.parseInt(target), "");
        }
        if (PORT_NAME.matcher(target).matches()) {
            return new DeclaredPort(name, number, protocol, 0, target);
        }
        field.reportValue(
                target, "a port from 1 to " + MAX_PORT + ", or the name of a container's port");
        return new DeclaredPort(name, number, protocol, number, "");
    }

    private static boolean inRange(int port) {
        return port >= 1 && port <= MAX_PORT;
    }
}
