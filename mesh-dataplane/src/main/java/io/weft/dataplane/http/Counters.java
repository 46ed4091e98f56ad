package io.weft.dataplane.http;

import java.util.concurrent.atomic.AtomicInteger;

/** What is under way in a data plane. Thread-safe. */
public final class Counters {

    private final AtomicInteger exchanges = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean draining;

    void exchangeStarted() {
        exchanges.incrementAndGet();
    }

    void exchangeEnded() {
        exchanges.decrementAndGet();
    }

    public void connectionOpened() {
        connections.incrementAndGet();
    }

    public void connectionClosed() {
        connections.decrementAndGet();
    }

    public int exchanges() {
        return exchanges.get();
    }

    public int connections() {
        return connections.get();
    }

    /** From here answers close their connections. */
    public void drain() {
        draining = true;
    }

    public boolean draining() {
        return draining;
    }
}
