package io.weft.policy.api;

import io.weft.engine.MeshClock;
import io.weft.engine.SampleRequest;
import io.weft.engine.VerifiedToken;
import io.weft.engine.jwt.JwtAuthenticator;
import io.weft.engine.jwt.JwtOutcome;
import io.weft.model.Origin;
import io.weft.model.authz.JwtRule;
import io.weft.policy.jwks.JwksKeeper;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks the API: whoever shows the operator's token, or a bearer token (RFC 6750) of the issuer
 * that is configured, with a role in it. Tokens are verified by the same code as in the sidecars.
 * Thread-safe.
 */
public final class People {

    private static final String BEARER = "Bearer ";

    private final OperatorToken operator;
    private final @Nullable Issuer issuer;
    private final @Nullable JwksKeeper keys;
    private final MeshClock clock;
    private volatile JwtAuthenticator authenticator;

    /**
     * @param issuer null where only the operator's token counts
     * @param keys that follows the issuer's key set
     */
    public People(
            OperatorToken operator,
            @Nullable Issuer issuer,
            @Nullable JwksKeeper keys,
            MeshClock clock) {
        this.operator = operator;
        this.issuer = issuer;
        this.keys = keys;
        this.clock = clock;
        this.authenticator = compile();
        if (keys != null) {
            keys.onChange(() -> authenticator = compile());
        }
    }

    private JwtAuthenticator compile() {
        if (issuer == null || keys == null) {
            return JwtAuthenticator.compile(List.of(), name -> null, clock);
        }
        JwtRule rule =
                new JwtRule(
                        issuer.name(),
                        issuer.audiences(),
                        issuer.jwksUri(),
                        List.of(new JwtRule.HeaderLocation("authorization", BEARER)),
                        List.of(),
                        List.of(),
                        false,
                        null,
                        List.of(),
                        List.of("roles"),
                        Origin.builtIn("weft.policy.api.issuer"));
        return JwtAuthenticator.compile(List.of(rule), keys::find, clock);
    }

    /**
     * Who shows this.
     *
     * @param authorization the header; empty for none
     */
    Caller caller(String authorization) {
        if (authorization.isEmpty()) {
            return new Caller.Nobody();
        }
        if (operator.isIn(authorization)) {
            return new Caller.Known(Set.of(Role.VIEWER, Role.OPERATOR), "operator-token");
        }
        SampleRequest request =
                SampleRequest.http("GET", "/").header("authorization", authorization).build();
        return switch (authenticator.authenticate(request)) {
            case JwtOutcome.Valid valid -> known(valid.token());
            case JwtOutcome.Invalid invalid -> new Caller.Refused(invalid.reason());
            case JwtOutcome.None none -> new Caller.Refused("not a token that is accepted here");
        };
    }

    private Caller known(VerifiedToken token) {
        Object claim = issuer == null ? null : token.claim(issuer.rolesClaim());
        List<?> names =
                switch (claim) {
                    case List<?> list -> list;
                    case String text -> Arrays.asList(text.split(" "));
                    case null, default -> List.of();
                };
        String who = String.valueOf(token.principal());
        if (names.contains("operator")) {
            return new Caller.Known(Set.of(Role.VIEWER, Role.OPERATOR), who);
        }
        return new Caller.Known(names.contains("viewer") ? Set.of(Role.VIEWER) : Set.of(), who);
    }

    /** What people may do. */
    enum Role {
        /** Read. */
        VIEWER,
        /** Change. */
        OPERATOR
    }

    /** Who asks. */
    sealed interface Caller {
        /** Shows nothing. */
        record Nobody() implements Caller {}

        /** Shows what does not hold. */
        record Refused(String reason) implements Caller {}

        /** Shows what holds; it may still have no role. */
        record Known(Set<Role> roles, String name) implements Caller {
            public Known {
                roles = Set.copyOf(roles);
            }
        }
    }

    /**
     * Whose tokens count.
     *
     * @param name {@code iss}
     * @param audiences one of them must be in {@code aud}
     * @param rolesClaim names from the outermost inwards; holds {@code viewer} or {@code operator}
     */
    public record Issuer(
            String name, List<String> audiences, String jwksUri, List<String> rolesClaim) {

        public Issuer {
            audiences = List.copyOf(audiences);
            rolesClaim = List.copyOf(rolesClaim);
            if (audiences.isEmpty()) {
                throw new IllegalArgumentException(
                        "weft.policy.api.audiences: none (expected: what tokens for this API are"
                                + " made for)");
            }
        }
    }
}
