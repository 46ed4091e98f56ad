package io.weft.engine.authz;

import io.weft.engine.match.HeaderValues;
import io.weft.engine.match.Matchers;
import io.weft.engine.match.RequestPredicate;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.List;

/** One step with its predicate, and the verdicts it leads to made beforehand. */
sealed interface CompiledStep {

    RequestPredicate when();

    AuthzStep source();

    /** Allows the layer; {@code index} finds the verdict. */
    record Allow(RequestPredicate when, AuthzStep source, int index) implements CompiledStep {}

    record Deny(RequestPredicate when, AuthzStep source, Verdict.Denied verdict)
            implements CompiledStep {}

    record Ask(RequestPredicate when, AuthzStep source, String provider) implements CompiledStep {}

    /** Without effect. */
    record Record(RequestPredicate when, AuthzStep source, Recorded recorded)
            implements CompiledStep {}

    static CompiledStep compile(AuthzStep step, List<Verdict.Allowed> allowed) {
        RequestPredicate when = Matchers.compile(step.when(), values(step));
        return switch (step) {
            case AuthzStep.Audit(var ignored, var origin) ->
                    new Record(when, step, new Recorded(Recorded.Kind.AUDIT, origin));
            case AuthzStep.External(var provider, var ignored, var shadow, var origin) ->
                    shadow
                            ? new Record(
                                    when, step, new Recorded(Recorded.Kind.SHADOW_EXTERNAL, origin))
                            : new Ask(when, step, provider);
            case AuthzStep.Decide(var effect, var ignored, var shadow, var origin) ->
                    shadow
                            ? new Record(when, step, new Recorded(shadowOf(effect), origin))
                            : decide(effect, when, step, origin, allowed);
        };
    }

    private static HeaderValues values(AuthzStep step) {
        return switch (step) {
            case AuthzStep.Audit audit -> HeaderValues.TOGETHER;
            case AuthzStep.External external -> HeaderValues.EACH;
            case AuthzStep.Decide decide ->
                    decide.effect() == Effect.DENY
                            ? HeaderValues.EACH
                            : HeaderValues.EACH_WHEN_NEGATED;
        };
    }

    /** What an index may know of the match: not a header's value where each of several counts. */
    default Match indexed() {
        return values(source()) == HeaderValues.EACH
                ? withoutValues(source().when())
                : source().when();
    }

    private static Match withoutValues(Match match) {
        return switch (match) {
            case Match.AllOf(var operands) ->
                    new Match.AllOf(operands.stream().map(CompiledStep::withoutValues).toList());
            case Match.AnyOf(var operands) ->
                    new Match.AnyOf(operands.stream().map(CompiledStep::withoutValues).toList());
            case Match.Header(var name, var value, var missingIsEmpty) ->
                    new Match.Header(name, new StringMatch.Present(), missingIsEmpty);
            default -> match;
        };
    }

    private static CompiledStep decide(
            Effect effect,
            RequestPredicate when,
            AuthzStep step,
            Origin origin,
            List<Verdict.Allowed> allowed) {
        if (effect == Effect.DENY) {
            String reason = "denied by " + origin.describe();
            return new Deny(when, step, new Verdict.Denied(origin, reason, List.of()));
        }
        allowed.add(new Verdict.Allowed(new Permit(origin), origin, List.of()));
        return new Allow(when, step, allowed.size() - 1);
    }

    private static Recorded.Kind shadowOf(Effect effect) {
        return effect == Effect.ALLOW ? Recorded.Kind.SHADOW_ALLOW : Recorded.Kind.SHADOW_DENY;
    }
}
