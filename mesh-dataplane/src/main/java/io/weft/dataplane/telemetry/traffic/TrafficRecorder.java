package io.weft.dataplane.telemetry.traffic;

import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.SidecarState;
import io.weft.model.wire.TrafficReport;
import io.weft.model.wire.TrafficReport.EdgeKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All that a sidecar counts for its reports. Counters are found once per time series and kept by
 * whoever counts; they are never taken away, and their number is bounded. Thread-safe, but {@link
 * #report} and {@link #forgotten} are for one reporter.
 */
public final class TrafficRecorder {

    private static final int MAX_EDGES = 1_000;
    private static final int MAX_OUTCOMES = 4_000;

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
    private final Map<Integer, EdgeKey> keys = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger outcomes = new AtomicInteger();
    private final RecordedFates fates = new RecordedFates();

    // Of the reporter alone.
    private final MeshCodec codec = new MeshCodec();
    private final Set<Integer> known = new HashSet<>();
    private int next;
    private TrafficReport.@Nullable Edge held;
    private @Nullable SidecarState toldState;

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
                        key,
                        k -> {
                            int id = ids.incrementAndGet();
                            keys.put(id, k);
                            return new Counted(id, new ConcurrentHashMap<>());
                        });
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

    /** As {@link #report(long, SidecarState)} where nobody asks how the sender is. */
    public TrafficReport report(long millis) {
        return report(millis, null);
    }

    /**
     * What came since the last report, as far as it fits into 2 KiB; what does not is told later,
     * single requests are counted instead.
     *
     * @param millis the time since then
     * @param state how the sender is; told when the receiver does not know it yet
     */
    public TrafficReport report(long millis, @Nullable SidecarState state) {
        ReportPacker packer = new ReportPacker(codec);
        if (state != null && !state.equals(toldState)) {
            packer.add(state);
        }
        boolean room = pack(packer, held);
        packFates(packer);
        if (room) {
            held = null;
            packCounts(packer);
        }
        return packer.report(millis, fates.takeDropped());
    }

    private void packFates(ReportPacker packer) {
        for (TrafficReport.Fate fate : fates.take()) {
            EdgeKey key = untold(fate.edge());
            if (!fate.tap().isEmpty()) {
                packer.addAsked(key, fate);
            } else if (!packer.add(key, fate)) {
                fates.leftOut();
            }
        }
    }

    /** Edge by edge, beginning where the last report ended. */
    private void packCounts(ReportPacker packer) {
        List<Counted> all = List.copyOf(edges.values());
        int looked = 0;
        boolean room = true;
        for (; room && looked < all.size(); looked++) {
            Counted each = all.get((next + looked) % all.size());
            room = pack(packer, new TrafficReport.Edge(each.id(), null, drain(each)));
        }
        next = all.isEmpty() ? 0 : (next + looked) % all.size();
    }

    /** False when it is full; then what had no room is held for the next report. */
    private boolean pack(ReportPacker packer, TrafficReport.@Nullable Edge edge) {
        if (edge == null) {
            return true;
        }
        EdgeKey key = untold(edge.id());
        for (int i = 0; i < edge.outcomes().size(); i++) {
            if (!packer.add(edge.id(), key, edge.outcomes().get(i))) {
                List<TrafficReport.Outcome> rest =
                        edge.outcomes().subList(i, edge.outcomes().size());
                held = new TrafficReport.Edge(edge.id(), null, rest);
                return false;
            }
        }
        return true;
    }

    private @Nullable EdgeKey untold(int edge) {
        return known.contains(edge) ? null : keys.get(edge);
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
        if (report.state() != null) {
            toldState = report.state();
        }
    }

    /** Another receiver, or one that has lost what it knew: every key is told again. */
    public void forgotten() {
        known.clear();
        toldState = null;
    }
}
