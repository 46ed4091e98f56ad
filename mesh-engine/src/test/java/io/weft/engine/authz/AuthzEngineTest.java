package io.weft.engine.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.NaiveMatcher;
import io.weft.engine.Origins;
import io.weft.engine.RandomMatches;
import io.weft.engine.SampleRequest;
import io.weft.model.Dialect;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AuthzEngineTest {

    private static final Match ADMIN = new Match.Path(new StringMatch.Prefix("/admin"));
    private static final SampleRequest ADMIN_REQUEST =
            SampleRequest.http("GET", "/admin/x").build();
    private static final SampleRequest OTHER_REQUEST = SampleRequest.http("GET", "/other").build();

    private static AuthzStep decide(Effect effect, Match when, int line) {
        return new AuthzStep.Decide(effect, when, false, Origins.line(line));
    }

    private static AuthzLayer layer(Effect otherwise, AuthzStep... steps) {
        return new AuthzLayer(Dialect.ISTIO, List.of(steps), otherwise, Origins.line(99));
    }

    private static AuthzEngine engine(AuthzLayer... layers) {
        return AuthzEngine.compile(new AuthzProgram(List.of(layers)));
    }

    @Test
    void withoutAnyLayerEverythingIsAllowedByDefault() {
        Verdict verdict = AuthzEngine.compile(AuthzProgram.ALLOW_ALL).decide(OTHER_REQUEST);
        assertThat(verdict).isInstanceOf(Verdict.Allowed.class);
        assertThat(verdict.decidedBy().isBuiltIn()).isTrue();
    }

    @Test
    void deniesWhenADenyStepMatchesEvenIfAnAllowWouldMatchToo() {
        AuthzEngine engine =
                engine(
                        layer(
                                Effect.ALLOW,
                                decide(Effect.DENY, ADMIN, 10),
                                decide(Effect.ALLOW, Match.ALWAYS, 11)));
        assertThat(engine.decide(ADMIN_REQUEST))
                .isInstanceOfSatisfying(
                        Verdict.Denied.class,
                        denied -> {
                            assertThat(denied.decidedBy()).isEqualTo(Origins.line(10));
                            assertThat(denied.reason()).contains("mesh/sample.yaml:10");
                        });
        assertThat(engine.decide(OTHER_REQUEST).decidedBy()).isEqualTo(Origins.line(11));
    }

    @Test
    void everyLayerMustAllow() {
        AuthzEngine engine =
                engine(
                        layer(Effect.DENY, decide(Effect.ALLOW, Match.ALWAYS, 1)),
                        layer(Effect.DENY, decide(Effect.ALLOW, ADMIN, 2)));
        assertThat(engine.decide(ADMIN_REQUEST)).isInstanceOf(Verdict.Allowed.class);
        assertThat(engine.decide(OTHER_REQUEST)).isInstanceOf(Verdict.Denied.class);
        assertThat(engine.decide(OTHER_REQUEST).decidedBy()).isEqualTo(Origins.line(99));
    }

    @Test
    void anExplicitAllowIsNamedRatherThanALayersDefault() {
        AuthzEngine engine =
                engine(layer(Effect.DENY, decide(Effect.ALLOW, ADMIN, 7)), layer(Effect.ALLOW));
        assertThat(engine.decide(ADMIN_REQUEST).decidedBy()).isEqualTo(Origins.line(7));
    }

    @Test
    void shadowsAndAuditsAreRecordedAndNeverDecide() {
        AuthzEngine engine =
                engine(
                        layer(
                                Effect.ALLOW,
                                new AuthzStep.Decide(Effect.DENY, ADMIN, true, Origins.line(1)),
                                decide(Effect.ALLOW, ADMIN, 2),
                                new AuthzStep.Audit(ADMIN, Origins.line(3))));
        Verdict verdict = engine.decide(ADMIN_REQUEST);
        assertThat(verdict).isInstanceOf(Verdict.Allowed.class);
        assertThat(verdict.recorded())
                .containsExactly(
                        new Recorded(Recorded.Kind.SHADOW_DENY, Origins.line(1)),
                        new Recorded(Recorded.Kind.AUDIT, Origins.line(3)));
        assertThat(engine.decide(OTHER_REQUEST).recorded()).isEmpty();
    }

    @Test
    void consentOfAnExternalAuthoriserGoesOnToTheNextStep() {
        AuthzEngine engine =
                engine(
                        layer(
                                Effect.DENY,
                                new AuthzStep.External("opa", Match.ALWAYS, false, Origins.line(1)),
                                decide(Effect.DENY, ADMIN, 2),
                                decide(Effect.ALLOW, Match.ALWAYS, 3)));
        Verdict.AskExternal ask = (Verdict.AskExternal) engine.decide(ADMIN_REQUEST);
        assertThat(ask.provider()).isEqualTo("opa");
        assertThat(engine.consented(ADMIN_REQUEST, ask).decidedBy()).isEqualTo(Origins.line(2));
        Verdict.AskExternal other = (Verdict.AskExternal) engine.decide(OTHER_REQUEST);
        assertThat(engine.consented(OTHER_REQUEST, other)).isInstanceOf(Verdict.Allowed.class);
        assertThat(engine.refused(ask, "timed out").reason()).contains("opa").contains("timed out");
    }

    @Test
    void anAllowedVerdictIsMadeOnceAndShared() {
        AuthzEngine engine = engine(layer(Effect.DENY, decide(Effect.ALLOW, Match.ALWAYS, 1)));
        assertThat(engine.decide(ADMIN_REQUEST)).isSameAs(engine.decide(OTHER_REQUEST));
    }

    @Test
    void theTraceNamesEveryStepAndTheOneThatDecides() {
        AuthzEngine engine =
                engine(
                        layer(
                                Effect.DENY,
                                decide(Effect.DENY, new Match.Not(ADMIN), 1),
                                decide(Effect.ALLOW, ADMIN, 2),
                                decide(Effect.ALLOW, Match.ALWAYS, 3)));
        List<TracedStep> steps = engine.trace(ADMIN_REQUEST).getFirst().steps();
        assertThat(steps).extracting(TracedStep::matched).containsExactly(false, true, true);
        assertThat(steps).extracting(TracedStep::decides).containsExactly(false, true, false);
    }

    @Test
    void agreesWithANaiveEvaluatorOnRandomPrograms() {
        RandomMatches matches = new RandomMatches(2026);
        int denied = 0;
        for (int i = 0; i < 20_000; i++) {
            AuthzProgram program = program(matches);
            SampleRequest request = matches.request();
            String expected = naive(program, request);
            assertThat(run(program, request)).as("%s on %s", program, request).isEqualTo(expected);
            denied += expected.startsWith("DENY") ? 1 : 0;
        }
        assertThat(denied).as("both verdicts occur often").isBetween(4_000, 16_000);
    }

    private static AuthzProgram program(RandomMatches matches) {
        Random random = matches.random();
        List<AuthzLayer> layers = new ArrayList<>();
        int line = 1;
        for (int l = random.nextInt(3); l >= 0; l--) {
            List<AuthzStep> steps = new ArrayList<>();
            for (int s = random.nextInt(random.nextInt(4) == 0 ? 14 : 5); s > 0; s--) {
                Match when = matches.match(2);
                boolean shadow = random.nextInt(4) == 0;
                steps.add(
                        switch (random.nextInt(6)) {
                            case 0 -> new AuthzStep.Audit(when, Origins.line(line++));
                            case 1 ->
                                    new AuthzStep.External("p", when, shadow, Origins.line(line++));
                            case 2, 3 ->
                                    new AuthzStep.Decide(
                                            Effect.DENY, when, shadow, Origins.line(line++));
                            default ->
                                    new AuthzStep.Decide(
                                            Effect.ALLOW, when, shadow, Origins.line(line++));
                        });
            }
            Effect otherwise = random.nextInt(3) == 0 ? Effect.DENY : Effect.ALLOW;
            layers.add(new AuthzLayer(Dialect.ISTIO, steps, otherwise, Origins.line(1000 + l)));
        }
        return new AuthzProgram(layers);
    }

    /** Consents to every external question. */
    private static String run(AuthzProgram program, SampleRequest request) {
        AuthzEngine engine = AuthzEngine.compile(program);
        Verdict verdict = engine.decide(request);
        while (verdict instanceof Verdict.AskExternal ask) {
            verdict = engine.consented(request, ask);
        }
        String kind = verdict instanceof Verdict.Allowed ? "ALLOW" : "DENY";
        return kind + verdict.recorded().stream().map(r -> r.origin().line()).toList();
    }

    private static String naive(AuthzProgram program, SampleRequest request) {
        List<Integer> recorded = new ArrayList<>();
        Effect result = Effect.ALLOW;
        for (AuthzLayer layer : program.layers()) {
            Effect effect = null;
            for (AuthzStep step : layer.steps()) {
                boolean matched = NaiveMatcher.holds(step.when(), request);
                boolean silent =
                        switch (step) {
                            case AuthzStep.Audit a -> true;
                            case AuthzStep.External e -> e.shadow();
                            case AuthzStep.Decide d -> d.shadow();
                        };
                if (matched && silent) {
                    recorded.add(step.origin().line());
                } else if (matched && effect == null && step instanceof AuthzStep.Decide d) {
                    effect = d.effect();
                }
            }
            if ((effect == null ? layer.otherwise() : effect) == Effect.DENY) {
                result = Effect.DENY;
            }
        }
        return result.name() + recorded;
    }
}
