package io.weft.policy.traffic;

import io.weft.model.WorkloadId;
import io.weft.model.wire.TrafficReport;
import io.weft.model.wire.TrafficReport.EdgeKey;
import io.weft.model.wire.TrafficReport.Fate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what sidecars report for ten minutes. Everything is bounded: a sidecar that invents edges
 * loses its own only. Thread-safe.
 */
public final class TrafficStore {

    private static final int MAX_EDGES = 20_000;
    private static final int MAX_EDGES_PER_INSTANCE = 1_100;
    private static final int MAX_FATES = 2_000;
    private static final int MAX_TEXT = 300;
    private static final int SWEEP_SECONDS = 60;

    private final InstantSource clock;
    private final Map<String, Map<Integer, EdgeKey>> known = new HashMap<>();
    private final Map<EdgeId, Sides> edges = new TreeMap<>();
    private final Map<String, History> instances = new HashMap<>();
    private final Deque<FateView> fates = new ArrayDeque<>();
    private long lastFate;
    private long reports;
    private long refused;
    private long nextSweep;

    /** Both sides of an edge. */
    private static final class Sides {
        private @Nullable History source;
        private @Nullable History target;
        private boolean mutualTls = true;
        private String principal = "";
    }

    public TrafficStore(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Takes a report.
     *
     * @param instance whose report it is, as the control plane names instances
     * @return the fates in it that taps have asked for; null when it speaks of edges that were
     *     never told: then nothing is taken, and the sender must tell its keys again
     */
    public synchronized @Nullable List<FateView> take(
            WorkloadId reporter, String instance, TrafficReport report) {
        Map<Integer, EdgeKey> keys = known.computeIfAbsent(instance, k -> new HashMap<>());
        for (TrafficReport.Edge edge : report.edges()) {
            EdgeKey told = edge.key();
            if (told != null) {
                if (keys.size() >= MAX_EDGES_PER_INSTANCE && !keys.containsKey(edge.id())
                        || !isBounded(told)) {
                    refused++;
                    continue;
                }
                keys.put(edge.id(), told);
            } else if (!keys.containsKey(edge.id())) {
                return null;
            }
        }
        reports++;
        long slot = slot(clock.instant());
        sweep(slot);
        for (TrafficReport.Edge edge : report.edges()) {
            EdgeKey key = keys.get(edge.id());
            if (key != null && isOwn(reporter, key)) {
                count(slot, key, edge.outcomes());
                boolean counted = instances.containsKey(instance);
                if (key.inbound() && (counted || instances.size() < MAX_EDGES)) {
                    instances
                            .computeIfAbsent(instance, k -> new History())
                            .add(slot, edge.outcomes(), key.protocol().equals("tcp"));
                }
            }
        }
        return remember(reporter, instance, report.fates(), keys);
    }

    /** One side of an edge is the reporter; nobody counts for others. */
    private static boolean isOwn(WorkloadId reporter, EdgeKey key) {
        TrafficReport.Party own = key.inbound() ? key.target() : key.source();
        return own.workload().isEmpty()
                || own.namespace().equals(reporter.namespace())
                        && own.workload().equals(reporter.name());
    }

    private static boolean isBounded(EdgeKey key) {
        return isBounded(key.source())
                && isBounded(key.target())
                && key.service().length() <= MAX_TEXT
                && key.protocol().length() <= MAX_TEXT;
    }

    private static boolean isBounded(TrafficReport.Party party) {
        return party.workload().length() <= MAX_TEXT
                && party.namespace().length() <= MAX_TEXT
                && party.version().length() <= MAX_TEXT
                && party.principal().length() <= 2 * MAX_TEXT;
    }

    private void count(long slot, EdgeKey key, List<TrafficReport.Outcome> outcomes) {
        EdgeId id = EdgeId.of(key);
        Sides sides = edges.get(id);
        if (sides == null) {
            if (edges.size() >= MAX_EDGES) {
                refused++;
                return;
            }
            sides = new Sides();
            edges.put(id, sides);
        }
        History history = key.inbound() ? sides.target : sides.source;
        if (history == null) {
            history = new History();
            if (key.inbound()) {
                sides.target = history;
            } else {
                sides.source = history;
            }
        }
        if (key.inbound()) {
            sides.principal = key.source().principal();
        }
        // Whoever accepts the connection knows best how it is secured.
        if (key.inbound() || sides.target == null) {
            sides.mutualTls = key.mutualTls();
        }
        history.add(slot, outcomes, key.protocol().equals("tcp"));
    }

    private List<FateView> remember(
            WorkloadId reporter, String instance, List<Fate> told, Map<Integer, EdgeKey> keys) {
        List<FateView> asked = new ArrayList<>();
        for (Fate fate : told) {
            EdgeKey edge = keys.get(fate.edge());
            if (edge == null) {
                refused++;
                continue;
            }
            FateView view =
                    new FateView(
                            ++lastFate,
                            Instant.ofEpochMilli(fate.atMillis()),
                            reporter,
                            instance,
                            edge,
                            fate.decidedBy() == null ? "" : fate.decidedBy().describe(),
                            fate);
            if (!fate.tap().isEmpty()) {
                asked.add(view);
            } else {
                fates.addLast(view);
                if (fates.size() > MAX_FATES) {
                    fates.removeFirst();
                }
            }
        }
        return asked;
    }

    /** An instance has gone, or will tell its keys anew. */
    public synchronized void forget(String instance) {
        known.remove(instance);
    }

    private void sweep(long slot) {
        if (slot < nextSweep) {
            return;
        }
        nextSweep = slot + SWEEP_SECONDS / History.SLOT_SECONDS;
        long oldest = slot - History.SLOTS;
        instances.values().removeIf(history -> history.isOlderThan(oldest));
        edges.values()
                .removeIf(sides ->
                        (sides.source == null || sides.source.isOlderThan(oldest))
                                && (sides.target == null || sides.target.isOlderThan(oldest)));
    }

    private static long slot(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), History.SLOT_SECONDS);
    }

    /**
     * The graph of the last seconds; edges without traffic in them are left out.
     *
     * @param seconds rounded up to slots of five, at most ten minutes
     */
    public synchronized List<GraphEdge> graph(int seconds) {
        long slot = slot(clock.instant());
        int slots = slots(seconds);
        List<GraphEdge> graph = new ArrayList<>();
        edges.forEach((id, sides) -> {
            Numbers source = sum(sides.source, slot, slots);
            Numbers target = sum(sides.target, slot, slots);
            Numbers numbers = source != null ? source : target;
            if (numbers != null) {
                graph.add(
                        new GraphEdge(
                                id, sides.mutualTls, sides.principal, numbers, source, target));
            }
        });
        return graph;
    }

    /**
     * What came in at each workload, by {@code namespace/workload}; its own count where it has one.
     */
    public synchronized Map<String, Numbers> loads(int seconds) {
        return sums(
                seconds,
                id ->
                        id.target().workload().isEmpty()
                                ? ""
                                : id.target().namespace() + "/" + id.target().workload());
    }

    /**
     * What was sent to each service, by its host name.
     *
     * @param namespace of whoever answers; empty for all
     */
    public synchronized Map<String, Numbers> serviceLoads(int seconds, String namespace) {
        return sums(
                seconds,
                id ->
                        namespace.isEmpty() || id.target().namespace().equals(namespace)
                                ? id.service()
                                : "");
    }

    private Map<String, Numbers> sums(int seconds, Function<EdgeId, String> group) {
        long slot = slot(clock.instant());
        int slots = slots(seconds);
        Map<String, Counts> sums = new TreeMap<>();
        edges.forEach((id, sides) -> {
            History history = sides.target != null ? sides.target : sides.source;
            String name = group.apply(id);
            if (history != null && !name.isEmpty()) {
                Counts sum = sums.computeIfAbsent(name, k -> new Counts());
                history.last(slot, slots).stream().filter(Objects::nonNull).forEach(sum::add);
            }
        });
        Map<String, Numbers> loads = new TreeMap<>();
        sums.forEach((name, sum) -> loads.put(name, sum.over(covered(slots))));
        return loads;
    }

    /** What came in at each instance that reports, by {@code namespace/instance}. */
    public synchronized Map<String, Numbers> instanceLoads(int seconds) {
        long slot = slot(clock.instant());
        int slots = slots(seconds);
        Map<String, Numbers> loads = new TreeMap<>();
        instances.forEach((name, history) -> {
            Numbers numbers = sum(history, slot, slots);
            if (numbers != null) {
                loads.put(name, numbers);
            }
        });
        return loads;
    }

    private @Nullable Numbers sum(@Nullable History history, long slot, int slots) {
        if (history == null) {
            return null;
        }
        Counts sum = new Counts();
        for (Counts each : history.last(slot, slots)) {
            if (each != null) {
                sum.add(each);
            }
        }
        return sum.isEmpty() ? null : sum.over(covered(slots));
    }

    /** The slot under way is not yet over. */
    private double covered(int slots) {
        long now = clock.instant().getEpochSecond();
        long inSlot = Math.floorMod(now, (long) History.SLOT_SECONDS) + 1;
        return (slots - 1.0) * History.SLOT_SECONDS + inSlot;
    }

    private static int slots(int seconds) {
        int wanted = (seconds + History.SLOT_SECONDS - 1) / History.SLOT_SECONDS;
        return Math.clamp(wanted, 1, History.SLOTS);
    }

    /** A plot over the edges that match, from whichever side tells of them; the oldest first. */
    public synchronized List<TrafficPoint> points(Predicate<EdgeId> which, int seconds) {
        long slot = slot(clock.instant());
        int slots = slots(seconds);
        Counts[] sums = new Counts[slots];
        java.util.Arrays.setAll(sums, i -> new Counts());
        edges.forEach((id, sides) -> {
            History history = sides.source != null ? sides.source : sides.target;
            if (history != null && which.test(id)) {
                List<@Nullable Counts> last = history.last(slot, slots);
                for (int i = 0; i < slots; i++) {
                    Counts each = last.get(i);
                    if (each != null) {
                        sums[i].add(each);
                    }
                }
            }
        });
        List<TrafficPoint> points = new ArrayList<>(slots);
        for (int i = 0; i < slots; i++) {
            boolean underWay = i == slots - 1;
            long end = (slot - slots + i + 2) * History.SLOT_SECONDS;
            points.add(
                    new TrafficPoint(
                            Instant.ofEpochSecond(end),
                            sums[i].over(underWay ? covered(1) : History.SLOT_SECONDS)));
        }
        return points;
    }

    /**
     * Requests that were denied or failed, the newest first.
     *
     * @param after only those with a higher number
     */
    public synchronized List<FateView> fates(Predicate<FateView> which, long after, int limit) {
        List<FateView> found = new ArrayList<>();
        for (var each = fates.descendingIterator(); each.hasNext() && found.size() < limit; ) {
            FateView fate = each.next();
            if (fate.number() <= after) {
                break;
            }
            if (which.test(fate)) {
                found.add(fate);
            }
        }
        return found;
    }

    /** How many reports were taken. */
    public synchronized long reports() {
        return reports;
    }

    /** How much was left out because of a bound. */
    public synchronized long refused() {
        return refused;
    }
}
