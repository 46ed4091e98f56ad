package io.weft.dataplane.telemetry.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableDoublePointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableGaugeData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSumData;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Metrics of the Prometheus registry as OTLP has them, with the names that a scrape shows. Counters
 * and classic histograms are cumulative; summaries and infos are left out.
 */
final class MetricPoints {

    private static final InstrumentationScopeInfo SCOPE =
            InstrumentationScopeInfo.create("io.weft.dataplane");
    private static final AggregationTemporality CUMULATIVE = AggregationTemporality.CUMULATIVE;

    private final Resource resource;
    private final long startNanos;

    MetricPoints(Resource resource, long startMillis) {
        this.resource = resource;
        this.startNanos = TimeUnit.MILLISECONDS.toNanos(startMillis);
    }

    List<MetricData> of(MetricSnapshots snapshots, long nowMillis) {
        long now = TimeUnit.MILLISECONDS.toNanos(nowMillis);
        List<MetricData> metrics = new ArrayList<>();
        for (MetricSnapshot snapshot : snapshots) {
            switch (snapshot) {
                case CounterSnapshot counter -> metrics.add(sum(counter, now));
                case GaugeSnapshot gauge -> metrics.add(gauge(gauge, now));
                case HistogramSnapshot histogram -> metrics.add(histogram(histogram, now));
                default -> {
                    // A registry of this proxy has no others that people plot.
                }
            }
        }
        return metrics;
    }

    private MetricData sum(CounterSnapshot counter, long now) {
        List<DoublePointData> points =
                counter.getDataPoints().stream()
                        .map(each -> point(each.getLabels(), each.getValue(), now))
                        .toList();
        return ImmutableMetricData.createDoubleSum(
                resource,
                SCOPE,
                counter.getMetadata().getPrometheusName() + "_total",
                help(counter),
                "",
                ImmutableSumData.create(true, CUMULATIVE, points));
    }

    private MetricData gauge(GaugeSnapshot gauge, long now) {
        List<DoublePointData> points =
                gauge.getDataPoints().stream()
                        .map(each -> point(each.getLabels(), each.getValue(), now))
                        .toList();
        return ImmutableMetricData.createDoubleGauge(
                resource, SCOPE, name(gauge), help(gauge), "", ImmutableGaugeData.create(points));
    }

    private DoublePointData point(Labels labels, double value, long now) {
        return ImmutableDoublePointData.create(startNanos, now, attributes(labels), value);
    }

    private MetricData histogram(HistogramSnapshot histogram, long now) {
        List<HistogramPointData> points = new ArrayList<>();
        for (var each : histogram.getDataPoints()) {
            ClassicHistogramBuckets buckets = each.getClassicBuckets();
            List<Double> bounds = new ArrayList<>();
            List<Long> counts = new ArrayList<>();
            for (int i = 0; i < buckets.size(); i++) {
                counts.add(buckets.getCount(i));
                if (buckets.getUpperBound(i) < Double.POSITIVE_INFINITY) {
                    bounds.add(buckets.getUpperBound(i));
                }
            }
            points.add(
                    ImmutableHistogramPointData.create(
                            startNanos,
                            now,
                            attributes(each.getLabels()),
                            each.getSum(),
                            false,
                            0,
                            false,
                            0,
                            bounds,
                            counts));
        }
        return ImmutableMetricData.createDoubleHistogram(
                resource,
                SCOPE,
                name(histogram),
                help(histogram),
                "",
                ImmutableHistogramData.create(CUMULATIVE, points));
    }

    private static String name(MetricSnapshot snapshot) {
        return snapshot.getMetadata().getPrometheusName();
    }

    private static String help(MetricSnapshot snapshot) {
        String help = snapshot.getMetadata().getHelp();
        return help == null ? "" : help;
    }

    private static Attributes attributes(Labels labels) {
        AttributesBuilder attributes = Attributes.builder();
        labels.forEach(label -> attributes.put(label.getName(), label.getValue()));
        return attributes.build();
    }
}
