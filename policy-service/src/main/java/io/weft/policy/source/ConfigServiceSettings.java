package io.weft.policy.source;

import io.weft.model.Secret;
import java.net.URI;
import java.time.Duration;

/**
 * How config-service is read.
 *
 * @param url for example {@code http://127.0.0.1:8888}
 * @param token sent as bearer token; empty for none
 * @param poll how often it is asked where the watch does not work, and at the latest anyway
 * @param silence after which a watch without a heartbeat counts as dead
 */
public record ConfigServiceSettings(URI url, Secret token, Duration poll, Duration silence) {

    public ConfigServiceSettings {
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "config-service: '" + url + "' (expected: http://host:port)");
        }
    }

    /** The defaults. */
    public static ConfigServiceSettings of(URI url) {
        return new ConfigServiceSettings(
                url, new Secret(""), Duration.ofSeconds(5), Duration.ofSeconds(35));
    }
}
