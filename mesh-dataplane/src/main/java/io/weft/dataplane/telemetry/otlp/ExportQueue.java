package io.weft.dataplane.telemetry.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.weft.dataplane.telemetry.QueuedBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue before an exporter, bounded in number and in bytes, and emptied by a thread of its own.
 * Whoever offers never waits; an exporter that hangs keeps only this thread and what it was given.
 * Thread-safe.
 */
final class ExportQueue<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExportQueue.class);
    private static final int BATCH = 512;
    private static final int CAPACITY = 8_192;
    private static final long MAX_QUEUED = 4 << 20;

    private final String signal;
    private final BlockingQueue<T> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final QueuedBytes bytes = new QueuedBytes(MAX_QUEUED);
    private final ToLongFunction<T> size;
    private final Function<Collection<T>, CompletableResultCode> export;
    private final ExportCounters counters;
    private final Duration interval;
    private final Duration patience;
    private final Thread sender;
    private volatile boolean closing;

    /** Of the sender alone: whether the last batch was lost, so that a change is told once. */
    private boolean failing;

    /**
     * @param size about what one holds of the memory, in bytes
     * @param patience how long a batch may take before it counts as lost
     */
    ExportQueue(
            String signal,
            ToLongFunction<T> size,
            Function<Collection<T>, CompletableResultCode> export,
            ExportCounters counters,
            Duration interval,
            Duration patience) {
        this.signal = signal;
        this.size = size;
        this.export = export;
        this.counters = counters;
        this.interval = interval;
        this.patience = patience;
        this.sender = Thread.ofPlatform().daemon().name("weft-otlp-" + signal).start(this::run);
    }

    /** Takes one more, or counts it as lost. */
    void offer(T item) {
        long weight = size.applyAsLong(item);
        if (!bytes.take(weight)) {
            counters.queueFull();
        } else if (!queue.offer(item)) {
            bytes.giveBack(weight);
            counters.queueFull();
        }
    }

    private void run() {
        List<T> batch = new ArrayList<>(BATCH);
        while (!closing || !queue.isEmpty()) {
            try {
                T first = queue.poll(interval.toNanos(), TimeUnit.NANOSECONDS);
                if (first == null) {
                    continue;
                }
                gather();
                batch.add(first);
                queue.drainTo(batch, BATCH - 1);
                batch.forEach(item -> bytes.giveBack(size.applyAsLong(item)));
                send(batch);
            } catch (InterruptedException e) {
                return;
            } finally {
                batch.clear();
            }
        }
    }

    /** Lets a batch gather, unless there is one already. */
    private void gather() {
        if (!closing && queue.size() < BATCH) {
            LockSupport.parkNanos(interval.toNanos());
        }
    }

    private void send(List<T> batch) {
        boolean taken;
        try {
            CompletableResultCode result = export.apply(List.copyOf(batch));
            taken = result.join(patience.toNanos(), TimeUnit.NANOSECONDS).isSuccess();
        } catch (RuntimeException e) {
            LOG.debug("{} could not be sent", signal, e);
            taken = false;
        }
        if (taken) {
            counters.sent(batch.size());
        } else {
            counters.failed(batch.size());
        }
        if (taken == failing) {
            failing = !taken;
            if (failing) {
                LOG.warn(
                        "{}: the OTLP receiver does not take them; what is lost is counted",
                        signal);
            } else {
                LOG.info("{}: the OTLP receiver takes them again", signal);
            }
        }
    }

    /** Sends what is queued as far as that goes within the patience for one batch. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(sender);
        try {
            if (!sender.join(patience)) {
                sender.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
