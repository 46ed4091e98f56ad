package io.weft.engine.balance;

import io.weft.engine.RandomSource;
import io.weft.model.cluster.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that may be picked while the set of ejected ones does not change.
 *
 * @param epoch of the set of ejected endpoints
 * @param tiers priorities, with their share of the load; only those that have endpoints
 */
record Availability(int epoch, List<Tier> tiers) {

    static final int WHOLE_LOAD = 1_000_000;

    boolean isNone() {
        return tiers.isEmpty();
    }

    Member choose(long hash, RandomSource random) {
        int last = tiers.size() - 1;
        if (last == 0) {
            return tiers.get(0).choose(hash, random);
        }
        int point = random.nextInt(WHOLE_LOAD);
        for (int i = 0; i < last; i++) {
            Tier tier = tiers.get(i);
            if (point < tier.loadUpTo) {
                return tier.choose(hash, random);
            }
        }
        return tiers.get(last).choose(hash, random);
    }

    /** A member of the nearest priority of which nothing was tried yet. */
    @Nullable Member inAnotherPriority(List<Endpoint> tried, long hash) {
        for (Tier tier : tiers) {
            boolean fresh = true;
            for (Member member : tier.members) {
                fresh &= !Balancer.isTried(member, tried);
            }
            if (fresh) {
                return tier.groups.getFirst().chooser.choose(hash);
            }
        }
        return null;
    }

    /** Any member that was not tried, of the same priority if there is one. */
    @Nullable Member firstExcept(List<Endpoint> tried, int priority) {
        Member other = null;
        for (Tier tier : tiers) {
            for (Member member : tier.members) {
                if (!Balancer.isTried(member, tried)) {
                    if (member.priority() == priority) {
                        return member;
                    }
                    other = other == null ? member : other;
                }
            }
        }
        return other;
    }

    /**
     * A priority.
     *
     * @param loadUpTo cumulative share of the load, of {@link #WHOLE_LOAD}
     * @param members all that are available
     * @param groups localities with weights of their own, or one for all
     */
    record Tier(int loadUpTo, List<Member> members, List<Group> groups, long totalWeight) {

        Member choose(long hash, RandomSource random) {
            if (groups.size() == 1) {
                return groups.get(0).chooser.choose(hash);
            }
            long point = random.nextLong(totalWeight);
            for (Group group : groups) {
                point -= group.weight;
                if (point < 0) {
                    return group.chooser.choose(hash);
                }
            }
            return groups.getLast().chooser.choose(hash);
        }
    }

    /** Endpoints among which one algorithm chooses. */
    record Group(long weight, Chooser chooser) {}
}
