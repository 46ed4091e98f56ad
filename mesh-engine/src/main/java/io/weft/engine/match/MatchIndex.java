package io.weft.engine.match;

import io.weft.engine.RequestFacts;
import io.weft.model.SpiffeId;
import io.weft.model.match.Match;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first of many matches that holds, as a scan from the top would. Each match stands under
 * the key that it shares with the fewest others: an exact path, a prefix of the path, the peer, its
 * namespace, or a header; those without a key are tested always. Immutable and thread-safe; a
 * search allocates nothing.
 */
public final class MatchIndex {

    /** No match holds. */
    public static final int NONE = Integer.MAX_VALUE;

    /** Below this a plain scan is quicker. */
    private static final int INDEX_FROM = 8;

    /** Each costs a look at the request. */
    private static final int HEADERS_MAX = 8;

    private final RequestPredicate[] predicates;
    private final Map<String, int[]> paths;
    private final @Nullable PrefixTree prefixes;
    private final Map<String, int[]> principals;
    private final Map<String, int[]> namespaces;
    private final String[] headerNames;
    private final List<Map<String, int[]>> headers;
    private final int[] others;

    private MatchIndex(
            RequestPredicate[] predicates,
            Map<MatchKey.Part, Map<String, int[]>> buckets,
            int[] others) {
        this.predicates = predicates;
        this.others = others;
        paths = buckets.getOrDefault(new MatchKey.ExactPath(), Map.of());
        principals = buckets.getOrDefault(new MatchKey.Principal(), Map.of());
        namespaces = buckets.getOrDefault(new MatchKey.Namespace(), Map.of());
        prefixes = tree(buckets.getOrDefault(new MatchKey.PathPrefix(), Map.of()));
        Map<String, Map<String, int[]>> byHeader = new TreeMap<>();
        buckets.forEach((part, values) -> {
            if (part instanceof MatchKey.Header(var name)) {
                byHeader.put(name, values);
            }
        });
        headerNames = byHeader.keySet().toArray(String[]::new);
        headers = List.copyOf(byHeader.values());
    }

    private static @Nullable PrefixTree tree(Map<String, int[]> byPrefix) {
        if (byPrefix.isEmpty()) {
            return null;
        }
        PrefixTree tree = new PrefixTree();
        byPrefix.forEach(tree::add);
        return tree;
    }

    /**
     * Makes an index.
     *
     * @param predicates the same matches in the same order, compiled
     */
    public static MatchIndex of(List<Match> matches, List<RequestPredicate> predicates) {
        return new Builder(predicates.toArray(RequestPredicate[]::new), matches).build();
    }

    /** The lowest index from the given one on whose match holds, or {@link #NONE}. */
    public int first(RequestFacts facts, int from) {
        int best = better(others, NONE, from, facts);
        SpiffeId peer = principals.isEmpty() && namespaces.isEmpty() ? null : facts.peer();
        if (peer != null) {
            if (!principals.isEmpty()) {
                String principal = facts.peerPrincipal();
                best = better(principals.get(principal), best, from, facts);
            }
            best = better(namespaces.get(peer.namespace()), best, from, facts);
        }
        return facts.isHttp() ? firstRequest(facts, from, best) : best;
    }

    private int firstRequest(RequestFacts facts, int from, int soFar) {
        int best = soFar;
        String path = facts.path();
        if (!paths.isEmpty()) {
            best = better(paths.get(path), best, from, facts);
        }
        PrefixTree.@Nullable Node node = prefixes == null ? null : prefixes.root();
        while (node != null) {
            best = better(node.routes(), best, from, facts);
            node = node.next(path);
        }
        for (int i = 0; i < headerNames.length; i++) {
            String value = facts.header(headerNames[i]);
            if (value != null) {
                best = better(headers.get(i).get(value), best, from, facts);
            }
        }
        return best;
    }

    private int better(int @Nullable [] candidates, int best, int from, RequestFacts facts) {
        if (candidates == null) {
            return best;
        }
        for (int candidate : candidates) {
            if (candidate >= best) {
                return best;
            }
            if (candidate >= from && predicates[candidate].test(facts)) {
                return candidate;
            }
        }
        return best;
    }

    /** Chooses keys. */
    private static final class Builder {
        private final RequestPredicate[] predicates;
        private final List<Collection<Set<MatchKey>>> candidates = new ArrayList<>();
        private final Map<MatchKey, Integer> uses = new HashMap<>();
        private final Map<MatchKey, List<Integer>> chosen = new HashMap<>();
        private final List<Integer> others = new ArrayList<>();

        Builder(RequestPredicate[] predicates, List<Match> matches) {
            this.predicates = predicates;
            for (Match match : matches) {
                Collection<Set<MatchKey>> own =
                        matches.size() < INDEX_FROM
                                ? List.of()
                                : new TreeMap<>(MatchKeys.of(match)).values();
                candidates.add(own);
                own.forEach(keys -> keys.forEach(key -> uses.merge(key, 1, Integer::sum)));
            }
        }

        MatchIndex build() {
            Set<MatchKey.Part> headers = frequentHeaders();
            for (int i = 0; i < predicates.length; i++) {
                place(i, headers);
            }
            Map<MatchKey.Part, Map<String, int[]>> buckets = new HashMap<>();
            chosen.forEach((key, found) ->
                    buckets.computeIfAbsent(key.part(), part -> new HashMap<>())
                            .put(key.text(), array(found)));
            return new MatchIndex(predicates, buckets, array(others));
        }

        private Set<MatchKey.Part> frequentHeaders() {
            Map<MatchKey.Part, Integer> byHeader = new HashMap<>();
            uses.forEach((key, count) -> {
                if (key.part() instanceof MatchKey.Header) {
                    byHeader.merge(key.part(), count, Integer::sum);
                }
            });
            return Set.copyOf(
                    byHeader.entrySet().stream()
                            .sorted(Map.Entry.<MatchKey.Part, Integer>comparingByValue().reversed())
                            .limit(HEADERS_MAX)
                            .map(Map.Entry::getKey)
                            .toList());
        }

        private void place(int index, Set<MatchKey.Part> headers) {
            Set<MatchKey> best = null;
            for (Set<MatchKey> keys : candidates.get(index)) {
                boolean usable =
                        keys.stream()
                                .allMatch(key ->
                                        !(key.part() instanceof MatchKey.Header)
                                                || headers.contains(key.part()));
                if (usable && (best == null || crowd(keys) < crowd(best))) {
                    best = keys;
                }
            }
            if (best == null) {
                others.add(index);
                return;
            }
            best.forEach(key -> chosen.computeIfAbsent(key, k -> new ArrayList<>()).add(index));
        }

        /** With how many it shares its most popular key. */
        private int crowd(Set<MatchKey> keys) {
            return keys.stream().mapToInt(key -> uses.getOrDefault(key, 0)).max().orElse(0);
        }

        private static int[] array(List<Integer> indexes) {
            return indexes.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
