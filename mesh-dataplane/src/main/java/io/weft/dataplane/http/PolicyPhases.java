package io.weft.dataplane.http;

import io.weft.engine.authz.Permit;
import io.weft.engine.authz.Verdict;
import io.weft.engine.jwt.JwtAuthenticator;
import io.weft.engine.jwt.JwtOutcome;
import org.jspecify.annotations.Nullable;

/** Token and authorisation phases, the same for sidecars and gateways. */
public final class PolicyPhases {

    private PolicyPhases() {}

    /** Verifies tokens; false when the request has been answered. */
    public static boolean authenticate(Exchange exchange, JwtAuthenticator jwt) {
        if (Filters.isPreflight(exchange)) {
            return true; // A preflight carries no token (the Fetch standard).
        }
        return switch (jwt.authenticate(exchange)) {
            case JwtOutcome.None(var changes) -> {
                exchange.apply(changes);
                yield true;
            }
            case JwtOutcome.Valid(var token, var changes, var query, var origin) -> {
                exchange.token(token);
                exchange.apply(changes);
                if (query != null) {
                    exchange.target(exchange.path(), query.isEmpty() ? null : query);
                }
                yield true;
            }
            case JwtOutcome.Invalid(var reason, var origin) -> {
                exchange.fail(new ProxyError.JwtInvalid(reason, origin));
                yield false;
            }
        };
    }

    /** The permit of an allowed request; null when it has been answered. */
    public static @Nullable Permit settle(Exchange exchange, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allowed(var permit, var by, var recorded) -> {
                exchange.record().decidedBy(by);
                yield permit;
            }
            case Verdict.Denied(var by, var reason, var recorded) -> {
                exchange.fail(new ProxyError.AuthzDenied(reason, by));
                yield null;
            }
            case Verdict.AskExternal ask -> {
                // Closed when in doubt: an authoriser that is not asked has not consented.
                exchange.fail(
                        new ProxyError.ExternallyDenied(
                                "external authoriser " + ask.provider() + " was not asked",
                                ask.decidedBy(),
                                403,
                                "",
                                true));
                yield null;
            }
        };
    }
}
