package io.weft.engine.balance;

import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import io.weft.model.Locality;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The endpoints of a cluster by priority, and how load is spread over priorities and localities
 * given which endpoints are ejected: as Envoy does, a priority takes 1.4 times its healthy share of
 * the load, and what is left spills over to the next.
 */
final class Layout {

    private static final double OVERPROVISIONING = 1.4;
    private static final int LOCALITY_WEIGHT_SCALE = 10_000;

    private final LoadBalancing balancing;
    private final LocalityPolicy locality;
    private final int minHealthPercent;
    private final List<Member> members;
    private final MeshClock clock;
    private final RandomSource random;

    Layout(
            LoadBalancing balancing,
            LocalityPolicy locality,
            int minHealthPercent,
            List<Member> members,
            MeshClock clock,
            RandomSource random) {
        this.balancing = balancing;
        this.locality = locality;
        this.minHealthPercent = minHealthPercent;
        this.members = members;
        this.clock = clock;
        this.random = random;
    }

    Availability available(int epoch) {
        List<Member> healthy =
                members.stream()
                        .filter(m -> !m.state().outlier().isEjected() && !m.state().sick())
                        .toList();
        boolean panic = 100L * healthy.size() < (long) minHealthPercent * members.size();
        return new Availability(epoch, tiers(panic ? members : healthy));
    }

    private List<Availability.Tier> tiers(List<Member> usable) {
        List<Part> parts = new ArrayList<>(byPriority(usable).values());
        double able = parts.stream().mapToDouble(Part::ability).sum();
        // Where all together are too weak for the load, each takes its part of what there is.
        double scale = able < 1 ? 1 / able : 1;
        List<Availability.Tier> tiers = new ArrayList<>();
        double upTo = 0;
        for (Part part : parts) {
            // Once the load is shared out the farther ones get none, but a retry may want them.
            upTo = Math.min(1, upTo + part.ability() * scale);
            int load = (int) Math.round(upTo * Availability.WHOLE_LOAD);
            tiers.add(locality.distribute().isEmpty() ? even(load, part) : distributed(load, part));
        }
        return List.copyOf(tiers);
    }

    private Map<Integer, Part> byPriority(List<Member> usable) {
        Map<Integer, Part> parts = new TreeMap<>();
        for (Member member : members) {
            if (isWanted(member)) {
                parts.computeIfAbsent(member.priority(), p -> new Part()).all++;
            }
        }
        for (Member member : usable) {
            Part part = parts.get(member.priority());
            if (part != null && isWanted(member)) {
                part.ready.add(member);
            }
        }
        parts.values().removeIf(part -> part.ready.isEmpty());
        return parts;
    }

    /** Localities that {@code distribute} does not list get nothing. */
    private boolean isWanted(Member member) {
        return locality.distribute().isEmpty() || !pattern(member.endpoint().locality()).isEmpty();
    }

    private Availability.Tier even(int load, Part part) {
        Chooser chooser = Choosers.of(balancing, part.ready, clock, random);
        List<Availability.Group> one = List.of(new Availability.Group(1, chooser));
        return new Availability.Tier(load, List.copyOf(part.ready), one, 1);
    }

    private Availability.Tier distributed(int load, Part part) {
        Map<String, Part> parts = new TreeMap<>();
        for (Member member : part.ready) {
            parts.computeIfAbsent(pattern(member.endpoint().locality()), p -> new Part())
                    .ready
                    .add(member);
        }
        for (Member member : members) {
            Part own = parts.get(pattern(member.endpoint().locality()));
            if (own != null && member.priority() == part.ready.getFirst().priority()) {
                own.all++;
            }
        }
        List<Availability.Group> groups = new ArrayList<>();
        long total = 0;
        for (Map.Entry<String, Part> entry : parts.entrySet()) {
            int configured = locality.distribute().getOrDefault(entry.getKey(), 0);
            double able = configured * LOCALITY_WEIGHT_SCALE * entry.getValue().ability();
            long weight = Math.max(1, Math.round(able));
            Chooser chooser = Choosers.of(balancing, entry.getValue().ready, clock, random);
            groups.add(new Availability.Group(weight, chooser));
            total += weight;
        }
        return new Availability.Tier(load, List.copyOf(part.ready), List.copyOf(groups), total);
    }

    /** The most specific pattern of weight above 0 that covers a locality; empty when none does. */
    private String pattern(Locality where) {
        String best = "";
        for (var entry : locality.distribute().entrySet()) {
            String pattern = entry.getKey();
            boolean better = pattern.length() > best.length();
            if (entry.getValue() > 0 && better && where.isWithin(pattern)) {
                best = pattern;
            }
        }
        return best;
    }

    /** The endpoints of a priority or of a locality. */
    private static final class Part {
        private final List<Member> ready = new ArrayList<>();
        private int all;

        /** The share of its full load that it can take, at most 1. */
        double ability() {
            return Math.min(1, OVERPROVISIONING * ready.size() / all);
        }
    }
}
