package io.weft.compiler.dialect.consul.chain;

import io.weft.compiler.dialect.consul.chain.ChainNode.ChainSplit;
import io.weft.compiler.dialect.consul.chain.SplitterSpec.SplitSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What is done with the nodes of a chain once they are there. */
final class ChainGraph {

    private ChainGraph() {}

    /** Throws when a node leads back to itself. */
    static void requireNoCircle(Map<String, ChainNode> nodes, String start) throws ChainException {
        visit(nodes, start, new LinkedHashSet<>(), new LinkedHashSet<>());
    }

    private static void visit(
            Map<String, ChainNode> nodes, String key, Set<String> path, Set<String> done)
            throws ChainException {
        if (done.contains(key)) {
            return;
        }
        ChainNode node = Objects.requireNonNull(nodes.get(key), key);
        if (!path.add(key)) {
            throw new ChainException(
                    "detected circular reference: ["
                            + String.join(" -> ", path)
                            + " -> "
                            + key
                            + "]",
                    switch (node) {
                        case ChainNode.Router router -> router.origin();
                        case ChainNode.Splitter splitter -> splitter.origin();
                        case ChainNode.Resolver resolver -> resolver.origin();
                    },
                    "let one of the splitters split to a subset, or to a service without splitter");
        }
        for (String next : next(node)) {
            visit(nodes, next, path, done);
        }
        path.remove(key);
        done.add(key);
    }

    private static List<String> next(ChainNode node) {
        return switch (node) {
            case ChainNode.Router router ->
                    router.routes().stream().map(ChainNode.ChainRoute::next).toList();
            case ChainNode.Splitter splitter ->
                    splitter.splits().stream().map(ChainSplit::next).toList();
            case ChainNode.Resolver resolver -> List.of();
        };
    }

    /** Splitters below splitters become shares of the upper one; there must be no circle. */
    static void flatten(Map<String, ChainNode> nodes) {
        for (String key : List.copyOf(nodes.keySet())) {
            if (nodes.get(key) instanceof ChainNode.Splitter splitter) {
                nodes.put(
                        key,
                        new ChainNode.Splitter(
                                splitter.name(),
                                flat(nodes, splitter.splits()),
                                splitter.loadBalancer(),
                                splitter.origin()));
            }
        }
    }

    private static List<ChainSplit> flat(Map<String, ChainNode> nodes, List<ChainSplit> splits) {
        List<ChainSplit> all = new ArrayList<>();
        for (ChainSplit split : splits) {
            if (!(nodes.get(split.next()) instanceof ChainNode.Splitter below)) {
                all.add(split);
                continue;
            }
            for (ChainSplit inner : below.splits()) {
                int weight =
                        (int)
                                Math.round(
                                        (double) split.hundredths()
                                                * inner.hundredths()
                                                / SplitterSpec.WHOLE);
                SplitSpec spec =
                        Objects.requireNonNull(SplitSpec.merged(inner.spec(), split.spec()));
                all.addAll(flat(nodes, List.of(new ChainSplit(weight, spec, inner.next()))));
            }
        }
        return all;
    }

    /** Removes what cannot be reached. */
    static void prune(Map<String, ChainNode> nodes, String start) {
        Set<String> reached = new LinkedHashSet<>();
        Deque<String> todo = new ArrayDeque<>(List.of(start));
        while (!todo.isEmpty()) {
            String key = todo.removeFirst();
            if (reached.add(key)) {
                todo.addAll(next(Objects.requireNonNull(nodes.get(key), key)));
            }
        }
        nodes.keySet().retainAll(reached);
    }
}
