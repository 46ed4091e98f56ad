package io.weft.engine.authz;

import io.weft.engine.RequestFacts;
import io.weft.engine.match.MatchIndex;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.Effect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@link AuthzProgram}. Every layer must allow; within a layer the first deciding step
 * decides, else what the layer says otherwise. Audits and dry runs are recorded wherever they
 * stand, also behind the step that decides, since they are what-ifs of their own. Immutable,
 * thread-safe; a decision without records allocates nothing.
 */
public final class AuthzEngine {

    private static final int NOBODY = -1;

    private final AuthzProgram program;
    private final CompiledLayer[] layers;
    private final CompiledStep.Record[] records;
    private final Verdict.Allowed[] allowed;
    private final Verdict.Allowed unguarded;

    private AuthzEngine(AuthzProgram program, CompiledLayer[] layers, Verdict.Allowed[] allowed) {
        this.program = program;
        this.layers = layers;
        this.allowed = allowed;
        List<CompiledStep.Record> recorders = new ArrayList<>();
        for (CompiledLayer layer : layers) {
            for (CompiledStep step : layer.steps) {
                if (step instanceof CompiledStep.Record recorder) {
                    recorders.add(recorder);
                }
            }
        }
        records = recorders.toArray(CompiledStep.Record[]::new);
        Origin nobody = Origin.builtIn("no authorisation policy applies");
        unguarded = new Verdict.Allowed(new Permit(nobody), nobody, List.of());
    }

    /**
     * Compiles.
     *
     * @throws IllegalArgumentException when a regular expression is not RE2
     */
    public static AuthzEngine compile(AuthzProgram program) {
        List<Verdict.Allowed> allowed = new ArrayList<>();
        CompiledLayer[] layers =
                program.layers().stream()
                        .map(layer -> CompiledLayer.compile(layer, allowed))
                        .toArray(CompiledLayer[]::new);
        return new AuthzEngine(program, layers, allowed.toArray(Verdict.Allowed[]::new));
    }

    public AuthzProgram program() {
        return program;
    }

    /** Decides about a request or an opaque connection. */
    public Verdict decide(RequestFacts facts) {
        List<Recorded> recorded = record(facts);
        return with(recorded, run(facts, 0, 0, NOBODY));
    }

    /** Goes on after an external authoriser has consented. */
    public Verdict consented(RequestFacts facts, Verdict.AskExternal ask) {
        Verdict.Resume at = ask.resume();
        if (at.engine != this) {
            throw new IllegalArgumentException("resume: of another engine (expected: this one's)");
        }
        return with(ask.recorded(), run(facts, at.layer, at.step, at.allowedBy));
    }

    /** What it means that an external authoriser has refused, or could not be asked. */
    public Verdict.Denied refused(Verdict.AskExternal ask, String why) {
        String reason =
                "refused by external authoriser "
                        + ask.provider()
                        + " ("
                        + why
                        + "), asked by "
                        + ask.decidedBy().describe();
        return new Verdict.Denied(ask.decidedBy(), reason, ask.recorded());
    }

    /** Every step in order, with whether it matches; for explanations, not for requests. */
    public List<TracedLayer> trace(RequestFacts facts) {
        List<TracedLayer> traced = new ArrayList<>();
        for (CompiledLayer layer : layers) {
            traced.add(layer.trace(facts));
        }
        return traced;
    }

