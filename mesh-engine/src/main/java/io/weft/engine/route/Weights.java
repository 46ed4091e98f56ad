package io.weft.engine.route;

import io.weft.engine.RandomSource;
import io.weft.model.route.WeightedDestination;
import java.util.List;

/** A choice by cumulative weights; what has weight 0 is never chosen. */
final class Weights {

    private final long[] cumulative;

    Weights(List<WeightedDestination> destinations) {
        cumulative = new long[destinations.size()];
        long sum = 0;
        for (int i = 0; i < cumulative.length; i++) {
            sum += destinations.get(i).weight();
            cumulative[i] = sum;
        }
    }

    /** The index chosen; asks no chance where only one share is possible. */
    int pick(RandomSource random) {
        int last = cumulative.length - 1;
        if (last == 0) {
            return 0;
        }
        long point = random.nextLong(cumulative[last]);
        int low = 0;
        int high = last;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cumulative[middle] > point) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
