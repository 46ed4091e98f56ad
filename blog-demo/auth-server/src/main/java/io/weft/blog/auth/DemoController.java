package io.weft.blog.auth;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Rotates keys and makes whatever token is asked for, expired ones too, to show how they are
 * received. It exists only where {@code blog.auth.demo} is true: who reaches it can be anybody.
 */
@RestController
@ConditionalOnBooleanProperty("blog.auth.demo")
@RequestMapping("/demo")
class DemoController {

    /**
     * A token to make; what is left out is as in a token from the token endpoint.
     *
     * @param expiresInSeconds negative: it has expired
     */
    record TokenRequest(
            @Nullable String subject,
            @Nullable String role,
            @Nullable String issuer,
            @Nullable List<String> audience,
            @Nullable Long expiresInSeconds) {}

    private final AuthProperties properties;
    private final SigningKeys keys;
    private final JwtEncoder encoder;
    private final InstantSource clock = InstantSource.system();

    DemoController(AuthProperties properties, SigningKeys keys, JwtEncoder encoder) {
        this.properties = properties;
        this.keys = keys;
        this.encoder = encoder;
    }

    @PostMapping("/keys/rotate")
    Map<String, String> rotate() {
        return Map.of("kid", keys.rotate());
    }

    @PostMapping("/token")
    Map<String, String> token(@RequestBody TokenRequest request) {
        Instant now = clock.instant();
        long lifetime =
                request.expiresInSeconds() == null
                        ? properties.tokenLifetime().toSeconds()
                        : request.expiresInSeconds();
        var claims =
                JwtClaimsSet.builder()
                        .issuer(or(request.issuer(), properties.issuer()))
                        .subject(or(request.subject(), "reader"))
                        .audience(
                                request.audience() == null
                                        ? List.of(properties.audience())
                                        : request.audience())
                        .issuedAt(now.plusSeconds(Math.min(0, lifetime) - 1))
                        .expiresAt(now.plusSeconds(lifetime));
        String role = request.role();
        if (role != null) {
            claims.claim("role", role);
        }
        var header = JwsHeader.with(keys.algorithm()).build();
        return Map.of(
                "token",
                encoder.encode(JwtEncoderParameters.from(header, claims.build())).getTokenValue());
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }
}
