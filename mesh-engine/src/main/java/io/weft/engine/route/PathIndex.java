package io.weft.engine.route;

import io.weft.engine.RequestFacts;
import io.weft.engine.match.PathKey;
import io.weft.engine.match.RequestPredicate;
import io.weft.model.match.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Narrows a long list of routes to those whose path can match: a hash of exact paths, a tree of
 * prefixes, and the routes that say nothing usable about the path. The first route in order wins,
 * as in a scan of the whole list; the lists are walked without allocating.
 */
final class PathIndex {

    static final int NONE = Integer.MAX_VALUE;
    private static final int[] EMPTY = {};

    private final Map<String, int[]> exact;
    private final PrefixTree prefixes;
    private final int[] others;

    private PathIndex(Map<String, int[]> exact, PrefixTree prefixes, int[] others) {
        this.exact = exact;
        this.prefixes = prefixes;
        this.others = others;
    }

    static PathIndex build(List<Match> matches) {
        Map<String, List<Integer>> exact = new HashMap<>();
        Map<String, List<Integer>> prefixes = new HashMap<>();
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < matches.size(); i++) {
            Set<PathKey> keys = PathKey.of(matches.get(i));
            if (keys == null) {
                others.add(i);
                continue;
            }
            for (PathKey key : keys) {
                Map<String, List<Integer>> target = key.exact() ? exact : prefixes;
                target.computeIfAbsent(key.text(), text -> new ArrayList<>()).add(i);
            }
        }
        Map<String, int[]> exactArrays = new HashMap<>();
        exact.forEach((path, routes) -> exactArrays.put(path, array(routes)));
        PrefixTree tree = new PrefixTree();
        prefixes.forEach((prefix, routes) -> tree.add(prefix, array(routes)));
        return new PathIndex(Map.copyOf(exactArrays), tree, array(others));
    }

    private static int[] array(List<Integer> routes) {
        return routes.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The lowest index whose predicate holds, or {@link #NONE}. */
    int first(RequestFacts facts, RequestPredicate[] predicates) {
        String path = facts.path();
        int[] exactly = exact.getOrDefault(path, EMPTY);
        int best = better(exactly, NONE, facts, predicates);
        PrefixTree.@Nullable Node node = prefixes.root();
        while (node != null) {
            best = better(node.routes(), best, facts, predicates);
            node = node.next(path);
        }
        return better(others, best, facts, predicates);
    }

    private static int better(
            int[] candidates, int best, RequestFacts facts, RequestPredicate[] predicates) {
        for (int candidate : candidates) {
            if (candidate >= best) {
                return best;
            }
            if (predicates[candidate].test(facts)) {
                return candidate;
            }
        }
        return best;
    }
}
