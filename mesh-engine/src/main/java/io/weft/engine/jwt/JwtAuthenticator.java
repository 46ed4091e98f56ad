package io.weft.engine.jwt;

import io.weft.engine.MeshClock;
import io.weft.engine.RequestFacts;
import io.weft.engine.VerifiedToken;
import io.weft.engine.jwt.TokenPlace.Judged;
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
 * that no rule accepts does not. Tokens at several places of one request are refused, as what they
 * would mean together nobody has said, unless each is of a rule that says so ({@link
 * JwtRule#withOthers}) and of another issuer. Thread-safe.
 */
public final class JwtAuthenticator {

    private final List<TokenPlace> places;
    private final JwtOutcome.None none;
    private final List<HeaderOp> removals;
    private final MeshClock clock;
    private final TokenCache<Judged.Good> cache = new TokenCache<>();

    private JwtAuthenticator(List<TokenPlace> places, List<HeaderOp> removals, MeshClock clock) {
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
        List<TokenPlace> places =
                byLocation.entrySet().stream()
                        .map(e -> new TokenPlace(e.getKey(), e.getValue()))
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
        List<Found> further = List.of();
        for (int i = 0; i < places.size(); i++) {
            String candidate = places.get(i).location().find(facts);
            if (candidate != null && token != null) {
                if (!places.get(i).withOthers() || !places.get(foundAt).withOthers()) {
                    return new JwtOutcome.Invalid(
                            "the request has tokens at several places",
                            places.get(i).firstOrigin());
                }
                further = further.isEmpty() ? new ArrayList<>(2) : further;
                further.add(new Found(candidate, i));
            } else if (candidate != null) {
                token = candidate;
                foundAt = i;
            }
        }
        if (token == null) {
            return none;
        }
        Judged first = verify(token, foundAt);
        return switch (first) {
            case Judged.Bad(var outcome) -> outcome;
            case Judged.Good(var accepted) ->
                    further.isEmpty() ? accepted.alone(facts) : together(accepted, further, facts);
        };
    }

    /** A token that was found, and the place. */
    private record Found(String token, int place) {}

    private JwtOutcome together(AcceptedToken first, List<Found> further, RequestFacts facts) {
        List<AcceptedToken> all = new ArrayList<>();
        all.add(first);
        for (Found found : further) {
            switch (verify(found.token, found.place)) {
                case Judged.Bad(var outcome) -> {
                    return outcome;
                }
                case Judged.Good(var accepted) -> {
                    String issuer = accepted.rule().issuer();
                    if (all.stream().anyMatch(a -> a.rule().issuer().equals(issuer))) {
                        // Claims of two tokens must not be read as those of one.
                        return new JwtOutcome.Invalid(
                                "the request has several tokens of one issuer",
                                accepted.rule().origin());
                    }
                    all.add(accepted);
                }
            }
        }
        return AcceptedToken.together(all, removals, facts);
    }

    private Judged verify(String token, int foundAt) {
        TokenPlace place = places.get(foundAt);
        Instant now = clock.now();
        TokenCache.Key key = TokenCache.key(token, foundAt);
        Judged.Good known = cache.get(key);
        if (known != null) {
            String refusal = CompiledRule.timeRefusal(known.token().claims(), now);
            if (refusal == null) {
                return known;
            }
            cache.remove(key);
            return new Judged.Bad(new JwtOutcome.Invalid(refusal, known.token().rule().origin()));
        }
        ParsedToken parsed;
        try {
            parsed = ParsedToken.parse(token);
        } catch (ParsedToken.Malformed e) {
            return place.refuse(e.reason());
        }
        Judged judged = place.verify(parsed, now, removals);
        if (judged instanceof Judged.Good good) {
            cache.put(key, good);
        }
        return judged;
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
}
