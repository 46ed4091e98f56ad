package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.telemetry.AccessLog;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Telemetry;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Telemetry resources of the root namespace, a namespace and a workload, one over the other. */
class IstioTelemetryTest {

    private static final String MESH =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: istio, namespace: istio-system}
            data:
              mesh: |
                defaultProviders: {accessLogging: [collector]}
                extensionProviders:
                - name: collector
                  envoyOtelAls: {service: otel.obs.svc.cluster.local, port: 4317}
                - name: cloud
                  stackdriver: {}
                - name: prom
                  prometheus: {}
            """;

    private static Telemetry telemetry(String... specs) {
        Scenario scenario = new Scenario().yaml(MESH).workload("shop/api labels=app:api");
        for (int i = 0; i < specs.length; i++) {
            scenario.yaml(
                    """
                    apiVersion: telemetry.istio.io/v1
                    kind: Telemetry
                    metadata: {name: t%d, namespace: %s}
                    spec: %s
                    """
                            .formatted(i, i == 0 ? "istio-system" : "shop", specs[i]));
        }
        assertThat(scenario.compile().diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
        WorkloadConfig config =
                (WorkloadConfig)
                        Objects.requireNonNull(scenario.config("shop/api").get("workload"));
        return config.telemetry();
    }

    @Test
    void theMeshsDefaultProvidersLogWhereNobodySaysMore() {
        assertThat(telemetry().accessLogs())
                .singleElement()
                .satisfies(log -> assertThat(log.provider()).isEqualTo("otel"))
                .satisfies(log -> assertThat(log.side()).isNull());
    }

    @Test
    void aNarrowerFilterKeepsTheProvidersOfTheWiderScope() {
        assertThat(
                        telemetry(
                                        "{accessLogging: [{providers: [{name: collector}]}]}",
                                        "{accessLogging: [{filter: {expression: \"response.code >="
                                                + " 400\"}}]}")
                                .accessLogs())
                .singleElement()
                .satisfies(log -> assertThat(log.provider()).isEqualTo("otel"))
                .satisfies(log -> assertThat(log.filter()).isEqualTo("response.code >= 400"));
    }

    @Test
    void whatIsSaidOfOneSideLeavesTheOtherAsItWas() {
        List<AccessLog> logs =
                telemetry(
                                "{accessLogging: [{providers: [{name: envoy}]}]}",
                                "{accessLogging: [{match: {mode: CLIENT}, disabled: true}]}")
                        .accessLogs();
        assertThat(logs)
                .singleElement()
                .satisfies(log -> assertThat(log.provider()).isEqualTo("stdout"))
                .satisfies(log -> assertThat(log.side()).isEqualTo(AccessLog.Side.SERVER));
        assertThat(
                        telemetry(
                                        "{accessLogging: [{match: {mode: SERVER}, providers: [{name:"
                                                + " envoy}]}]}")
                                .accessLogs())
                .extracting(AccessLog::provider, AccessLog::side)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("otel", AccessLog.Side.CLIENT),
                        org.assertj.core.groups.Tuple.tuple("stdout", AccessLog.Side.SERVER));
    }

    @Test
    void disabledIsNoLogAtAll() {
        assertThat(
                        telemetry(
                                        "{accessLogging: [{providers: [{name: envoy}]}]}",
                                        "{accessLogging: [{disabled: true}]}",
                                        "{}")
                                .accessLogs())
                .isEmpty();
    }

    @Test
    void theChangesOfAllScopesHoldTheNarrowerLast() {
        List<Metrics.Override> overrides =
                telemetry(
                                """
                                {metrics: [{overrides: [{match: {metric: REQUEST_COUNT}, tagOverrides: {a: {value: "'1'"}}}]}]}\
                                """,
                                """
                                {metrics: [{overrides: [{match: {metric: REQUEST_COUNT, mode: SERVER}, tagOverrides: {b: {value: "'2'"}}}]}]}\
                                """,
                                """
                                {selector: {matchLabels: {app: api}}, metrics: [{overrides: [{disabled: true}]}]}\
                                """)
                        .metrics()
                        .overrides();
        assertThat(overrides)
                .extracting(Metrics.Override::metric)
                .containsExactly("REQUEST_COUNT", "REQUEST_COUNT", "ALL_METRICS");
        assertThat(overrides.getLast().disabled()).isTrue();
    }

    @Test
    void changesForOtherProvidersAloneAreNotOurs() {
        String spec = "{metrics: [{providers: [{name: %s}], overrides: [{disabled: true}]}]}";
        assertThat(telemetry(spec.formatted("cloud")).metrics().overrides()).isEmpty();
        assertThat(telemetry(spec.formatted("prom")).metrics().overrides()).hasSize(1);
        assertThat(telemetry(spec.formatted("prometheus")).metrics().overrides()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "response.code >= ; expected: CEL",
                "response.kode >= 400; expected: one of",
                "request.path; ",
                "size(request.path); expected: bool",
                "nobody.knows == 1; expected: CEL"
            })
    void aFilterThatTheProxyWouldRefuseIsAnErrorAtItsLine(String filter, String expected) {
        Scenario scenario =
                new Scenario()
                        .yaml(
                                """
                                apiVersion: telemetry.istio.io/v1
                                kind: Telemetry
                                metadata: {name: logs, namespace: shop}
                                spec:
                                  accessLogging:
                                  - filter:
                                      expression: "%s"
                                """
                                        .formatted(filter));
        List<Diagnostic> found =
                scenario.compile().diagnostics().stream().filter(Diagnostic::isError).toList();
        if (expected == null) {
            assertThat(found).as("what may be a bool is accepted").isEmpty();
            return;
        }
        assertThat(found)
                .singleElement()
                .satisfies(d -> assertThat(d.code()).isEqualTo(Code.INVALID_VALUE))
                .satisfies(d -> assertThat(d.line()).isEqualTo(7))
                .satisfies(d -> assertThat(d.message()).contains(expected.strip()));
    }
}
