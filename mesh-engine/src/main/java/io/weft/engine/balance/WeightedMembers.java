package io.weft.engine.balance;

import io.weft.engine.RandomSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws endpoints at random by weight. Thread-safe as far as its source of chance is. */
final class WeightedMembers {

    private static final int MAX_SEQUENCE = 4096;

    private final Member[] members;
    private final RandomSource random;

    /** Null where all weights are equal. */
    private final long @Nullable [] cumulative;

    WeightedMembers(Member[] members, RandomSource random) {
        this.members = members;
        this.random = random;
        cumulative = haveEqualWeights(members) ? null : cumulate(members);
    }

    private static boolean haveEqualWeights(Member[] members) {
        for (Member member : members) {
            if (member.endpoint().weight() != members[0].endpoint().weight()) {
                return false;
            }
        }
        return true;
    }

    private static long[] cumulate(Member[] members) {
        long[] sums = new long[members.length];
        long sum = 0;
        for (int i = 0; i < members.length; i++) {
            sum += members[i].endpoint().weight();
            sums[i] = sum;
        }
        return sums;
    }

    Member pick() {
        return members[pickIndex()];
    }

    /** Another member; the same again only after a few draws that found no other. */
    Member pickOther(Member than) {
        Member other = than;
        for (int i = 0; i < 4 && other == than; i++) {
            other = members[pickIndex()];
        }
        return other;
    }

    private int pickIndex() {
        long[] sums = cumulative;
        if (sums == null) {
            return random.nextInt(members.length);
        }
        long point = random.nextLong(sums[sums.length - 1]);
        int low = 0;
        int high = sums.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sums[middle] > point) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /**
     * A turn in which each member comes as often as its weight says, spread as evenly as may be
     * (the smooth weighted round robin). Weights are reduced where the turn would be too long.
     */
    static Member[] sequence(Member[] members) {
        if (haveEqualWeights(members)) {
            return members;
        }
        long[] weights = new long[members.length];
        long total = 0;
        long divisor = 0;
        for (Member member : members) {
            divisor = gcd(divisor, member.endpoint().weight());
            total += member.endpoint().weight();
        }
        double scale = Math.min(1.0, (double) MAX_SEQUENCE * divisor / total);
        long length = 0;
        for (int i = 0; i < weights.length; i++) {
            long reduced = members[i].endpoint().weight() / divisor;
            weights[i] = Math.max(1, Math.round(reduced * scale));
            length += weights[i];
        }
        return smooth(members, weights, length);
    }

    private static Member[] smooth(Member[] members, long[] weights, long length) {
        List<Member> turn = new ArrayList<>((int) length);
        long[] credit = new long[members.length];
        for (long step = 0; step < length; step++) {
            int best = 0;
            for (int i = 0; i < credit.length; i++) {
                credit[i] += weights[i];
                best = credit[i] > credit[best] ? i : best;
            }
            credit[best] -= length;
            turn.add(members[best]);
        }
        return turn.toArray(Member[]::new);
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
