package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.model.telemetry.AccessLog;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All Telemetry resources. Each part (logs, tracing, metrics) is taken from the workload's
 * resource, else from its namespace's, else from the root namespace's; the oldest wins within each.
 * Immutable once made.
 */
final class Telemetries {

    private record Policy(
            WorkloadSelection selection,
            @Nullable List<AccessLog> logs,
            @Nullable TracingSpec tracing,
            @Nullable List<Metrics.Override> metrics) {}

    /** What a resource says of tracing; null leaves it to the wider scope. */
    record TracingSpec(
            @Nullable Boolean disabled,
            io.weft.model.route.@Nullable Fraction sampling,
            @Nullable List<Tracing.CustomTag> tags) {

        Tracing over(Tracing wider) {
            return new Tracing(
                    disabled == null ? wider.enabled() : !disabled,
                    sampling == null ? wider.sampling() : sampling,
                    tags == null ? wider.tags() : tags);
        }
    }

    private final Telemetry mesh;
    private final TelemetryReader reader;
    private final List<Policy> policies = new ArrayList<>();

    Telemetries(Telemetry mesh, TelemetryReader reader) {
        this.mesh = mesh;
        this.reader = reader;
    }

    /** Takes one; only while the dialect compiles. */
    void add(Field root, CompileContext context) {
        Field spec = root.get("spec");
        AuthorizationReader.refuseTargets(spec);
        WorkloadSelection selection = WorkloadSelection.read(spec.get("selector"), context);
        if (selection.everywhere() && selection.hasSelector()) {
            spec.get("selector")
                    .warn(
                            Code.BROAD_POLICY,
                            "in the root namespace it selects workloads of every namespace",
                            "move it to the workload's namespace");
        }
        policies.add(
                new Policy(
                        selection,
                        reader.logs(spec.get("accessLogging")),
                        reader.tracing(spec.get("tracing")),
                        reader.metrics(spec.get("metrics"))));
    }

    Optional<Telemetry> telemetry(WorkloadView workload) {
        List<Policy> applied =
                policies.stream().filter(p -> p.selection().selects(workload)).toList();
        if (applied.isEmpty() && mesh.equals(Telemetry.DEFAULT)) {
            return Optional.empty();
        }
        List<AccessLog> logs = last(applied, Policy::logs, mesh.accessLogs());
        List<Metrics.Override> metrics = last(applied, Policy::metrics, mesh.metrics().overrides());
        Tracing tracing = mesh.tracing();
        for (Scope scope : Scope.values()) {
            for (Policy policy : applied) {
                if (scope.holds(policy.selection()) && policy.tracing() != null) {
                    tracing = policy.tracing().over(tracing);
                    break;
                }
            }
        }
        return Optional.of(
                new Telemetry(logs, tracing, new Metrics(metrics, mesh.metrics().maxTagValues())));
    }

    /** From the widest to the narrowest. */
    private enum Scope {
        MESH,
        NAMESPACE,
        WORKLOAD;

        boolean holds(WorkloadSelection selection) {
            return switch (this) {
                case MESH -> selection.everywhere() && !selection.hasSelector();
                case NAMESPACE -> !selection.everywhere() && !selection.hasSelector();
                case WORKLOAD -> selection.hasSelector();
            };
        }
    }

    private static <T> T last(
            List<Policy> applied, Function<Policy, @Nullable T> part, T otherwise) {
        T found = otherwise;
        for (Scope scope : Scope.values()) {
            for (Policy policy : applied) {
                T own = part.apply(policy);
                if (scope.holds(policy.selection()) && own != null) {
                    found = own;
                    break;
                }
            }
        }
        return found;
    }
}
