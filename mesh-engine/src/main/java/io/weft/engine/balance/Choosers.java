package io.weft.engine.balance;

import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import io.weft.model.cluster.LoadBalancing;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The algorithms. */
final class Choosers {

    private Choosers() {}

    /** For at least one member. */
    static Chooser of(
            LoadBalancing balancing, List<Member> members, MeshClock clock, RandomSource random) {
        Member[] array = members.toArray(Member[]::new);
        if (array.length == 1) {
            Member only = array[0];
            return hash -> only;
        }
        WeightedMembers weighted = new WeightedMembers(array, random);
        return switch (balancing) {
            case LoadBalancing.RoundRobin() -> new RoundRobin(WeightedMembers.sequence(array));
            case LoadBalancing.Random() -> hash -> weighted.pick();
            case LoadBalancing.Passthrough() -> hash -> weighted.pick();
            case LoadBalancing.LeastRequest() -> new LeastRequest(weighted);
            case LoadBalancing.PeakEwma ignored -> new LowestCost(weighted, clock);
            case LoadBalancing.ConsistentHash(var ignored, var table, var ringSize) ->
                    switch (table) {
                        case RING -> HashRing.of(array, ringSize);
                        case MAGLEV -> MaglevTable.of(array);
                    };
        };
    }

    private static final class RoundRobin implements Chooser {
        private final Member[] sequence;
        private final AtomicInteger next = new AtomicInteger();

        RoundRobin(Member[] sequence) {
            this.sequence = sequence;
        }

        @Override
        public Member choose(long hash) {
            return sequence[Integer.remainderUnsigned(next.getAndIncrement(), sequence.length)];
        }
    }

    /**
     * The less busy of two endpoints drawn by weight; busy is relative to weight. Idle endpoints
     * thus share by weight, busy ones even out.
     */
    private record LeastRequest(WeightedMembers members) implements Chooser {
        @Override
        public Member choose(long hash) {
            Member first = members.pick();
            Member second = members.pickOther(first);
            long firstLoad = (long) first.state().active() * second.endpoint().weight();
            long secondLoad = (long) second.state().active() * first.endpoint().weight();
            return secondLoad < firstLoad ? second : first;
        }
    }

    private record LowestCost(WeightedMembers members, MeshClock clock) implements Chooser {
        @Override
        public Member choose(long hash) {
            long now = clock.nanoTime();
            Member first = members.pick();
            Member second = members.pickOther(first);
            return second.state().cost(now) < first.state().cost(now) ? second : first;
        }
    }
}
