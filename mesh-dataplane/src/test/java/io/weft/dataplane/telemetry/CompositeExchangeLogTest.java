package io.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.Tracer;
import io.weft.model.Origin;
import io.weft.model.telemetry.AccessLog;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompositeExchangeLogTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final MeshMetrics metrics =
            new MeshMetrics(
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), SampleExchange.local());
    private final AccessLogWriter writer = new AccessLogWriter(Map.of("stdout", LineSink.to(out)));
    private final CompositeExchangeLog log =
            new CompositeExchangeLog(
                    metrics,
                    writer,
                    new Spans(Tracer.NOOP, SampleExchange.local(), Tracing.DEFAULT));

    private static Telemetry logging(String template) {
        AccessLog line =
                new AccessLog(
                        "stdout", new AccessLog.Format.Text(template), "", Origin.builtIn("test"));
        return new Telemetry(List.of(line), Tracing.DEFAULT, Metrics.DEFAULT);
    }

    @Test
    void recordsInAllPlacesOnce() {
        log.update(logging("%RESPONSE_CODE%"));
        log.finished(new SampleExchange());
        writer.close();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("200\n");
        assertThat(metrics.scrape()).containsPattern("istio_requests_total\\{.*} 1\\.0");
    }

    @Test
    void anUnusableConfigurationIsRefusedAndTheOneInForceStays() {
        log.update(logging("first"));
        assertThatThrownBy(() -> log.check(logging("%WRONG%")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.update(logging("%WRONG%")))
                .isInstanceOf(IllegalArgumentException.class);
        log.finished(new SampleExchange());
        writer.close();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("first\n");
    }

    @Test
    void aRecorderThatFailsTakesNothingFromTheOthersNorFromTheCaller() {
        log.update(logging("%RESPONSE_CODE%"));
        SampleExchange broken = new SampleExchange();
        broken.destination = null;
        log.finished(broken);
        writer.close();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("200\n");
    }
}
