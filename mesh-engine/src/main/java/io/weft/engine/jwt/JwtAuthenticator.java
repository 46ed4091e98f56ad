package io.weft.engine.jwt;

import io.weft.engine.MeshClock;
import io.weft.engine.RequestFacts;
import io.weft.engine.VerifiedToken;
import io.weft.engine.match.QueryStrings;
import io.weft.model.Origin;
import io.weft.model.authz.JwtRule;
import io.weft.model.resource.JwksSet;
import io.weft.model.route.HeaderOp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compiled token rules (RFC 7519, RFC 8725). A request without a token passes; one with a token
 * that no rule accepts does not. Tokens at several places of one request are refused: what they
 * would mean together nobody has said. Thread-safe.
 */
public final class JwtAuthenticator {

    private final List<Place> places;
    private final JwtOutcome.None none;
    private final List<HeaderOp> removals;
    private final MeshClock clock;
    private final TokenCache<Accepted> cache = new TokenCache<>();

    private JwtAuthenticator(List<Place> places, List<HeaderOp> removals, MeshClock clock) {
        this.places = places;
        this.removals = removals;
        this.none = new JwtOutcome.None(removals);
        this.clock = clock;
    }

    /**
     * Compiles.
     *
     * @param keys finds a key set by {@link JwtRule#jwks()}; null or an empty set means that no
     *     token of that rule verifies
     */
    public static JwtAuthenticator compile(
            List<JwtRule> rules, Function<String, @Nullable JwksSet> keys, MeshClock clock) {
        Map<TokenLocation, List<CompiledRule>> byLocation = new LinkedHashMap<>();
        List<HeaderOp> removals = new ArrayList<>();
        for (JwtRule rule : rules) {
            JwksSet set = keys.apply(rule.jwks());
            CompiledRule compiled =
                    new CompiledRule(rule, KeySet.parse(set == null ? null : set.json()));
            for (TokenLocation location : TokenLocation.of(rule)) {
                byLocation.computeIfAbsent(location, l -> new ArrayList<>()).add(compiled);
            }
            removals.addAll(OutputHeaders.removals(rule));
        }
        List<Place> places =
                byLocation.entrySet().stream()
                        .map(e -> new Place(e.getKey(), List.copyOf(e.getValue())))
                        .toList();
        return new JwtAuthenticator(places, removals.stream().distinct().toList(), clock);
    }

    /**
     * What becomes of a token whose signature and times count as good: issuer and audience are
     * checked as ever. Without rules nothing reads it, and it means nothing.
     */
    public static JwtOutcome assume(List<JwtRule> rules, VerifiedToken token) {
        if (rules.isEmpty()) {
            return new JwtOutcome.None(List.of());
        }
        JwtOutcome.Invalid invalid =
                new JwtOutcome.Invalid(
                        "no rule knows the token's issuer", rules.getFirst().origin());
        for (JwtRule rule : rules) {
            if (rule.issuer().equals(token.issuer())) {
                Map<String, Object> claims = claims(token);
                String refusal = CompiledRule.audienceRefusal(rule, claims);
                if (refusal == null) {
                    VerifiedToken accepted = CompiledRule.accept(rule, claims);
                    return new JwtOutcome.Valid(accepted, List.of(), null, rule.origin());
                }
                invalid = new JwtOutcome.Invalid(refusal, rule.origin());
            }
        }
        return invalid;
    }

    /** With those that it states beside its claims. */
    private static Map<String, Object> claims(VerifiedToken token) {
        Map<String, Object> claims = new LinkedHashMap<>(token.claims());
        if (token.subject() != null) {
            claims.putIfAbsent("sub", token.subject());
        }
        if (!token.audiences().isEmpty()) {
            claims.putIfAbsent("aud", token.audiences());
        }
        if (token.presenter() != null) {
            claims.putIfAbsent("azp", token.presenter());
        }
        return claims;
    }

    /** Looks for a token and verifies it. */
    public JwtOutcome authenticate(RequestFacts facts) {
        if (places.isEmpty() || !facts.isHttp() || isPreflight(facts)) {
            return none;
        }
        String token = null;
        int foundAt = -1;
        for (int i = 0; i < places.size(); i++) {
            String candidate = places.get(i).location.find(facts);
            if (candidate != null && token != null) {
                return new JwtOutcome.Invalid(
                        "the request has tokens at several places", places.get(i).firstOrigin());
            }
            if (candidate != null) {
                token = candidate;
                foundAt = i;
            }
        }
        return token == null ? none : verify(token, foundAt, facts);
    }

