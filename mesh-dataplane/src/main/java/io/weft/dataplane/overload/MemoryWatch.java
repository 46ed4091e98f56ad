package io.weft.dataplane.overload;

import io.netty.channel.EventLoop;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks a few times a second how full the memory is. Full is what stays full when it has been
 * collected: that is done now and then, off the event loop that looks.
 */
public final class MemoryWatch implements AutoCloseable {

    private static final long EVERY_MILLIS = 200;
    private static final long COLLECT_NANOS = 2_000_000_000;

    private final Overload overload;
    private final MemoryUse use;
    private final Consumer<Boolean> accepting;
    private final ScheduledFuture<?> looking;
    private long collectedAt = System.nanoTime() - COLLECT_NANOS;
    private boolean paused;

    /**
     * Begins to watch.
     *
     * @param accepting is told on the loop when connections shall be accepted no more ({@code
     *     false}), and when again
     */
    public MemoryWatch(
            EventLoop loop, Overload overload, MemoryUse use, Consumer<Boolean> accepting) {
        this.overload = overload;
        this.use = use;
        this.accepting = accepting;
        this.looking =
                loop.scheduleWithFixedDelay(
                        this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        double heap = use.share(MemoryUse.Kind.HEAP);
        double direct = use.share(MemoryUse.Kind.DIRECT);
        long now = System.nanoTime();
        boolean heapIsFull = heap >= overload.settings().shedAt();
        if (heapIsFull && now - collectedAt >= COLLECT_NANOS) {
            // Much of it may be what nobody has needed to throw away so far: the next look tells.
            collectedAt = now;
            Thread.ofVirtual().name("weft-collect").start(use::collect);
            return;
        }
        overload.memory(
                heap >= direct ? MemoryUse.Kind.HEAP : MemoryUse.Kind.DIRECT,
                Math.max(heap, direct));
        boolean pause = overload.level() == Overload.Level.PAUSED;
        if (pause != paused) {
            paused = pause;
            accepting.accept(!pause);
        }
    }

    @Override
    public void close() {
        looking.cancel(false);
    }
}
