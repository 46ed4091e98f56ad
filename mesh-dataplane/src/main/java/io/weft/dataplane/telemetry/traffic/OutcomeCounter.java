package io.weft.dataplane.telemetry.traffic;

import io.weft.model.telemetry.LatencyBuckets;
import io.weft.model.wire.TrafficReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts exchanges of one edge that ended alike. Event loops only add; one reporter reads what has
 * come since it last did, so nothing is lost between the two.
 */
public final class OutcomeCounter {

    private final int edge;
    private final int status;
    private final int grpc;
    private final String flags;

    private final LongAdder count = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final AtomicLongArray latencies = new AtomicLongArray(LatencyBuckets.COUNT);

    // Of the reporter alone: what it has told already.
    private final long[] told = new long[5];
    private final long[] toldLatencies = new long[LatencyBuckets.COUNT];

    OutcomeCounter(int edge, int status, int grpc, String flags) {
        this.edge = edge;
        this.status = status;
        this.grpc = grpc;
        this.flags = flags;
    }

    /**
     * An exchange has ended.
     *
     * @param attempts 0 when nothing was sent upstream
     */
    public void ended(long durationNanos, int attempts, long bytesReceived, long bytesSent) {
        count.increment();
        if (attempts > 1) {
            retries.add(attempts - 1L);
        }
        received.add(bytesReceived);
        sent.add(bytesSent);
        latencies.getAndIncrement(LatencyBuckets.index(durationNanos));
    }

    /** The number of its edge. */
    public int edge() {
        return edge;
    }

    /** A TCP connection was opened. */
    public void opened() {
        opened.increment();
    }

    /** Bytes of a TCP connection that goes on. */
    public void moved(long bytesReceived, long bytesSent) {
        received.add(bytesReceived);
        sent.add(bytesSent);
    }

    /** What came since the last call, null when nothing did. For the reporter's thread. */
    TrafficReport.@Nullable Outcome drain() {
        long ended = since(0, count);
        long begun = since(1, opened);
        long in = since(3, received);
        long out = since(4, sent);
        if (ended == 0 && begun == 0 && in == 0 && out == 0) {
            return null;
        }
        return new TrafficReport.Outcome(
                status, grpc, flags, ended, begun, since(2, retries), in, out, latenciesSince());
    }

    private long since(int index, LongAdder adder) {
        long now = adder.sum();
        long more = now - told[index];
        told[index] = now;
        return more;
    }

    private List<Integer> latenciesSince() {
        List<Integer> pairs = new ArrayList<>();
        for (int i = 0; i < LatencyBuckets.COUNT; i++) {
            long now = latencies.get(i);
            if (now != toldLatencies[i]) {
                pairs.add(i);
                pairs.add((int) Math.min(Integer.MAX_VALUE, now - toldLatencies[i]));
                toldLatencies[i] = now;
            }
        }
        return pairs;
    }
}
