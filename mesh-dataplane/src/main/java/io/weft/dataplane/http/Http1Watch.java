package io.weft.dataplane.http;

import io.netty.channel.EventLoop;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The times of one downstream HTTP/1.1 connection. Requests cost no timer: one that is already
 * running is left to find out, when it is due, that something has moved since. Used on the
 * connection's event loop only.
 */
final class Http1Watch {

    private final EventLoop loop;
    private final HttpLimits limits;
    private final Connection connection;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable ScheduledFuture<?> headTimer;
    private long moved = System.nanoTime();

    /** What is watched. */
    interface Connection {

        /** Whether no request is under way. */
        boolean idle();

        /** Whether bytes are awaited from the peer, or the peer does not take any. */
        boolean awaitsPeer();

        /** Nothing came in time for a request to begin or for its head to be whole. */
        void headTimedOut();

        /** The peer has left a request or an answer lying for too long. */
        void stalled();
    }

    Http1Watch(EventLoop loop, HttpLimits limits, Connection connection) {
        this.loop = loop;
        this.limits = limits;
        this.connection = connection;
    }

    /** The connection is new: its first head must come soon. */
    void opened() {
        headBegan();
        schedule(shortest());
    }

    /** A head has begun but is not whole. */
    void headBegan() {
        if (headTimer == null) {
            headTimer =
                    loop.schedule(
                            this::headDue, limits.headerTimeout().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void headDue() {
        headTimer = null;
        if (connection.idle()) {
            connection.headTimedOut();
        }
    }

    /** A head is whole. */
    void headArrived() {
        if (headTimer != null) {
            headTimer.cancel(false);
            headTimer = null;
        }
    }

    /** Bytes have come or gone. */
    void moved() {
        moved = System.nanoTime();
    }

    void stop() {
        headArrived();
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private long shortest() {
        return Math.min(limits.keepAlive().toNanos(), limits.stalled().toNanos());
    }

    private void schedule(long nanos) {
        timer = loop.schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        long still = System.nanoTime() - moved;
        boolean idle = connection.idle();
        if (idle && still >= limits.keepAlive().toNanos()) {
            connection.headTimedOut();
        } else if (!idle && still >= limits.stalled().toNanos() && connection.awaitsPeer()) {
            connection.stalled();
        } else {
            long left = (idle ? limits.keepAlive() : limits.stalled()).toNanos() - still;
            schedule(left > 0 ? Math.min(left, shortest()) : shortest());
        }
    }
}
