package io.weft.policy.api;

import io.weft.login.CookieKeys;
import io.weft.login.LoginSettings;
import io.weft.login.Logins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** People log in to the page, where {@code weft.policy.api.login.client-id} says how. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("weft.policy.api.login.client-id")
@EnableConfigurationProperties(LoginConfiguration.Properties.class)
class LoginConfiguration {

    /**
     * @param issuer default: the issuer of people's tokens
     * @param hosts by which the page is reached
     * @param cookieKeysFile default: made in the state directory; replicas must share one
     * @param allowPlainHttp default: while bound to loopback
     */
    @ConfigurationProperties("weft.policy.api.login")
    record Properties(
            @Nullable String issuer,
            String clientId,
            @Nullable String clientSecret,
            @Nullable Path clientSecretFile,
            @DefaultValue("openid") List<String> scopes,
            @DefaultValue({"localhost", "127.0.0.1"}) List<String> hosts,
            @DefaultValue("ACCESS_TOKEN") LoginSettings.Forward forward,
            @DefaultValue("8h") Duration sessionLifetime,
            @Nullable Path cookieKeysFile,
            @Nullable Boolean allowPlainHttp) {

        @Override
        public String toString() {
            return "Properties[" + issuer + ", " + clientId + ", secret=***]";
        }

        private @Nullable String secret() {
            if (clientSecretFile == null) {
                return clientSecret;
            }
            try {
                return Files.readString(clientSecretFile).strip();
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "weft.policy.api.login.client-secret-file: "
                                + clientSecretFile
                                + " (expected: a readable file)",
                        e);
            }
        }
    }

    @Bean
    Logins logins(
            Properties properties,
            InstantSource clock,
            @Value("${weft.policy.api.issuer:}") String tokensOf,
            @Value("${weft.policy.state-dir:weft-state/policy-service}") Path state,
            @Value("${server.address:127.0.0.1}") String address) {
        String issuer = properties.issuer() == null ? tokensOf : properties.issuer();
        if (tokensOf.isEmpty()) {
            throw new IllegalArgumentException(
                    "weft.policy.api.issuer: missing (expected: whose tokens say viewer or operator,"
                            + " beside weft.policy.api.login)");
        }
        Boolean plain = properties.allowPlainHttp();
        Path keys = properties.cookieKeysFile();
        LoginSettings settings =
                new LoginSettings(
                        "console",
                        issuer,
                        properties.clientId(),
                        properties.secret(),
                        properties.scopes(),
                        properties.hosts(),
                        List.of("/"),
                        List.of("/actuator/health", "/actuator/prometheus"),
                        "/.weft/callback",
                        "/.weft/logout",
                        "/",
                        properties.forward(),
                        "authorization",
                        true,
                        properties.sessionLifetime(),
                        plain == null ? ResponseGuard.isLoopback(address) : plain);
        return new Logins(
                List.of(settings),
                keys == null
                        ? CookieKeys.readOrMake(state.resolve("login-cookie.keys"))
                        : CookieKeys.read(keys),
                clock);
    }

    @Bean
    ConsoleLogin consoleLogin(Logins logins, FailedLogins failures) {
        return new ConsoleLogin(logins, failures);
    }
}
