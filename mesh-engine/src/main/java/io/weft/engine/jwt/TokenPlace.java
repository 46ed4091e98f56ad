package io.weft.engine.jwt;

import io.weft.model.Origin;
import io.weft.model.authz.JwtRule;
import io.weft.model.route.HeaderOp;
import java.time.Instant;
import java.util.List;

/** A place to look at, with the rules that look there. */
record TokenPlace(TokenLocation location, List<CompiledRule> rules, boolean withOthers) {

    TokenPlace(TokenLocation location, List<CompiledRule> rules) {
        this(
                location,
                List.copyOf(rules),
                rules.stream().map(CompiledRule::rule).allMatch(JwtRule::withOthers));
    }

    /** What verifying has led to. */
    sealed interface Judged {
        record Good(AcceptedToken token) implements Judged {}

        record Bad(JwtOutcome.Invalid outcome) implements Judged {}
    }

    Origin firstOrigin() {
        return rules.getFirst().rule().origin();
    }

    Judged.Bad refuse(String reason) {
        return new Judged.Bad(new JwtOutcome.Invalid(reason, firstOrigin()));
    }

    /**
     * @param removals headers that only a verified token may set
     */
    Judged verify(ParsedToken token, Instant now, List<HeaderOp> removals) {
        Judged bad = refuse("no rule knows the token's issuer");
        for (CompiledRule candidate : rules) {
            if (candidate.rule().issuer().equals(token.issuer())) {
                String refusal = candidate.refusal(token, now);
                if (refusal == null) {
                    return new Judged.Good(AcceptedToken.of(candidate, token, location, removals));
                }
                bad = new Judged.Bad(new JwtOutcome.Invalid(refusal, candidate.rule().origin()));
            }
        }
        return bad;
    }
}
