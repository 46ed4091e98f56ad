package io.weft.dataplane.telemetry.traffic;

import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.SidecarState;
import io.weft.model.wire.TrafficReport;
import io.weft.model.wire.TrafficReport.Edge;
import io.weft.model.wire.TrafficReport.EdgeKey;
import io.weft.model.wire.TrafficReport.Fate;
import io.weft.model.wire.TrafficReport.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One report as it grows: nothing goes in that would make it too long. For one thread. */
final class ReportPacker {

    /** Bytes of a whole report, but for what a tap has asked for. */
    static final int MAX_BYTES = 2048;

    /** Bytes of the report around what is told. */
    private static final int FRAME = 96;

    /** Bytes that single requests leave to the counts, which are what the picture is made of. */
    private static final int FOR_COUNTS = 300;

    /** Bytes around the outcomes of an edge. */
    private static final int EDGE_FRAME = 32;

    private static final int LONG_FATE = 500;
    private static final int SHORT_TEXT = 64;

    private final MeshCodec codec;
    private final Map<Integer, Building> edges = new LinkedHashMap<>();
    private final List<Fate> fates = new ArrayList<>();
    private @Nullable SidecarState state;
    private int left = MAX_BYTES - FRAME;

    private record Building(@Nullable EdgeKey key, List<Outcome> outcomes) {}

    ReportPacker(MeshCodec codec) {
        this.codec = codec;
    }

    void add(SidecarState told) {
        state = told;
        left -= size(told);
    }

    /**
     * Adds an outcome, and its edge where that is not there yet.
     *
     * @param key null when the receiver knows it
     * @return false when there is no room for it
     */
    boolean add(int edge, @Nullable EdgeKey key, Outcome outcome) {
        int bytes = size(outcome) + 1 + edgeBytes(edge, key);
        if (bytes > left) {
            return false;
        }
        left -= bytes;
        building(edge, key).outcomes().add(outcome);
        return true;
    }

    /** Adds a request that nobody asked for; false when there is no room for it. */
    boolean add(@Nullable EdgeKey key, Fate fate) {
        Fate told = size(fate) > LONG_FATE ? shortened(fate) : fate;
        int bytes = size(told) + 1 + edgeBytes(fate.edge(), key);
        if (bytes > left - FOR_COUNTS) {
            return false;
        }
        left -= bytes;
        building(fate.edge(), key);
        fates.add(told);
        return true;
    }

    /** Adds a request that somebody asked for, however long. */
    void addAsked(@Nullable EdgeKey key, Fate fate) {
        building(fate.edge(), key);
        fates.add(fate);
    }

    private Building building(int edge, @Nullable EdgeKey key) {
        return edges.computeIfAbsent(edge, id -> new Building(key, new ArrayList<>()));
    }

    private int edgeBytes(int edge, @Nullable EdgeKey key) {
        return edges.containsKey(edge) ? 0 : EDGE_FRAME + (key == null ? 0 : size(key));
    }

    private int size(Object value) {
        return codec.write(value).length;
    }

    /** What matters of a request with long names: who, where to, and what decided. */
    private static Fate shortened(Fate fate) {
        return new Fate(
                fate.tap(),
                fate.atMillis(),
                fate.edge(),
                cut(fate.method()),
                cut(fate.authority()),
                cut(fate.path()),
                fate.status(),
                fate.grpc(),
                fate.flags(),
                cut(fate.details()),
                cut(fate.upstream()),
                cut(fate.route()),
                fate.decidedBy(),
                fate.durationMicros(),
                fate.received(),
                fate.sent(),
                fate.attempts(),
                cut(fate.requestId()),
                fate.traceId(),
                List.of());
    }

    private static String cut(String text) {
        return text.length() <= SHORT_TEXT ? text : text.substring(0, SHORT_TEXT - 1) + '…';
    }

    TrafficReport report(long millis, long dropped) {
        List<Edge> all = new ArrayList<>();
        edges.forEach((id, each) -> {
            if (!each.outcomes().isEmpty() || each.key() != null) {
                all.add(new Edge(id, each.key(), each.outcomes()));
            }
        });
        return new TrafficReport(millis, all, fates, dropped, state);
    }
}
