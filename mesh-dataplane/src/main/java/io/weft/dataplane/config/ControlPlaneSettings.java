package io.weft.dataplane.config;

import java.time.Duration;
import java.util.List;

/**
 * How to reach the control plane, and how patiently.
 *
 * @param instance as in the registration
 * @param addresses of the stream's port, {@code host:port}; tried in turn
 * @param heartbeatTimeout silence after which the stream counts as dead
 * @param firstPause before the first reconnect; doubled for each that fails, always with jitter
 * @param longestPause between reconnects
 * @param maxLineBytes of one message
 * @param maxRoutes how many destinations may be subscribed to; more are not asked for
 */
public record ControlPlaneSettings(
        String instance,
        List<String> addresses,
        Duration heartbeatTimeout,
        Duration firstPause,
        Duration longestPause,
        int maxLineBytes,
        int maxRoutes) {

    public ControlPlaneSettings {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("control plane: no address (expected: host:port)");
        }
        if (!instance.matches("[A-Za-z0-9._-]{1,253}")) {
            throw new IllegalArgumentException(
                    "instance: '" + instance + "' (expected: letters, digits, '.', '_', '-')");
        }
    }

    /** With the usual times and limits. */
    public static ControlPlaneSettings of(String instance, List<String> addresses) {
        return new ControlPlaneSettings(
                instance,
                addresses,
                Duration.ofSeconds(15),
                Duration.ofMillis(250),
                Duration.ofSeconds(5),
                64 << 20,
                10_000);
    }
}
