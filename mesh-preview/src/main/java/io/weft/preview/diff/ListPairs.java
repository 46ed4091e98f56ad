package io.weft.preview.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which elements of two lists are the same: those of equal key, then, of the rest, those of equal
 * fallback, each time in order.
 */
record ListPairs(List<Pair> pairs, List<Object> added, List<Object> removed) {

    /**
     * An element on both sides.
     *
     * @param from its place before, from 0
     * @param moved whether it changed its place among those that stayed
     */
    record Pair(Identity identity, Object before, Object after, int from, int to, boolean moved) {}

    static ListPairs of(List<?> before, List<?> after) {
        int[] partner = new int[after.size()];
        Arrays.fill(partner, -1);
        boolean[] taken = new boolean[before.size()];
        match(before, after, partner, taken, true);
        match(before, after, partner, taken, false);
        boolean[] stays = longestRise(partner);
        List<Pair> pairs = new ArrayList<>();
        List<Object> added = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            int from = partner[i];
            if (from < 0) {
                added.add(after.get(i));
                continue;
            }
            Identity identity = Identity.of(after.get(i));
            boolean moved = identity.ordered() && !stays[i];
            pairs.add(new Pair(identity, before.get(from), after.get(i), from, i, moved));
        }
        List<Object> removed = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            if (!taken[i]) {
                removed.add(before.get(i));
            }
        }
        return new ListPairs(pairs, added, removed);
    }

    private static void match(
            List<?> before, List<?> after, int[] partner, boolean[] taken, boolean byKey) {
        Map<String, List<Integer>> places = new HashMap<>();
        for (int i = 0; i < before.size(); i++) {
            String name = name(before.get(i), byKey);
            if (!taken[i] && !name.isEmpty()) {
                places.computeIfAbsent(name, key -> new ArrayList<>()).add(i);
            }
        }
        for (int i = 0; i < after.size(); i++) {
            List<Integer> found =
                    partner[i] < 0
                            ? places.getOrDefault(name(after.get(i), byKey), List.of())
                            : List.of();
            if (!found.isEmpty()) {
                partner[i] = found.removeFirst();
                taken[partner[i]] = true;
            }
        }
    }

    private static String name(Object element, boolean byKey) {
        Identity identity = Identity.of(element);
        return byKey ? identity.key() : identity.fallback();
    }

    /** Which of the numbers (those below 0 aside) belong to a longest rising subsequence. */
    private static boolean[] longestRise(int[] numbers) {
        int[] length = new int[numbers.length];
        int[] previous = new int[numbers.length];
        int best = -1;
        for (int i = 0; i < numbers.length; i++) {
            previous[i] = -1;
            length[i] = numbers[i] < 0 ? 0 : 1;
            for (int j = 0; j < i && numbers[i] >= 0; j++) {
                if (numbers[j] >= 0 && numbers[j] < numbers[i] && length[j] + 1 > length[i]) {
                    length[i] = length[j] + 1;
                    previous[i] = j;
                }
            }
            if (length[i] > 0 && (best < 0 || length[i] > length[best])) {
                best = i;
            }
        }
        boolean[] member = new boolean[numbers.length];
        for (int i = best; i >= 0; i = previous[i]) {
            member[i] = true;
        }
        return member;
    }
}
