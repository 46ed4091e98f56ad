package io.weft.dataplane.assembly;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.ExchangeView;
import io.weft.dataplane.telemetry.TraceContext;
import io.weft.model.telemetry.Telemetry;

/** The proxy's own log, and somebody who watches it. */
record ObservedLog(ExchangeLog log, ExchangeLog observer) implements ExchangeLog {

    @Override
    public void finished(ExchangeView exchange) {
        log.finished(exchange);
        observer.finished(exchange);
    }

    @Override
    public void opened(ExchangeView connection) {
        log.opened(connection);
        observer.opened(connection);
    }

    @Override
    public void progressed(ExchangeView connection) {
        log.progressed(connection);
        observer.progressed(connection);
    }

    @Override
    public void count(Counted what, String name, String result) {
        log.count(what, name, result);
        observer.count(what, name, result);
    }

    @Override
    public TraceContext begin(HttpHeaders request, boolean inbound) {
        return log.begin(request, inbound);
    }

    @Override
    public void check(Telemetry telemetry) {
        log.check(telemetry);
    }

    @Override
    public void update(Telemetry telemetry) {
        log.update(telemetry);
    }
}
