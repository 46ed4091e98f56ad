package io.weft.dataplane.telemetry;

/** The one place that every end of a request passes. Never blocks, never throws. */
public interface ExchangeLog {

    /** Records the end of an exchange. Called on its event loop, exactly once per exchange. */
    void finished(ExchangeView exchange);

    /** A TCP connection was opened; its end is a {@link #finished} of its own. */
    void opened(ExchangeView connection);
}
