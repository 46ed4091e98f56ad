package io.weft.dataplane.telemetry.traffic;

import io.weft.model.wire.Tap;
import io.weft.model.wire.TrafficReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Single requests that wait for the next report; bounded, so that a flood of denied requests costs
 * no more than a few. Thread-safe.
 */
public final class RecordedFates {

    private static final int MAX_WAITING = 400;

    /** Of denied and failed requests, in each report. */
    private static final int MAX_UNASKED = 3;

    private final ArrayBlockingQueue<TrafficReport.Fate> waiting =
            new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong unasked = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private volatile List<OpenTap> taps = List.of();

    /** A tap and how many requests it may still be told of before the next report. */
    public record OpenTap(Tap tap, AtomicLong left) {}

    /** Replaces the open taps. */
    public void tapped(List<Tap> open) {
        taps = open.stream().map(tap -> new OpenTap(tap, new AtomicLong(tap.perSecond()))).toList();
    }

    /** The taps that are open. */
    public List<OpenTap> taps() {
        return taps;
    }

    /** Whether another denied or failed request may be told. */
    public boolean admitsUnasked() {
        if (unasked.get() < MAX_UNASKED && unasked.incrementAndGet() <= MAX_UNASKED) {
            return true;
        }
        dropped.incrementAndGet();
        return false;
    }

    /** Whether a tap may be told of another request; what may not is counted. */
    public boolean admits(OpenTap tap) {
        if (tap.left().get() > 0 && tap.left().getAndDecrement() > 0) {
            return true;
        }
        dropped.incrementAndGet();
        return false;
    }

    /** Tells a request with the next report. */
    public void add(TrafficReport.Fate fate) {
        if (!waiting.offer(fate)) {
            dropped.incrementAndGet();
        }
    }

    List<TrafficReport.Fate> take() {
        List<TrafficReport.Fate> taken = new ArrayList<>();
        waiting.drainTo(taken);
        unasked.set(0);
        taps.forEach(tap -> tap.left().set(tap.tap().perSecond()));
        return taken;
    }

    /** One was taken but could not be told. */
    void leftOut() {
        dropped.incrementAndGet();
    }

    long takeDropped() {
        return dropped.getAndSet(0);
    }
}
