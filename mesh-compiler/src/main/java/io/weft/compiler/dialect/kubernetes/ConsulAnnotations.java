package io.weft.compiler.dialect.kubernetes;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Consul's annotations of pods, which its injector reads. What they ask for are settings of the
 * sidecar here; it is said which.
 */
final class ConsulAnnotations {

    private static final String PREFIX = "consul.hashicorp.com/";
    private static final int MAX_PORT = 65_535;

    /** {@code NAME[.NAMESPACE]:PORT[:DATACENTER]}, or {@code NAME.svc[.NAMESPACE.ns]:PORT}. */
    private static final Pattern UPSTREAM =
            Pattern.compile(
                    "([a-z0-9-]+)(?:\\.svc)?(?:\\.([a-z0-9-]+)(?:\\.ns)?)?:([0-9]{1,5})(?::[a-z0-9-]+)?");

    private ConsulAnnotations() {}

    /** Reads those of the template of a Deployment and its like. */
    static void read(Field annotations) {
        for (String name : List.of("connect-inject", "transparent-proxy")) {
            annotations
                    .get(PREFIX + name)
                    .ifPresent(field ->
                            field.info(
                                    Code.UNDERSTOOD,
                                    "who injects sidecars applies it; it decides nothing about"
                                            + " requests"));
        }
        annotations
                .get(PREFIX + "connect-service")
                .ifPresent(field ->
                        field.info(
                                Code.UNDERSTOOD,
                                "'"
                                        + field.loose().orElse("")
                                        + "': here a workload belongs to the Services that select"
                                        + " its labels, and to those that it registers itself"));
        annotations
                .get(PREFIX + "connect-service-port")
                .ifPresent(field ->
                        field.info(
                                Code.UNDERSTOOD,
                                "'"
                                        + field.loose().orElse("")
                                        + "': here the sidecar is told the application's ports"
                                        + " (weft.mesh.inbound)"));
        annotations
                .get(PREFIX + "connect-service-upstreams")
                .ifPresent(ConsulAnnotations::upstreams);
    }

    /** Each binds a destination to a local port. */
    private static void upstreams(Field field) {
        List<String> bound = new ArrayList<>();
        for (String item : field.loose().orElse("").split(",")) {
            String text = item.strip();
            Matcher parts = UPSTREAM.matcher(text);
            int port = parts.matches() ? Integer.parseInt(parts.group(3)) : 0;
            if (port < 1 || port > MAX_PORT) {
                field.warn(
                        Code.INVALID_VALUE,
                        "'" + text + "' (expected: SERVICE:PORT or SERVICE.NAMESPACE:PORT)",
                        "name a service and the local port for it");
                continue;
            }
            String namespace =
                    parts.group(2) == null ? field.resource().namespace() : parts.group(2);
            bound.add("http://localhost:" + port + " is " + parts.group(1) + "." + namespace);
        }
        if (!bound.isEmpty()) {
            field.info(
                    Code.UNDERSTOOD,
                    String.join(", ", bound)
                            + ": who starts the sidecar binds these ports (weft.mesh.upstreams)");
        }
    }
}
