package io.weft.config;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be set below {@code weft.config}; docs/config-service.md tells it in words.
 *
 * @param git where the configuration lies
 * @param pollInterval how often a remote repository is asked for news; a local one is looked at ten
 *     times a second
 * @param accessToken wanted from every caller (health and webhook apart) when not blank
 * @param plainText whether {@code /name/profile/label/path} serves whole files; closed by default
 * @param webhook the push notification
 * @param watch the stream of head moves
 */
@ConfigurationProperties("weft.config")
record ConfigServiceProperties(
        @DefaultValue GitProperties git,
        @DefaultValue("30s") Duration pollInterval,
        @DefaultValue("") String accessToken,
        @DefaultValue("false") boolean plainText,
        @DefaultValue WebhookProperties webhook,
        @DefaultValue WatchProperties watch) {

    ConfigServiceProperties {
        requirePositive("weft.config.poll-interval", pollInterval);
    }

    /**
     * The repository.
     *
     * @param uri file:, http(s):, ssh: or user@host:path
     * @param defaultLabel branch or tag that is served; what HEAD of the repository names when
     *     blank
     */
    record GitProperties(@DefaultValue("") String uri, @DefaultValue("") String defaultLabel) {}

    /**
     * The webhook; absent without a secret.
     *
     * @param secret key of the HMAC over the body
     */
    record WebhookProperties(@DefaultValue("") String secret) {

        @Override
        public String toString() {
            return "WebhookProperties[secret=[redacted]]";
        }
    }

    /**
     * The watch.
     *
     * @param heartbeat how long a silent stream stays silent
     */
    record WatchProperties(@DefaultValue("10s") Duration heartbeat) {

        WatchProperties {
            requirePositive("weft.config.watch.heartbeat", heartbeat);
        }
    }

    @Override
    public String toString() {
        return "ConfigServiceProperties[git=%s, pollInterval=%s, accessToken=[redacted]]"
                .formatted(git, pollInterval);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new ConfigurationProblem(name + ": " + value + " (expected: more than 0)");
        }
    }
}
