package io.weft.dataplane.telemetry;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.model.telemetry.Telemetry;

/** The one place that every end of a request passes. Never blocks, never throws. */
public interface ExchangeLog {

    /** Records nothing. */
    ExchangeLog NONE =
            new ExchangeLog() {
                @Override
                public void finished(ExchangeView exchange) {}

                @Override
                public void opened(ExchangeView connection) {}
            };

    /** Records the end of an exchange. Called on its event loop, exactly once per exchange. */
    void finished(ExchangeView exchange);

    /** A TCP connection was opened; its end is a {@link #finished} of its own. */
    void opened(ExchangeView connection);

    /** A TCP connection goes on: counts the bytes that have moved since it was last told. */
    default void progressed(ExchangeView connection) {}

    /**
     * Counts something that happens beside exchanges.
     *
     * @param name of what it happens to, from the configuration: of bounded number
     */
    default void count(Counted what, String name, String result) {}

    /** What is counted, with the metric's name and the label for its subject. */
    enum Counted {
        /** Answers of external authorisers. */
        EXT_AUTHZ("weft_ext_authz", "provider"),
        /** Answers of Redis about global rate limits. */
        GLOBAL_RATE_LIMIT("weft_global_rate_limit", "limit"),
        /** What active health checks have found. */
        HEALTH_CHECK("weft_health_check", "cluster"),
        /** What was turned away because there was too much of it. */
        OVERLOAD("weft_overload", "what");

        private final String metric;
        private final String label;

        Counted(String metric, String label) {
            this.metric = metric;
            this.label = label;
        }

        String metric() {
            return metric;
        }

        String label() {
            return label;
        }
    }

    /**
     * Begins an exchange: the headers get what the next hop shall continue, and a request id where
     * none came.
     */
    default TraceContext begin(HttpHeaders request, boolean inbound) {
        return TraceContext.NONE;
    }

    /**
     * Checks whether a configuration could be used.
     *
     * @throws IllegalArgumentException when it could not
     */
    default void check(Telemetry telemetry) {}

    /** Uses another configuration, one that was checked, from the next exchange on. */
    default void update(Telemetry telemetry) {}
}
