package io.weft.gateway.login;

import io.weft.login.LoginSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where people log in.
 *
 * @param cookieKeysFile keys that seal the cookies, one a line; default: made in the state
 *     directory
 * @param logins by name
 */
@ConfigurationProperties("weft.gateway")
record LoginProperties(@Nullable Path cookieKeysFile, @DefaultValue Map<String, One> logins) {

    /**
     * One login; see {@link LoginSettings}.
     *
     * @param clientSecretFile in place of {@code clientSecret}
     */
    record One(
            String issuer,
            String clientId,
            @Nullable String clientSecret,
            @Nullable Path clientSecretFile,
            @DefaultValue("openid") List<String> scopes,
            List<String> hosts,
            @DefaultValue("/") List<String> paths,
            @DefaultValue List<String> publicPaths,
            @DefaultValue("/.weft/callback") String callbackPath,
            @DefaultValue("/.weft/logout") String logoutPath,
            @DefaultValue("/") String logoutTo,
            @DefaultValue("ACCESS_TOKEN") LoginSettings.Forward forward,
            @DefaultValue("authorization") String forwardHeader,
            @DefaultValue("false") boolean bearer,
            @DefaultValue("8h") Duration sessionLifetime,
            @DefaultValue("false") boolean allowPlainHttp) {

        LoginSettings settings(String name) {
            return new LoginSettings(
                    name,
                    required("issuer", issuer),
                    required("client-id", clientId),
                    secret(),
                    scopes,
                    required("hosts", hosts),
                    paths,
                    publicPaths,
                    callbackPath,
                    logoutPath,
                    logoutTo,
                    forward,
                    forwardHeader.toLowerCase(java.util.Locale.ROOT),
                    bearer,
                    sessionLifetime,
                    allowPlainHttp);
        }

        private static <T> T required(String what, @Nullable T value) {
            if (value == null) {
                throw new IllegalArgumentException("login " + what + ": missing");
            }
            return value;
        }

        private @Nullable String secret() {
            if (clientSecretFile == null) {
                return clientSecret;
            }
            try {
                return Files.readString(clientSecretFile).strip();
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "login client-secret-file: "
                                + clientSecretFile
                                + " (expected: a readable file)",
                        e);
            }
        }

        @Override
        public String toString() {
            return "One[" + issuer + ", " + clientId + ", secret=***]";
        }
    }
}
