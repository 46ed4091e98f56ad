package io.weft.dataplane.overload;

import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.ExchangeView;

/** Keeps nothing, so that what is measured is the proxy's. */
record Unrecorded() implements ExchangeLog {

    @Override
    public void finished(ExchangeView exchange) {
        // Nobody asks.
    }

    @Override
    public void opened(ExchangeView connection) {
        // Nobody asks.
    }
}
