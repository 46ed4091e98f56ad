package io.weft.blog.auth;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.util.StringUtils;

/** What signs tokens, and what stands in them. */
@Configuration(proxyBeanMethods = false)
class TokenConfiguration {

    /** Made at start, so that a wrong key file is told then. */
    @Bean
    @Lazy(false)
    SigningKeys signingKeys(AuthProperties properties) throws IOException {
        return StringUtils.hasText(properties.keyFile())
                ? SigningKeys.fromFile(Path.of(properties.keyFile()))
                : SigningKeys.generated(properties.algorithm());
    }

    @Bean
    JwtEncoder jwtEncoder(JWKSource<SecurityContext> keys) {
        var encoder = new NimbusJwtEncoder(keys);
        encoder.setJwkSelector(List::getFirst);
        return encoder;
    }

    /**
     * A token of a person and one of the client of the same name say the same: whose it is, and the
     * role.
     */
    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> claims(AuthProperties properties, SigningKeys keys) {
        return context -> {
            context.getJwsHeader().algorithm(keys.algorithm());
            Authentication principal = context.getPrincipal();
            if (principal == null) {
                return;
            }
            String name = principal.getName();
            AuthProperties.Person person = properties.people().get(name);
            if (person != null) {
                context.getClaims().claim("role", person.role());
            }
            if (OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())) {
                context.getClaims().audience(List.of(properties.audience()));
            } else if (OidcParameterNames.ID_TOKEN.equals(context.getTokenType().getValue())) {
                context.getClaims().claim("preferred_username", name);
            }
        };
    }
}
