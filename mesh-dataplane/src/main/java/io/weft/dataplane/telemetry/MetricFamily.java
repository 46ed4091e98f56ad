package io.weft.dataplane.telemetry;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;

/** One metric with its labels, in the Prometheus registry. */
sealed interface MetricFamily {

    List<String> labelNames();

    void unregister(PrometheusRegistry registry);

    /** Creates and registers a family. */
    static MetricFamily register(
            StandardMetric metric, List<String> labels, PrometheusRegistry registry) {
        String[] names = labels.toArray(new String[0]);
        if (metric.isHistogram()) {
            Histogram histogram =
                    Histogram.builder()
                            .name(metric.exposedName())
                            .help(metric.help())
                            .labelNames(names)
                            .classicOnly()
                            .classicUpperBounds(OfHistogram.BOUNDS)
                            .withoutExemplars()
                            .register(registry);
            return new OfHistogram(labels, histogram);
        }
        Counter counter =
                Counter.builder()
                        .name(metric.exposedName())
                        .help(metric.help())
                        .labelNames(names)
                        .withoutExemplars()
                        .register(registry);
        return new OfCounter(labels, counter);
    }

    /** A counter. */
    record OfCounter(List<String> labelNames, Counter counter) implements MetricFamily {

        CounterDataPoint point(String[] values) {
            return counter.labelValues(values);
        }

        @Override
        public void unregister(PrometheusRegistry registry) {
            registry.unregister(counter);
        }
    }

    /** A histogram with Istio's buckets, which are the same for milliseconds and for bytes. */
    record OfHistogram(List<String> labelNames, Histogram histogram) implements MetricFamily {

        private static final double[] BOUNDS = {
            0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000,
            600000, 1800000, 3600000
        };

        DistributionDataPoint point(String[] values) {
            return histogram.labelValues(values);
        }

        @Override
        public void unregister(PrometheusRegistry registry) {
            registry.unregister(histogram);
        }
    }
}
