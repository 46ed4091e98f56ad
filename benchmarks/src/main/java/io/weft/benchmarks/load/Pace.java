package io.weft.benchmarks.load;

/** When requests are sent. */
public sealed interface Pace {

    /** As fast as answers come: {@code concurrency} requests are always under way. */
    record Closed(int concurrency) implements Pace {}

    /**
     * At a fixed rate, whatever the answers do; latency counts from the time at which a request was
     * due, so that a stall is seen by all requests that it delays.
     *
     * @param connections upper bound of requests under way
     */
    record Open(int perSecond, int connections) implements Pace {}

    /** Requests that may be under way at once. */
    default int concurrencyLimit() {
        return switch (this) {
            case Closed closed -> closed.concurrency();
            case Open open -> open.connections();
        };
    }
}
