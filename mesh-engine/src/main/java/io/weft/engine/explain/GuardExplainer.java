package io.weft.engine.explain;

import io.weft.engine.MeshClock;
import io.weft.engine.SampleRequest;
import io.weft.engine.VerifiedToken;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.TracedLayer;
import io.weft.engine.authz.TracedStep;
import io.weft.engine.authz.Verdict;
import io.weft.engine.jwt.JwtAuthenticator;
import io.weft.engine.jwt.JwtOutcome;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.JwtRule;
import io.weft.model.resource.JwksSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Explains token rules and authorisation of one place. */
final class GuardExplainer {

    private final Map<String, MeshResource> resources;
    private final MeshClock clock;

    GuardExplainer(Map<String, MeshResource> resources, MeshClock clock) {
        this.resources = resources;
        this.clock = clock;
    }

    /**
     * What a place says, and the request behind it.
     *
     * @param request with the token that was found, for this place's own decisions
     * @param forwarded as it goes on from here: without a token that is not to be forwarded
     */
    record Passage(Explanation.Guard guard, SampleRequest request, SampleRequest forwarded) {}

    Passage explain(List<JwtRule> rules, AuthzProgram program, SampleRequest request) {
        VerifiedToken assumed = request.token();
        if (assumed != null) {
            return assumed(rules, assumed, program, request);
        }
        JwtAuthenticator authenticator =
                JwtAuthenticator.compile(
                        rules,
                        name ->
                                resources.get(ResourceKeys.jwks(name)) instanceof JwksSet set
                                        ? set
                                        : null,
                        clock);
        return switch (authenticator.authenticate(request)) {
            case JwtOutcome.None(var headers) -> {
                SampleRequest next = SentRequest.literally(request, headers);
                yield new Passage(
                        decide(new Explanation.Token("none", "", "", null), program, next),
                        next,
                        next);
            }
            case JwtOutcome.Valid(var token, var headers, var query, var origin) -> {
                SampleRequest next = SentRequest.literally(request, headers);
                if (query != null) {
                    next = next.withQuery(query.isEmpty() ? null : query);
                }
                SampleRequest here = next.withToken(token);
                yield new Passage(
                        decide(token("valid", "", token, origin), program, here), here, next);
            }
            case JwtOutcome.Invalid(var reason, var origin) -> invalid(reason, origin, request);
        };
    }

    private static Passage assumed(
            List<JwtRule> rules,
            VerifiedToken assumed,
            AuthzProgram program,
            SampleRequest request) {
        return switch (JwtAuthenticator.assume(rules, assumed)) {
            case JwtOutcome.None ignored -> {
                Explanation.Token unread =
                        new Explanation.Token("unread", "no rule reads tokens here", "", null);
                SampleRequest here = request.withToken(null);
                yield new Passage(decide(unread, program, here), here, request);
            }
            case JwtOutcome.Valid(var token, var headers, var query, var origin) -> {
                SampleRequest here = request.withToken(token);
                yield new Passage(
                        decide(token("assumed", "", token, origin), program, here),
                        here,
                        withoutAssumed(rules, assumed, request));
            }
            case JwtOutcome.Invalid(var reason, var origin) -> invalid(reason, origin, request);
        };
    }

    private static Passage invalid(String reason, Origin origin, SampleRequest request) {
        return new Passage(
                new Explanation.Guard(
                        new Explanation.Token("invalid", reason, "", origin),
                        List.of(),
                        new Explanation.Decision(Explanation.Result.DENIED, 401, reason, origin)),
                request,
                request);
    }

    /** A token that a rule of its issuer takes in and does not hand on is gone behind it. */
    private static SampleRequest withoutAssumed(
            List<JwtRule> rules, VerifiedToken assumed, SampleRequest request) {
        for (JwtRule rule : rules) {
            if (rule.issuer().equals(assumed.issuer()) && !rule.forwardOriginal()) {
                Map<String, String> headers = new HashMap<>(request.headers());
                headers.remove("authorization");
                rule.headers().forEach(location -> headers.remove(location.name()));
                return request.withHeaders(headers).withToken(null);
            }
        }
        return request;
    }

    private static Explanation.Token token(
            String outcome, String reason, VerifiedToken token, @Nullable Origin origin) {
        String principal = token.principal() == null ? token.issuer() : token.principal();
        return new Explanation.Token(outcome, reason, principal, origin);
    }

    private static Explanation.Guard decide(
            Explanation.Token token, AuthzProgram program, SampleRequest request) {
        AuthzEngine engine = AuthzEngine.compile(program);
        List<Explanation.Layer> layers =
                engine.trace(request).stream().map(GuardExplainer::layer).toList();
        Explanation.Decision decision =
                switch (engine.decide(request)) {
                    case Verdict.Allowed allowed ->
                            new Explanation.Decision(
                                    Explanation.Result.ALLOWED,
                                    200,
                                    "allowed by " + allowed.decidedBy().describe(),
                                    allowed.decidedBy());
                    case Verdict.Denied denied ->
                            new Explanation.Decision(
                                    Explanation.Result.DENIED,
                                    403,
                                    denied.reason(),
                                    denied.decidedBy());
                    case Verdict.AskExternal ask ->
                            new Explanation.Decision(
                                    Explanation.Result.ASKS_EXTERNAL,
                                    200,
                                    "depends on external authoriser " + ask.provider(),
                                    ask.decidedBy());
                };
        return new Explanation.Guard(token, layers, decision);
    }

    private static Explanation.Layer layer(TracedLayer traced) {
        return new Explanation.Layer(
                traced.layer().dialect().title(),
                traced.steps().stream().map(GuardExplainer::step).toList(),
                traced.layer().otherwise().name(),
                traced.layer().otherwiseOrigin(),
                traced.decided());
    }

    private static Explanation.Step step(TracedStep traced) {
        String condition = MatchText.of(traced.step().when());
        return switch (traced.step()) {
            case AuthzStep.Decide(var effect, var when, var shadow, var origin) ->
                    new Explanation.Step(
                            effect.name(),
                            shadow,
                            traced.matched(),
                            traced.decides(),
                            condition,
                            origin);
            case AuthzStep.Audit(var when, var origin) ->
                    new Explanation.Step(
                            "AUDIT", false, traced.matched(), false, condition, origin);
            case AuthzStep.External(var provider, var when, var shadow, var origin) ->
                    new Explanation.Step(
                            "EXTERNAL", shadow, traced.matched(), false, condition, origin);
        };
    }
}
