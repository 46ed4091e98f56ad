package io.weft.dataplane.overload;

import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.ExchangeLog.Counted;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the proxy can take on more: the part of Envoy's overload manager that matters to
 * a proxy with a heap. Requests and connections are asked about before anything is made for them.
 * Thread-safe; what is asked per request reads two fields.
 */
public final class Overload {

    private static final Logger LOG = LoggerFactory.getLogger(Overload.class);
    private static final long SILENT_NANOS = 10_000_000_000L;

    private final OverloadSettings settings;
    private final ExchangeLog log;
    private final LongSupplier nanos;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong spokeAt;
    private final AtomicLong unsaid = new AtomicLong();
    private volatile Level level = Level.FINE;
    private volatile String memory = "";

    /** How full the memory is. */
    public enum Level {
        FINE,
        /** New requests are refused, and connections end with their next answer. */
        SHEDDING,
        /** No connection is accepted, either. */
        PAUSED
    }

    public Overload(OverloadSettings settings, ExchangeLog log) {
        this(settings, log, System::nanoTime);
    }

    Overload(OverloadSettings settings, ExchangeLog log, LongSupplier nanos) {
        this.settings = settings;
        this.log = log;
        this.nanos = nanos;
        this.spokeAt = new AtomicLong(nanos.getAsLong() - SILENT_NANOS);
    }

    public OverloadSettings settings() {
        return settings;
    }

    /**
     * Why a request cannot be taken on; null when it can.
     *
     * @param underWay requests at this time, with this one
     */
    public @Nullable String refusesRequest(int underWay) {
        if (underWay > settings.requests()) {
            log.count(Counted.OVERLOAD, "request", "bound");
            return "more than "
                    + settings.requests()
                    + " requests under way, the proxy's bound (weft.mesh.overload.requests)";
        }
        if (level != Level.FINE) {
            log.count(Counted.OVERLOAD, "request", "memory");
            return memory;
        }
        return null;
    }

    /** Whether connections shall end with their next answer. */
    public boolean isShedding() {
        return level != Level.FINE;
    }

    public Level level() {
        return level;
    }

    /** Open downstream connections. */
    public int connections() {
        return connections.get();
    }

    /**
     * Counts a connection that was accepted.
     *
     * @param ofListener how many its listener has, with this one
     * @return false when it is to be closed at once; then it was not counted
     */
    boolean admits(String listener, int ofListener) {
        if (ofListener > settings.listenerConnections()) {
            refused(
                    "listener",
                    listener + ": " + settings.listenerConnections() + " connections are open");
            return false;
        }
        if (connections.incrementAndGet() > settings.connections()) {
            connections.decrementAndGet();
            refused("bound", settings.connections() + " connections are open");
            return false;
        }
        return true;
    }

    void ended() {
        connections.decrementAndGet();
    }

    /** In a flood the log says once in a while how many there were. */
    private void refused(String result, String cause) {
        log.count(Counted.OVERLOAD, "connection", result);
        unsaid.incrementAndGet();
        long now = nanos.getAsLong();
        long before = spokeAt.get();
        if (now - before >= SILENT_NANOS && spokeAt.compareAndSet(before, now)) {
            LOG.warn(
                    "connections: {} closed unserved, {}, the bound (weft.mesh.overload)",
                    unsaid.getAndSet(0),
                    cause);
        }
    }

    /** Says how full the memory is; what changes by it is told in the log. */
    void memory(MemoryUse.Kind kind, double share) {
        Level now =
                share >= settings.pauseAt()
                        ? Level.PAUSED
                        : share >= settings.shedAt() ? Level.SHEDDING : Level.FINE;
        Level before = level;
        if (now == Level.FINE && before == Level.FINE) {
            return;
        }
        memory = describe(kind, share);
        if (now == before) {
            return;
        }
        level = now;
        log.count(Counted.OVERLOAD, "level", now.name().toLowerCase(Locale.ROOT));
        switch (now) {
            case FINE -> LOG.info("memory: requests are taken again, {}", memory);
            case SHEDDING -> LOG.warn("memory: new requests are refused, {}", memory);
            case PAUSED -> LOG.warn("memory: no connection is accepted, {}", memory);
        }
    }

    private String describe(MemoryUse.Kind kind, double share) {
        return String.format(
                Locale.ROOT,
                "%.0f %% of the %s memory in use (requests are shed from %.0f %%,"
                        + " weft.mesh.overload.shed-at)",
                share * 100,
                kind.name().toLowerCase(Locale.ROOT),
                settings.shedAt() * 100);
    }
}
