package io.weft.dataplane.listener;

import io.weft.dataplane.http.ProxyError;
import io.weft.engine.RequestFacts;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Verdict;
import org.jspecify.annotations.Nullable;

/** What a changed policy says of something that an earlier one has let through. */
public final class DecidedAnew {

    private DecidedAnew() {}

    /**
     * Why it may not go on, or null.
     *
     * @param before the engine that has let it through
     * @param now the engine that is in force
     */
    public static @Nullable ProxyError refusal(
            RequestFacts facts, AuthzEngine before, AuthzEngine now) {
        return switch (now.decide(facts)) {
            case Verdict.Allowed allowed -> null;
            case Verdict.Denied(var by, var reason, var recorded) ->
                    new ProxyError.AuthzDenied(reason, by);
            // What was asked holds as long as nothing else would be asked now.
            case Verdict.AskExternal ask ->
                    now.program().equals(before.program())
                            ? null
                            : new ProxyError.AuthzDenied(
                                    "external authoriser "
                                            + ask.provider()
                                            + " was not asked before the policy changed",
                                    ask.decidedBy());
        };
    }
}
