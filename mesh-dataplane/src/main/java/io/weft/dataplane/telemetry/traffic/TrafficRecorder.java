package io.weft.dataplane.telemetry.traffic;

import io.weft.model.wire.TrafficReport;
import io.weft.model.wire.TrafficReport.EdgeKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All that a sidecar counts for its reports. Counters are found once per time series and kept by
 * whoever counts; they are never taken away, and their number is bounded. Thread-safe, but {@link
 * #report} and {@link #forgotten} are for one reporter.
 */
public final class TrafficRecorder {

    private static final int MAX_EDGES = 1_000;
    private static final int MAX_OUTCOMES = 4_000;

    /** Edges in one report, so that it stays short even when all of them are new. */
    private static final int MAX_REPORTED = 100;

    /** What is counted for edges beyond the bound, so that their sum is right. */
    private static final EdgeKey OTHERS =
            new EdgeKey(
                    false,
                    TrafficReport.Party.UNKNOWN,
                    TrafficReport.Party.UNKNOWN,
                    "others",
                    "http",
                    false);

    /** For ends beyond the bound. */
    private static final Ended ANY_END = new Ended(0, -1, "-");

    private final Map<EdgeKey, Counted> edges = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger outcomes = new AtomicInteger();
    private final Set<Integer> known = new HashSet<>();
    private int next;
    private final RecordedFates fates = new RecordedFates();

    /** An edge, its number, and its counters. */
    private record Counted(int id, Map<Ended, OutcomeCounter> outcomes) {}

    private record Ended(int status, int grpc, String flags) {}

    /** The counter for exchanges of an edge that end so. */
    public OutcomeCounter counter(EdgeKey edge, int status, int grpc, String flags) {
        boolean full = edges.size() >= MAX_EDGES && !edges.containsKey(edge);
        EdgeKey key = full ? OTHERS : edge;
        Ended how = outcomes.get() < MAX_OUTCOMES ? new Ended(status, grpc, flags) : ANY_END;
        Counted counted =
                edges.computeIfAbsent(
                        key, k -> new Counted(ids.incrementAndGet(), new ConcurrentHashMap<>()));
        return counted.outcomes()
                .computeIfAbsent(
                        how,
                        ended -> {
                            outcomes.incrementAndGet();
                            return new OutcomeCounter(
                                    counted.id(), ended.status(), ended.grpc(), ended.flags());
                        });
    }

    /** Single requests. */
    public RecordedFates fates() {
        return fates;
    }

    /**
     * What came since the last report.
     *
     * @param millis the time since then
     */
    public TrafficReport report(long millis) {
        // First, since the edge of a fate was counted before: so it is known, or in this report.
        List<TrafficReport.Fate> ends = fates.take();
        List<Map.Entry<EdgeKey, Counted>> all = List.copyOf(edges.entrySet());
        List<TrafficReport.Edge> changed = new ArrayList<>();
        int looked = 0;
        for (; looked < all.size() && changed.size() < MAX_REPORTED; looked++) {
            var each = all.get((next + looked) % all.size());
            int id = each.getValue().id();
            List<TrafficReport.Outcome> ended = drain(each.getValue());
            if (!ended.isEmpty()) {
                changed.add(
                        new TrafficReport.Edge(
                                id, known.contains(id) ? null : each.getKey(), ended));
            }
        }
        // What did not fit is not lost: it is counted, and the next report begins there.
        next = all.isEmpty() ? 0 : (next + looked) % all.size();
        return new TrafficReport(millis, changed, ends, fates.takeDropped());
    }

    private static List<TrafficReport.Outcome> drain(Counted counted) {
        List<TrafficReport.Outcome> ended = new ArrayList<>();
        for (OutcomeCounter counter : counted.outcomes().values()) {
            TrafficReport.Outcome outcome = counter.drain();
            if (outcome != null) {
                ended.add(outcome);
            }
        }
        return ended;
    }

    /** The receiver has taken a report, and knows its keys from now on. */
    public void taken(TrafficReport report) {
        report.edges().forEach(edge -> known.add(edge.id()));
    }

    /** Another receiver, or one that has lost what it knew: every key is told again. */
    public void forgotten() {
        known.clear();
    }
}