    private Verdict run(RequestFacts facts, int firstLayer, int firstStep, int allowedSoFar) {
        int allowedBy = allowedSoFar;
        int step = firstStep;
        for (int i = firstLayer; i < layers.length; i++) {
            CompiledLayer layer = layers[i];
            int before = allowedBy;
            boolean decided = false;
            int found = layer.matches.first(facts, step);
            if (found != MatchIndex.NONE) {
                switch (layer.deciding[found]) {
                    case CompiledStep.Deny deny -> {
                        return deny.verdict();
                    }
                    case CompiledStep.Ask ask -> {
                        return new Verdict.AskExternal(
                                ask.provider(),
                                ask.source().origin(),
                                List.of(),
                                new Verdict.Resume(this, i, found + 1, before));
                    }
                    case CompiledStep.Allow allow -> {
                        allowedBy = allow.index();
                        decided = true;
                    }
                    case CompiledStep.Record ignored -> {}
                }
            }
            if (!decided) {
                if (layer.otherwiseDenied != null) {
                    return layer.otherwiseDenied;
                }
                // A policy that somebody wrote says more than a layer's default.
                allowedBy = before == NOBODY ? layer.otherwiseAllowed : before;
            }
            step = 0;
        }
        return allowedBy == NOBODY ? unguarded : allowed[allowedBy];
    }

    private List<Recorded> record(RequestFacts facts) {
        if (records.length == 0) {
            return List.of();
        }
        List<Recorded> matched = new ArrayList<>(2);
        for (CompiledStep.Record recorder : records) {
            if (recorder.when().test(facts)) {
                matched.add(recorder.recorded());
            }
        }
        return matched;
    }

    private static Verdict with(List<Recorded> recorded, Verdict verdict) {
        if (recorded.isEmpty()) {
            return verdict;
        }
        return switch (verdict) {
            case Verdict.Allowed(var permit, var by, var ignored) ->
                    new Verdict.Allowed(permit, by, recorded);
            case Verdict.Denied(var by, var reason, var ignored) ->
                    new Verdict.Denied(by, reason, recorded);
            case Verdict.AskExternal(var provider, var by, var ignored, var resume) ->
                    new Verdict.AskExternal(provider, by, recorded, resume);
        };
    }

    private static final class CompiledLayer {
        private final AuthzLayer source;
        private final CompiledStep[] steps;

        /** The steps with an effect, and how to find the first that matches. */
        private final CompiledStep[] deciding;

        private final MatchIndex matches;
        private final Verdict.@Nullable Denied otherwiseDenied;
        private final int otherwiseAllowed;

        private CompiledLayer(
                AuthzLayer source,
                CompiledStep[] steps,
                Verdict.@Nullable Denied otherwiseDenied,
                int otherwiseAllowed) {
            this.source = source;
            this.steps = steps;
            this.deciding =
                    Arrays.stream(steps)
                            .filter(step -> !(step instanceof CompiledStep.Record))
                            .toArray(CompiledStep[]::new);
            this.matches =
                    MatchIndex.of(
                            Arrays.stream(deciding).map(CompiledStep::indexed).toList(),
                            Arrays.stream(deciding).map(CompiledStep::when).toList());
            this.otherwiseDenied = otherwiseDenied;
            this.otherwiseAllowed = otherwiseAllowed;
        }

        static CompiledLayer compile(AuthzLayer layer, List<Verdict.Allowed> allowed) {
            CompiledStep[] steps =
                    layer.steps().stream()
                            .map(step -> CompiledStep.compile(step, allowed))
                            .toArray(CompiledStep[]::new);
            Origin origin = layer.otherwiseOrigin();
            if (layer.otherwise() == Effect.DENY) {
                String reason =
                        "no "
                                + layer.dialect().title()
                                + " policy allows it ("
                                + origin.describe()
                                + ")";
                return new CompiledLayer(
                        layer, steps, new Verdict.Denied(origin, reason, List.of()), NOBODY);
            }
            allowed.add(new Verdict.Allowed(new Permit(origin), origin, List.of()));
            return new CompiledLayer(layer, steps, null, allowed.size() - 1);
        }

        TracedLayer trace(RequestFacts facts) {
            List<TracedStep> traced = new ArrayList<>();
            boolean decided = false;
            for (CompiledStep step : steps) {
                boolean matched = step.when().test(facts);
                boolean decides =
                        matched
                                && !decided
                                && (step instanceof CompiledStep.Allow
                                        || step instanceof CompiledStep.Deny);
                traced.add(new TracedStep(step.source(), matched, decides));
                decided |= decides;
            }
            return new TracedLayer(source, traced, decided);
        }
    }
}
