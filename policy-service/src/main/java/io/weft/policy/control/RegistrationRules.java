package io.weft.policy.control;

import io.weft.model.SpiffeId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.catalog.ServicePort;
import io.weft.policy.stream.Sidecars;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a registration must be like; what it says of its identity must be what the peer has proven.
 */
final class RegistrationRules {

    private static final int MAX_ITEMS = 256;
    private static final int MAX_TEXT = 253;
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.:%_-]{1,253}");
    private static final Pattern SERVICE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private RegistrationRules() {}

    static void check(SpiffeId peer, Registration registration) {
        requireComplete(registration);
        boolean own =
                registration.workload().namespace().equals(peer.namespace())
                        && registration.serviceAccount().equals(peer.serviceAccount());
        if (!own) {
            throw new Sidecars.Refusal(
                    403,
                    "registration: ns/"
                            + registration.workload().namespace()
                            + "/sa/"
                            + registration.serviceAccount()
                            + " (expected: the peer's identity, "
                            + peer
                            + ")");
        }
        require(ADDRESS.matcher(registration.address()).matches(), "address");
        require(registration.labels().size() <= MAX_ITEMS, "labels: too many");
        require(registration.ports().size() <= MAX_ITEMS, "ports: too many");
        require(registration.services().size() <= MAX_ITEMS, "services: too many");
        require(registration.workload().name().length() <= MAX_TEXT, "workload: too long");
        registration.ports().forEach(RegistrationRules::checkPort);
        registration.services().forEach(RegistrationRules::checkService);
    }

    private static void requireComplete(Registration registration) {
        boolean complete =
                Stream.of(
                                registration.workload(),
                                registration.serviceAccount(),
                                registration.locality(),
                                registration.cluster(),
                                registration.address())
                        .allMatch(Objects::nonNull);
        require(complete, "incomplete");
    }

    private static void checkPort(RegisteredPort port) {
        require(port.name() != null && port.protocol() != null, "ports: incomplete");
        require(isPort(port.port()) && isPort(port.meshPort()), "ports: " + port);
    }

    private static void checkService(Registration.RegisteredService service) {
        require(
                service.name() != null && SERVICE.matcher(service.name()).matches(),
                "services: name '" + service.name() + "'");
        Consumer<ServicePort> check =
                port ->
                        require(
                                port.name() != null
                                        && port.protocol() != null
                                        && isPort(port.port())
                                        && isPort(port.targetPort()),
                                "services: port " + port);
        service.ports().forEach(check);
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= 65535;
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new Sidecars.Refusal(400, "registration: " + what);
        }
    }
}
