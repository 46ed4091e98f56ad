package io.weft.dataplane.telemetry;

import io.weft.model.telemetry.AccessLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log, made and written by one thread of its own: many lines in a row, so that each
 * costs a fraction of what it costs between two requests on an event loop. What would not be the
 * same by then (TLS sessions, expressions), and what comes when much is waiting, is made on the
 * event loop. When the thread cannot keep up, records are dropped and counted (past 8,192 or 4
 * MiB); traffic never waits. Thread-safe.
 */
public final class AccessLogWriter implements ExchangeLog, AutoCloseable {

    /** The provider that is used for those that are not known. */
    public static final String STDOUT = "stdout";

    private static final Logger LOG = LoggerFactory.getLogger(AccessLogWriter.class);
    private static final int CAPACITY = 8192;
    private static final long MAX_QUEUED = 4 << 20;
    private static final int BATCH = 512;
    private static final int INITIAL_LENGTH = 512;
    private static final long GATHER_NANOS = 10_000_000;

    /** An exchange that has ended, with its headers. */
    private static final long SIZE_OF_EXCHANGE = 4 << 10;

    /** Past this, lines are made on the event loop: they are smaller than what they are made of. */
    private static final long MANY_QUEUED = 1 << 20;

    /** Ends the wait for a record. */
    private static final Entry WAKE = new Line(text -> {}, "");

    private final Map<String, LineSink> sinks;
    private final BlockingQueue<Entry> queue;
    private final QueuedBytes bytes = new QueuedBytes(MAX_QUEUED);
    private final LongAdder dropped = new LongAdder();
    private final Thread writer;

    /** One for each thread that makes lines; what is queued is a copy. */
    private final ThreadLocal<StringBuilder> builders =
            ThreadLocal.withInitial(() -> new StringBuilder(INITIAL_LENGTH));

    private volatile List<Compiled> logs = List.of();
    private volatile boolean closing;

    /**
     * @param later whether its lines may be made by the writer
     */
    private record Compiled(
            AccessLog log, LogFormat format, LogFilter filter, LineSink sink, boolean later) {}

    /** What waits to be written. */
    private sealed interface Entry {

        /** About what it holds, in bytes. */
        long size();
    }

    private record Line(LineSink sink, String text) implements Entry {

        @Override
        public long size() {
            return text.length();
        }
    }

    private record Parts(LineSink sink, LogRecord record) implements Entry {

        /** Fields hold much the same as the line. */
        @Override
        public long size() {
            return 2L * record.text().length();
        }
    }

    private record Finished(Compiled log, ExchangeView exchange) implements Entry {

        @Override
        public long size() {
            return SIZE_OF_EXCHANGE;
        }
    }

    /**
     * @param sinks by provider's name; one named {@link #STDOUT} must be there
     */
    public AccessLogWriter(Map<String, LineSink> sinks) {
        this(sinks, CAPACITY);
    }

    AccessLogWriter(Map<String, LineSink> sinks, int capacity) {
        if (!sinks.containsKey(STDOUT)) {
            throw new IllegalArgumentException(
                    "sinks: " + sinks.keySet() + " (expected: one named " + STDOUT + ")");
        }
        this.sinks = Map.copyOf(sinks);
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.writer = Thread.ofPlatform().daemon().name("weft-access-log").start(this::run);
    }

    /** To the standard output of the process. */
    public static AccessLogWriter toStdout() {
        return new AccessLogWriter(Map.of(STDOUT, LineSink.to(System.out)));
    }

    /**
     * Uses other logs from the next exchange on.
     *
     * @throws IllegalArgumentException when one cannot be compiled; then nothing changes
     */
    public void update(List<AccessLog> next) {
        if (!isInForce(next)) {
            logs = next.stream().map(this::compile).toList();
        }
    }

    /** Checks that logs could be used, without using them. */
    void check(List<AccessLog> candidates) {
        if (!isInForce(candidates)) {
            candidates.forEach(this::compile);
        }
    }

