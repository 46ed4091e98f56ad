package io.weft.compiler.dialect.weft;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.yaml.Field;
import io.weft.model.cluster.EndpointCare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Care for the endpoints of a service: active health checks and slow start.
 *
 * @param host a name of the own namespace, or a fully qualified one
 * @param ports empty for all
 */
record EndpointPolicy(String namespace, String host, List<Integer> ports, EndpointCare care) {

    private static final int MAX_THRESHOLD = 1000;

    EndpointPolicy {
        ports = List.copyOf(ports);
    }

    static EndpointPolicy read(Field root) {
        Field spec = root.get("spec");
        List<Integer> ports = new ArrayList<>();
        for (Field port : spec.get("ports").items()) {
            port.integer(1, 65_535).ifPresent(ports::add);
        }
        Field check = spec.get("healthCheck");
        Field slow = spec.get("slowStart");
        if (!check.isPresent() && !slow.isPresent()) {
            check.reportMissing();
        }
        EndpointPolicy read =
                new EndpointPolicy(
                        root.resource().namespace(),
                        spec.get("host").required(),
                        ports,
                        new EndpointCare(
                                check.isPresent() ? check(check) : null,
                                slow.isPresent() ? slowStart(slow) : null,
                                spec.origin()));
        root.reportUnknown(Level.ERROR);
        return read;
    }

    private static EndpointCare.HealthCheck check(Field field) {
        List<Integer> statuses = new ArrayList<>();
        for (Field status : field.get("expectedStatuses").items()) {
            status.integer(200, 599).ifPresent(statuses::add);
        }
        return new EndpointCare.HealthCheck(
                field.get("path").text(""),
                field.get("hostHeader").text(""),
                time(field.get("interval"), 10),
                time(field.get("timeout"), 1),
                field.get("unhealthyThreshold").integer(1, MAX_THRESHOLD, 3),
                field.get("healthyThreshold").integer(1, MAX_THRESHOLD, 2),
                statuses);
    }

    private static EndpointCare.@Nullable SlowStart slowStart(Field field) {
        return new EndpointCare.SlowStart(
                time(field.get("window"), 30),
                field.get("minimumPercent").integer(1, 100, 10),
                Math.max(1, field.get("aggression").number(1, Double.MAX_VALUE).orElse(1)));
    }

    private static Duration time(Field field, int seconds) {
        Duration read = field.duration().orElse(Duration.ofSeconds(seconds));
        if (read.isZero() || read.isNegative()) {
            field.reportValue(read.toString(), "above 0");
            return Duration.ofSeconds(seconds);
        }
        return read;
    }

    boolean concerns(MeshService service, int port) {
        boolean own = service.namespace().equals(namespace) && service.name().equals(host);
        return (own || service.host().equals(host)) && (ports.isEmpty() || ports.contains(port));
    }
}
