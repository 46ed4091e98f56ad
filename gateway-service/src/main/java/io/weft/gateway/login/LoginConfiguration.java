package io.weft.gateway.login;

import io.weft.dataplane.lane.LoginGate;
import io.weft.login.CookieKeys;
import io.weft.login.LoginOutcome;
import io.weft.login.LoginRequest;
import io.weft.login.LoginSettings;
import io.weft.login.Logins;
import io.weft.spring.MeshProperties;
import io.weft.spring.MeshStartException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Puts logins in front of the gateway's policies where some are configured. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LoginProperties.class)
@Conditional(LoginConfiguration.Configured.class)
class LoginConfiguration {

    private static final String COOKIE_KEYS = "login-cookie.keys";

    @Bean
    Logins logins(LoginProperties properties, MeshProperties mesh) {
        try {
            List<LoginSettings> settings =
                    properties.logins().entrySet().stream()
                            .map(one -> one.getValue().settings(one.getKey()))
                            .toList();
            Path given = properties.cookieKeysFile();
            CookieKeys keys =
                    given == null
                            ? CookieKeys.readOrMake(Path.of(mesh.stateDir(), COOKIE_KEYS))
                            : CookieKeys.read(given);
            return new Logins(settings, keys, InstantSource.system());
        } catch (IllegalArgumentException e) {
            throw new MeshStartException(String.valueOf(e.getMessage()), e);
        }
    }

    @Bean
    LoginGate loginGate(Logins logins) {
        return request ->
                logins.admit(
                                new LoginRequest(
                                        request.method(),
                                        request.scheme(),
                                        request.authority(),
                                        request.path(),
                                        request.query(),
                                        request.header()))
                        .thenApply(LoginConfiguration::outcome);
    }

    private static LoginGate.Outcome outcome(LoginOutcome outcome) {
        return switch (outcome) {
            case LoginOutcome.Pass(var headers, var cookies) ->
                    new LoginGate.Outcome.Pass(headers, cookies);
            case LoginOutcome.Answer(var status, var headers, var cookies, var body, var details) ->
                    new LoginGate.Outcome.Answer(status, headers, cookies, body, details);
        };
    }

    /** Whether there is any login. */
    static final class Configured extends SpringBootCondition {
        @Override
        public ConditionOutcome getMatchOutcome(
                ConditionContext context, AnnotatedTypeMetadata metadata) {
            boolean some =
                    Binder.get(context.getEnvironment())
                            .bind("weft.gateway.logins", Bindable.mapOf(String.class, String.class))
                            .isBound();
            return new ConditionOutcome(some, "weft.gateway.logins");
        }
    }
}
