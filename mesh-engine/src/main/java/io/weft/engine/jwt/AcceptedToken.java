package io.weft.engine.jwt;

import io.weft.engine.RequestFacts;
import io.weft.engine.VerifiedToken;
import io.weft.engine.match.QueryStrings;
import io.weft.model.authz.JwtRule;
import io.weft.model.route.HeaderOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A verified token, and what follows from it for every request that brings it at that place.
 *
 * @param outputs headers that tell the application of it
 * @param headers what is done to the headers of a request that brings this token alone
 */
record AcceptedToken(
        JwtRule rule,
        TokenLocation location,
        VerifiedToken token,
        Map<String, Object> claims,
        List<HeaderOp> outputs,
        List<HeaderOp> headers) {

    /**
     * @param removals headers that only a verified token may set
     */
    static AcceptedToken of(
            CompiledRule rule,
            ParsedToken parsed,
            TokenLocation location,
            List<HeaderOp> removals) {
        VerifiedToken token = rule.accept(parsed);
        List<HeaderOp> outputs = OutputHeaders.of(rule.rule(), token, parsed.payload());
        List<HeaderOp> headers = new ArrayList<>(removals);
        headers.addAll(outputs);
        if (!rule.rule().forwardOriginal()
                && location instanceof TokenLocation.Header(var name, var ignored)) {
            headers.add(new HeaderOp.Remove(name));
        }
        return new AcceptedToken(
                rule.rule(),
                location,
                token,
                parsed.claims(),
                List.copyOf(outputs),
                List.copyOf(headers));
    }

    /** Of a request that brings it alone. */
    JwtOutcome.Valid alone(RequestFacts facts) {
        if (rule.forwardOriginal() || location instanceof TokenLocation.Header) {
            return new JwtOutcome.Valid(token, headers, null, rule.origin());
        }
        return together(List.of(this), headers, facts, token);
    }

    /** Of a request that brings all of these, of different issuers. */
    static JwtOutcome.Valid together(
            List<AcceptedToken> all, List<HeaderOp> removals, RequestFacts facts) {
        List<HeaderOp> headers = new ArrayList<>(removals);
        for (AcceptedToken each : all) {
            headers.addAll(each.outputs);
            if (!each.rule.forwardOriginal()
                    && each.location instanceof TokenLocation.Header(var name, var ignored)) {
                headers.add(new HeaderOp.Remove(name));
            }
        }
        List<VerifiedToken> others = all.stream().skip(1).map(AcceptedToken::token).toList();
        return together(all, headers, facts, all.getFirst().token.with(others));
    }

    /** Takes out of query and cookies what is not to be forwarded. */
    private static JwtOutcome.Valid together(
            List<AcceptedToken> all,
            List<HeaderOp> before,
            RequestFacts facts,
            VerifiedToken token) {
        List<HeaderOp> headers = new ArrayList<>(before);
        String query = facts.query();
        String rest = query;
        String cookies = facts.header("cookie");
        String restOfCookies = cookies;
        for (AcceptedToken each : all) {
            if (each.rule.forwardOriginal()) {
                continue;
            }
            switch (each.location) {
                case TokenLocation.Header ignored -> {}
                case TokenLocation.Param(var name) ->
                        rest = rest == null ? null : QueryStrings.without(rest, name);
                case TokenLocation.Cookie(var name) ->
                        restOfCookies =
                                restOfCookies == null ? null : Cookies.without(restOfCookies, name);
            }
        }
        if (restOfCookies != null && !restOfCookies.equals(cookies)) {
            headers.add(
                    restOfCookies.isEmpty()
                            ? new HeaderOp.Remove("cookie")
                            : new HeaderOp.Set("cookie", restOfCookies));
        }
        return new JwtOutcome.Valid(
                token, headers, changed(query, rest), all.getFirst().rule.origin());
    }

    private static @Nullable String changed(@Nullable String before, @Nullable String after) {
        return after == null || after.equals(before) ? null : after;
    }
}
