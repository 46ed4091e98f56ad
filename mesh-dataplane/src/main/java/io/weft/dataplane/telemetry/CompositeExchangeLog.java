package io.weft.dataplane.telemetry;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.model.telemetry.Telemetry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics, access log and spans in one; one that fails takes nothing from the others. Thread-safe.
 */
public final class CompositeExchangeLog implements ExchangeLog {

    private static final Logger LOG = LoggerFactory.getLogger(CompositeExchangeLog.class);

    private final MeshMetrics metrics;
    private final AccessLogWriter accessLog;
    private final Spans spans;

    public CompositeExchangeLog(MeshMetrics metrics, AccessLogWriter accessLog, Spans spans) {
        this.metrics = metrics;
        this.accessLog = accessLog;
        this.spans = spans;
    }

    /** To start spans with. */
    public Spans spans() {
        return spans;
    }

    /** For what else is counted. */
    public MeshMetrics metrics() {
        return metrics;
    }

    /**
     * Checks whether a configuration could be used.
     *
     * @throws IllegalArgumentException when it could not
     */
    @Override
    public void check(Telemetry telemetry) {
        accessLog.check(telemetry.accessLogs());
        spans.check(telemetry);
    }

    /**
     * Uses another configuration from the next exchange on.
     *
     * @throws IllegalArgumentException when it cannot be used; then nothing changes
     */
    @Override
    public void update(Telemetry telemetry) {
        spans.check(telemetry);
        accessLog.update(telemetry.accessLogs());
        metrics.update(telemetry.metrics());
        spans.update(telemetry);
    }

    @Override
    public TraceContext begin(HttpHeaders request, boolean inbound) {
        return spans.start(request, inbound);
    }

    @Override
    public void finished(ExchangeView exchange) {
        try {
            metrics.finished(exchange);
        } catch (RuntimeException e) {
            notRecorded(e);
        }
        try {
            accessLog.finished(exchange);
        } catch (RuntimeException e) {
            notRecorded(e);
        }
        try {
            spans.finished(exchange);
        } catch (RuntimeException e) {
            notRecorded(e);
        }
    }

    @Override
    public void opened(ExchangeView connection) {
        try {
            metrics.opened(connection);
        } catch (RuntimeException e) {
            notRecorded(e);
        }
    }

    @Override
    public void progressed(ExchangeView connection) {
        try {
            metrics.progressed(connection);
        } catch (RuntimeException e) {
            notRecorded(e);
        }
    }

    @Override
    public void count(Counted what, String name, String result) {
        metrics.count(what, name, result);
    }

    private static void notRecorded(RuntimeException e) {
        LOG.error("an exchange could not be recorded", e);
    }
}
