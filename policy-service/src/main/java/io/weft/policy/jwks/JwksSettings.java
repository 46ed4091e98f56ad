package io.weft.policy.jwks;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How key sets are fetched.
 *
 * @param refresh how often, when all is well
 * @param hosts hosts that are reached somewhere else than their name says, for development; also
 *     the only way to loopback
 * @param caFile roots (PEM) that are trusted beside the platform's; null for none
 */
public record JwksSettings(
        Duration refresh, Map<String, InetSocketAddress> hosts, @Nullable Path caFile) {

    public static final JwksSettings DEFAULT =
            new JwksSettings(Duration.ofMinutes(20), Map.of(), null);

    public JwksSettings {
        hosts = Map.copyOf(hosts);
        if (refresh.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "JWKS refresh: " + refresh + " (expected: at least PT1S)");
        }
    }
}
