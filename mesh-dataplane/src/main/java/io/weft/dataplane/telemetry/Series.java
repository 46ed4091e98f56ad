package io.weft.dataplane.telemetry;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.weft.dataplane.telemetry.traffic.OutcomeCounter;
import io.weft.model.wire.TrafficReport.EdgeKey;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The meters of exchanges with the same key, resolved once; what is switched off is missing. */
final class Series {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<StandardMetric, CounterDataPoint> counters =
            new EnumMap<>(StandardMetric.class);
    private final Map<StandardMetric, DistributionDataPoint> histograms =
            new EnumMap<>(StandardMetric.class);

    private @Nullable EdgeKey edge;
    private @Nullable OutcomeCounter traffic;

    /** Where the live picture counts them. */
    void traffic(EdgeKey between, OutcomeCounter counter) {
        edge = between;
        traffic = counter;
    }

    @Nullable EdgeKey edge() {
        return edge;
    }

    @Nullable OutcomeCounter traffic() {
        return traffic;
    }

    void add(StandardMetric metric, MetricFamily family, String[] values) {
        switch (family) {
            case MetricFamily.OfCounter counter -> counters.put(metric, counter.point(values));
            case MetricFamily.OfHistogram histogram ->
                    histograms.put(metric, histogram.point(values));
        }
    }

    void http(ExchangeView exchange) {
        ended(exchange);
        count(StandardMetric.REQUEST_COUNT, 1);
        observe(StandardMetric.REQUEST_DURATION, exchange.durationNanos() / NANOS_PER_MILLI);
        observe(StandardMetric.REQUEST_SIZE, exchange.bytesReceived());
        observe(StandardMetric.RESPONSE_SIZE, exchange.bytesSent());
        count(StandardMetric.GRPC_REQUEST_MESSAGES, exchange.requestMessages());
        count(StandardMetric.GRPC_RESPONSE_MESSAGES, exchange.responseMessages());
    }

    void opened() {
        OutcomeCounter counter = traffic;
        if (counter != null) {
            counter.opened();
        }
        count(StandardMetric.TCP_OPENED_CONNECTIONS, 1);
    }

    void progressed(ExchangeView connection) {
        OutcomeCounter counter = traffic;
        if (counter != null) {
            counter.moved(received(connection), sent(connection));
        }
        bytes(connection);
    }

    void closed(ExchangeView connection) {
        ended(connection);
        count(StandardMetric.TCP_CLOSED_CONNECTIONS, 1);
        bytes(connection);
    }

    private void bytes(ExchangeView connection) {
        count(StandardMetric.TCP_SENT_BYTES, sent(connection));
        count(StandardMetric.TCP_RECEIVED_BYTES, received(connection));
    }

    private static long sent(ExchangeView connection) {
        return connection.bytesSent() - connection.bytesSentTold();
    }

    private static long received(ExchangeView connection) {
        return connection.bytesReceived() - connection.bytesReceivedTold();
    }

    private void ended(ExchangeView exchange) {
        OutcomeCounter counter = traffic;
        if (counter != null) {
            counter.ended(
                    exchange.durationNanos(),
                    exchange.attempts(),
                    received(exchange),
                    sent(exchange));
        }
    }

    private void count(StandardMetric metric, long amount) {
        @Nullable CounterDataPoint counter = counters.get(metric);
        if (counter != null && amount >= 0) {
            counter.inc(amount);
        }
    }

    private void observe(StandardMetric metric, double value) {
        @Nullable DistributionDataPoint histogram = histograms.get(metric);
        if (histogram != null) {
            histogram.observe(value);
        }
    }
}