    private JwtOutcome verify(String token, int foundAt, RequestFacts facts) {
        Place place = places.get(foundAt);
        Instant now = clock.now();
        TokenCache.Key key = TokenCache.key(token, foundAt);
        Accepted known = cache.get(key);
        if (known != null) {
            String refusal = CompiledRule.timeRefusal(known.claims, now);
            if (refusal == null) {
                return known.outcome(place.location, facts);
            }
            cache.remove(key);
            return new JwtOutcome.Invalid(refusal, known.rule.origin());
        }
        ParsedToken parsed;
        try {
            parsed = ParsedToken.parse(token);
        } catch (ParsedToken.Malformed e) {
            return new JwtOutcome.Invalid(e.reason(), place.firstOrigin());
        }
        return place.verify(
                parsed,
                now,
                accepted -> {
                    cache.put(key, accepted);
                    return accepted.outcome(place.location, facts);
                },
                removals);
    }

    /** Browsers send no token with a preflight (Fetch standard §3.2.2). */
    private static boolean isPreflight(RequestFacts facts) {
        return facts.method().equals("OPTIONS")
                && facts.header("origin") != null
                && facts.header("access-control-request-method") != null;
    }

    int cachedTokens() {
        return cache.size();
    }

    /** A place to look at, with the rules that look there. */
    private record Place(TokenLocation location, List<CompiledRule> rules) {

        Origin firstOrigin() {
            return rules.getFirst().rule().origin();
        }

        JwtOutcome verify(
                ParsedToken token,
                Instant now,
                Function<Accepted, JwtOutcome> accept,
                List<HeaderOp> removals) {
            JwtOutcome.Invalid invalid = null;
            for (CompiledRule candidate : rules) {
                if (!candidate.rule().issuer().equals(token.issuer())) {
                    continue;
                }
                String refusal = candidate.refusal(token, now);
                if (refusal == null) {
                    return accept.apply(Accepted.of(candidate, token, location, removals));
                }
                invalid = new JwtOutcome.Invalid(refusal, candidate.rule().origin());
            }
            return invalid != null
                    ? invalid
                    : new JwtOutcome.Invalid("no rule knows the token's issuer", firstOrigin());
        }
    }

    /** A verified token, and what follows from it for every request that brings it. */
    private record Accepted(
            JwtRule rule, VerifiedToken token, Map<String, Object> claims, List<HeaderOp> headers) {

        static Accepted of(
                CompiledRule rule,
                ParsedToken parsed,
                TokenLocation location,
                List<HeaderOp> removals) {
            VerifiedToken token = rule.accept(parsed);
            List<HeaderOp> headers = new ArrayList<>(removals);
            headers.addAll(OutputHeaders.of(rule.rule(), token, parsed.payload()));
            if (!rule.rule().forwardOriginal()
                    && location instanceof TokenLocation.Header(var name, var ignored)) {
                headers.add(new HeaderOp.Remove(name));
            }
            return new Accepted(rule.rule(), token, parsed.claims(), List.copyOf(headers));
        }

        JwtOutcome.Valid outcome(TokenLocation location, RequestFacts facts) {
            if (rule.forwardOriginal()) {
                return new JwtOutcome.Valid(token, headers, null, rule.origin());
            }
            return switch (location) {
                case TokenLocation.Header ignored ->
                        new JwtOutcome.Valid(token, headers, null, rule.origin());
                case TokenLocation.Param(var name) -> {
                    String query = facts.query();
                    String rest = query == null ? null : QueryStrings.without(query, name);
                    yield new JwtOutcome.Valid(token, headers, rest, rule.origin());
                }
                case TokenLocation.Cookie(var name) ->
                        new JwtOutcome.Valid(
                                token, withoutCookie(facts, name), null, rule.origin());
            };
        }

        private List<HeaderOp> withoutCookie(RequestFacts facts, String name) {
            String cookies = facts.header("cookie");
            String rest = cookies == null ? "" : Cookies.without(cookies, name);
            List<HeaderOp> changed = new ArrayList<>(headers);
            changed.add(
                    rest.isEmpty()
                            ? new HeaderOp.Remove("cookie")
                            : new HeaderOp.Set("cookie", rest));
            return changed;
        }
    }
}
