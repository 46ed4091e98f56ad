package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Fraction;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Tracing, tags of metrics and statistics, as Telemetry resources and the mesh's configuration say.
 */
class IstioTelemetryRulesTest {

    private final Scenario scenario = new Scenario().workload("shop/api labels=app:api");
    private List<Diagnostic> diagnostics = List.of();

    private IstioTelemetryRulesTest mesh(String mesh) {
        scenario.yaml(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data:
                  mesh: |
                %s
                """
                        .formatted(mesh.indent(4)));
        return this;
    }

    private IstioTelemetryRulesTest telemetry(String spec) {
        scenario.yaml(
                """
                apiVersion: telemetry.istio.io/v1
                kind: Telemetry
                metadata: {name: t, namespace: shop}
                spec: %s
                """
                        .formatted(spec));
        return this;
    }

    private Telemetry compiled() {
        diagnostics = scenario.compile().diagnostics();
        WorkloadConfig config =
                (WorkloadConfig)
                        Objects.requireNonNull(scenario.config("shop/api").get("workload"));
        return config.telemetry();
    }

    private List<String> messages() {
        return diagnostics.stream().map(Diagnostic::message).toList();
    }

    @Test
    void tracingIsToldForEachDirection() {
        Telemetry telemetry =
                telemetry(
                                """
                                {tracing: [{randomSamplingPercentage: 20}, {match: {mode: CLIENT}, disableSpanReporting: true}, {match: {mode: SERVER}, enableIstioTags: false, customTags: {who: {formatter: {value: "%REQ(x-user)%"}}}}]}\
                                """)
                        .compiled();
        assertThat(telemetry.tracing(false))
                .isEqualTo(new Tracing(false, Fraction.ofPercent(20), List.of(), true));
        assertThat(telemetry.tracing(true))
                .isEqualTo(
                        new Tracing(
                                true,
                                Fraction.ofPercent(20),
                                List.of(new Tracing.CustomTag.Formatted("who", "%REQ(x-user)%")),
                                false));
        assertThat(diagnostics).isEmpty();
    }

    @Test
    void onePercentIsSampledWhereNobodySaysMoreAndNothingWhereTheMeshTracesNot() {
        assertThat(compiled().tracing(true).sampling()).isEqualTo(Fraction.ofPercent(1));
        assertThat(
                        new IstioTelemetryRulesTest()
                                .mesh("enableTracing: false")
                                .compiled()
                                .tracing(true)
                                .enabled())
                .isFalse();
    }

    @Test
    void aTagWithoutASourceIsAnError() {
        telemetry("{tracing: [{customTags: {who: {}}}]}").compiled();
        assertThat(diagnostics).anyMatch(Diagnostic::isError);
        assertThat(messages()).anyMatch(text -> text.contains("'who' comes from"));
    }

    @Test
    void anOverrideThatSaysNothingOfItLeavesAMetricAsItIs() {
        assertThat(
                        telemetry(
                                        """
                                        {metrics: [{overrides: [{match: {customMetric: requests_total}, disabled: true}, {tagOverrides: {stage: {value: "'x'"}}}]}]}\
                                        """)
                                .compiled()
                                .metrics()
                                .overrides())
                .extracting(Metrics.Override::metric, Metrics.Override::disabled)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("REQUEST_COUNT", true),
                        org.assertj.core.groups.Tuple.tuple("ALL_METRICS", null));
    }

    @Test
    void aMetricAndALabelThatCannotBeAreReported() {
        assertThat(
                        telemetry(
                                        """
                                        {metrics: [{overrides: [{match: {customMetric: my_own}, disabled: true}, {match: {metric: REQUEST_COUNT}, tagOverrides: {"bad-name": {value: "'x'"}}}]}]}\
                                        """)
                                .compiled()
                                .metrics()
                                .overrides())
                .extracting(Metrics.Override::metric)
                .containsExactly("REQUEST_COUNT");
        assertThat(messages())
                .anyMatch(text -> text.contains("'my_own' is no metric of this mesh"))
                .anyMatch(text -> text.contains("'bad-name' cannot be a label"));
    }

    @Test
    void theChoiceOfStatisticsArrivesAtTheProxy() {
        Metrics metrics =
                mesh("""
                defaultConfig:
                  proxyStatsMatcher:
                    inclusionPrefixes: [cluster.outbound]
                    inclusionRegexps: [".*_cx_.*"]
                    exclusionRegexps: [".*osconfig.*"]\
                """)
                        .compiled()
                        .metrics();
        assertThat(metrics.selection().prefixes()).containsExactly("cluster.outbound");
        assertThat(metrics.selection().regexps()).containsExactly(".*_cx_.*");
        assertThat(metrics.selection().excludedRegexps()).containsExactly(".*osconfig.*");
        assertThat(diagnostics).noneMatch(Diagnostic::isError);
    }

    @Test
    void aZipkinIsNotSpokenToAndTheWarningSaysWhatToDo() {
        mesh("""
        defaultConfig: {tracing: {zipkin: {address: "zipkin.istio-system:9411"}}}
        extensionProviders:
        - name: zipkin
          zipkin: {service: zipkin.istio-system.svc.cluster.local, port: 9411, maxTagLength: 56}\
        """)
                .compiled();
        assertThat(messages())
                .anyMatch(text -> text.contains("format of zipkin to zipkin.istio-system:9411"))
                .anyMatch(text ->
                        text.contains("zipkin.istio-system.svc.cluster.local:9411, but over OTLP"));
        assertThat(diagnostics).noneMatch(Diagnostic::isError);
    }
}