    /** Configurations come with every change of an endpoint; these are mostly the same. */
    private boolean isInForce(List<AccessLog> candidates) {
        return logs.stream().map(Compiled::log).toList().equals(candidates);
    }

    private Compiled compile(AccessLog log) {
        LineSink sink = sinks.get(log.provider());
        if (sink == null) {
            LOG.debug("access log provider {} is not known: {} is used", log.provider(), STDOUT);
            sink = sinks.get(STDOUT);
        }
        try {
            LogFormat format = LogFormat.compile(log.format());
            return new Compiled(
                    log,
                    format,
                    LogFilter.compile(log.filter()),
                    Objects.requireNonNull(sink),
                    format.settled() && !sink.wantsRecords());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(log.origin().describe() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void finished(ExchangeView exchange) {
        AccessLog.Side side = exchange.inbound() ? AccessLog.Side.SERVER : AccessLog.Side.CLIENT;
        for (Compiled log : logs) {
            if (log.log().includes(side) && log.filter().test(exchange)) {
                offer(
                        log.later() && bytes.held() < MANY_QUEUED
                                ? new Finished(log, exchange)
                                : made(log, exchange));
            }
        }
    }

    private Entry made(Compiled log, ExchangeView exchange) {
        String line = line(log.format(), exchange);
        LineSink sink = log.sink();
        return sink.wantsRecords()
                ? new Parts(sink, record(log.format(), line, exchange))
                : new Line(sink, line);
    }

    private String line(LogFormat format, ExchangeView exchange) {
        StringBuilder text = builders.get();
        text.setLength(0);
        format.appendTo(text, exchange);
        return text.toString();
    }

    private void offer(Entry entry) {
        if (!bytes.take(entry.size())) {
            dropped.increment();
        } else if (!queue.offer(entry)) {
            bytes.giveBack(entry.size());
            dropped.increment();
        }
    }

    private static LogRecord record(LogFormat format, String line, ExchangeView exchange) {
        return new LogRecord(
                line,
                format.fields(exchange),
                exchange.startEpochMicros(),
                exchange.traceId(),
                exchange.spanId(),
                exchange.sampled());
    }

    @Override
    public void opened(ExchangeView connection) {
        // A connection is logged when it ends.
    }

    /** How many records were dropped, since the start. */
    public long dropped() {
        return dropped.sum();
    }

    private void run() {
        List<Entry> batch = new ArrayList<>(BATCH);
        while (true) {
            try {
                queue.drainTo(batch, BATCH);
                if (batch.isEmpty()) {
                    flush();
                    // Looked at in this order: what was queued before the end is written.
                    if (closing && queue.isEmpty()) {
                        return;
                    }
                    batch.add(queue.take());
                    gather();
                }
                batch.forEach(this::write);
            } catch (InterruptedException e) {
                LOG.debug("access log is being closed");
            } finally {
                batch.clear();
            }
        }
    }

    private void write(Entry entry) {
        bytes.giveBack(entry.size());
        try {
            switch (entry) {
                case Line(LineSink sink, String text) -> sink.write(text);
                case Parts(LineSink sink, LogRecord record) -> sink.write(record);
                case Finished(Compiled log, ExchangeView exchange) ->
                        log.sink().write(line(log.format(), exchange));
            }
        } catch (IOException | RuntimeException e) {
            dropped.increment();
            LOG.debug("a record of the access log could not be written", e);
        }
    }

    /**
     * Lets what follows gather, so that a busy proxy wakes this thread a few times a second and not
     * for each record.
     */
    private void gather() {
        if (!closing) {
            LockSupport.parkNanos(GATHER_NANOS);
        }
    }

    private void flush() {
        for (LineSink sink : sinks.values()) {
            try {
                sink.flush();
            } catch (IOException | RuntimeException e) {
                LOG.debug("the access log could not be flushed", e);
            }
        }
    }

    /** Writes what is queued, then ends. */
    @Override
    public void close() {
        closing = true;
        // Not by an interrupt: that would close a file in the middle of a record.
        if (queue.offer(WAKE)) {
            LockSupport.unpark(writer);
        }
        try {
            writer.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
