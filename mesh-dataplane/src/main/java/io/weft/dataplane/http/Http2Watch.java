package io.weft.dataplane.http;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The times of one downstream HTTP/2 connection and its streams, with one timer for all of them.
 * Used on the connection's event loop only.
 */
final class Http2Watch {

    private final Channel channel;
    private final HttpLimits limits;
    private final LongSupplier incompleteSince;
    private final Set<Stream> open = new HashSet<>();
    private @Nullable ScheduledFuture<?> timer;
    private long idleSince = System.nanoTime();

    /** A stream that is open. */
    interface Stream {

        /** Whether the caller has moved no byte of it for so long, though it could. */
        boolean stalled(long now, long nanos);

        /** It has stood still for too long. */
        void endStalled();
    }

    /**
     * @param incompleteSince since when a frame is incomplete, 0 if none is
     */
    Http2Watch(Channel channel, HttpLimits limits, LongSupplier incompleteSince) {
        this.channel = channel;
        this.limits = limits;
        this.incompleteSince = incompleteSince;
        schedule();
        channel.closeFuture().addListener(closed -> stop());
    }

    void opened(Stream stream) {
        open.add(stream);
    }

    void closed(Stream stream) {
        open.remove(stream);
        if (open.isEmpty()) {
            idleSince = System.nanoTime();
        }
    }

    private void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void schedule() {
        long nanos =
                Math.min(
                        limits.keepAlive().toNanos(),
                        Math.min(limits.stalled().toNanos(), limits.headerTimeout().toNanos()));
        timer = channel.eventLoop().schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        long now = System.nanoTime();
        long incomplete = incompleteSince.getAsLong();
        if (incomplete != 0 && now - incomplete >= limits.headerTimeout().toNanos()
                || open.isEmpty() && now - idleSince >= limits.keepAlive().toNanos()) {
            channel.close();
            return;
        }
        for (Stream stream : new ArrayList<>(open)) {
            if (stream.stalled(now, limits.stalled().toNanos())) {
                stream.endStalled();
            }
        }
        schedule();
    }
}
