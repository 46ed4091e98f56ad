package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
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
 * All Telemetry resources: the root namespace's, then the namespace's, then the workload's, the
 * later over the earlier; the oldest wins within each. Immutable once made.
 */
final class Telemetries {

    /** A resource. */
    record Policy(
            WorkloadSelection selection,
            @Nullable List<LogRule> logs,
            @Nullable List<TracingRule> tracing,
            @Nullable List<Metrics.Override> metrics) {}

    private final String rootNamespace;
    private final Telemetry mesh;
    private final TelemetryReader reader;
    private final List<Policy> policies = new ArrayList<>();

    Telemetries(String rootNamespace, Telemetry mesh, TelemetryReader reader) {
        this.rootNamespace = rootNamespace;
        this.mesh = mesh;
        this.reader = reader;
    }

    /** Reads one. */
    Policy read(Field root) {
        Field spec = root.get("spec");
        AuthorizationReader.refuseTargets(spec);
        WorkloadSelection selection = WorkloadSelection.read(spec.get("selector"), rootNamespace);
        if (selection.everywhere() && selection.hasSelector()) {
            spec.get("selector")
                    .warn(
                            Code.BROAD_POLICY,
                            "in the root namespace it selects workloads of every namespace",
                            "move it to the workload's namespace");
        }
        return new Policy(
                selection,
                reader.logs(spec.get("accessLogging")),
                reader.tracing(spec.get("tracing")),
                reader.metrics(spec.get("metrics")));
    }

    /** What a resource's meaning depends on beside itself. */
    Object given() {
        return reader.given();
    }

    /** Takes one; only while the dialect compiles. */
    void add(Policy policy) {
        policies.add(policy);
    }

    Optional<Telemetry> telemetry(WorkloadView workload) {
        List<Policy> applied =
                policies.stream().filter(p -> p.selection().selects(workload)).toList();
        if (applied.isEmpty() && mesh.equals(Telemetry.DEFAULT)) {
            return Optional.empty();
        }
        List<AccessLog> logs = mesh.accessLogs();
        List<Metrics.Override> metrics = new ArrayList<>(mesh.metrics().overrides());
        Tracing outbound = mesh.tracing(false);
        Tracing inbound = mesh.tracing(true);
        for (Scope scope : Scope.values()) {
            List<Policy> here =
                    applied.stream().filter(policy -> scope.holds(policy.selection())).toList();
            List<LogRule> rules = first(here, Policy::logs);
            logs = rules == null ? logs : LogRule.over(logs, rules);
            // The proxy applies them in this order, so that the later one's word counts.
            List<Metrics.Override> overrides = first(here, Policy::metrics);
            metrics.addAll(overrides == null ? List.of() : overrides);
            List<TracingRule> traced = first(here, Policy::tracing);
            if (traced != null) {
                outbound = TracingRule.over(outbound, traced, false);
                inbound = TracingRule.over(inbound, traced, true);
            }
        }
        return Optional.of(
                new Telemetry(
                        logs,
                        outbound,
                        inbound.equals(outbound) ? null : inbound,
                        new Metrics(
                                metrics, mesh.metrics().maxTagValues(), mesh.metrics().stats())));
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

    private static <T> @Nullable T first(
            List<Policy> policies, Function<Policy, @Nullable T> part) {
        for (Policy policy : policies) {
            T own = part.apply(policy);
            if (own != null) {
                return own;
            }
        }
        return null;
    }
}
