package io.weft.policy.api;

import io.weft.policy.server.PolicyServer;
import io.weft.policy.traffic.EdgeId;
import io.weft.policy.traffic.FateView;
import io.weft.policy.traffic.GraphEdge;
import io.weft.policy.traffic.Numbers;
import io.weft.policy.traffic.TrafficPoint;
import io.weft.policy.traffic.TrafficStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The live picture: the graph, plots, and requests that were denied or failed. A filter that is
 * empty lets everything pass.
 */
@RestController
@RequestMapping("/api/v1")
final class TrafficController {

    private static final int MAX_SECONDS = 600;
    private static final int MAX_FATES = 500;

    private final TrafficStore store;
    private final InstantSource clock;

    TrafficController(PolicyServer server, InstantSource clock) {
        this.store = server.traffic().store();
        this.clock = clock;
    }

    @GetMapping("/graph")
    GraphView graph(
            @RequestParam(defaultValue = "60") int seconds,
            @RequestParam(defaultValue = "") String namespace) {
        List<GraphEdge> edges =
                store.graph(checked(seconds)).stream()
                        .filter(edge -> isIn(namespace, edge.id()))
                        .toList();
        return new GraphView(clock.instant(), seconds, edges);
    }

    private static boolean isIn(String namespace, EdgeId id) {
        return namespace.isEmpty()
                || id.source().namespace().equals(namespace)
                || id.target().namespace().equals(namespace);
    }

    /** Points of five seconds each, the oldest first. */
    @GetMapping("/traffic")
    List<TrafficPoint> points(
            @RequestParam(defaultValue = "300") int seconds,
            @RequestParam(defaultValue = "") String source,
            @RequestParam(defaultValue = "") String target,
            @RequestParam(defaultValue = "") String service) {
        Predicate<EdgeId> which =
                id ->
                        isEnd(source, id.source())
                                && isEnd(target, id.target())
                                && (service.isEmpty() || id.service().equals(service));
        return store.points(which, checked(seconds));
    }

    /** {@code namespace}, {@code namespace/workload} or {@code namespace/workload/version}. */
    private static boolean isEnd(String wanted, EdgeId.End end) {
        if (wanted.isEmpty()) {
            return true;
        }
        String[] parts = wanted.split("/", -1);
        return parts[0].equals(end.namespace())
                && (parts.length < 2 || parts[1].equals(end.workload()))
                && (parts.length < 3 || parts[2].equals(end.version()));
    }

    /**
     * What came in at each workload, by {@code namespace/workload}.
     *
     * @param by {@code service} sums by host name instead, {@code instance} by {@code
     *     namespace/instance}
     */
    @GetMapping("/loads")
    Map<String, Numbers> loads(
            @RequestParam(defaultValue = "60") int seconds,
            @RequestParam(defaultValue = "") String namespace,
            @RequestParam(defaultValue = "workload") String by) {
        Map<String, Numbers> loads =
                switch (by) {
                    case "workload" -> store.loads(checked(seconds));
                    case "service" -> store.serviceLoads(checked(seconds), namespace);
                    case "instance" -> store.instanceLoads(checked(seconds));
                    default ->
                            throw new IllegalArgumentException(
                                    "by: '" + by + "' (expected: workload, service or instance)");
                };
        if (!by.equals("service") && !namespace.isEmpty()) {
            loads.keySet().removeIf(name -> !name.startsWith(namespace + "/"));
        }
        return loads;
    }

    /** Requests that were denied or failed, the newest first. */
    @GetMapping("/fates")
    List<FateView> fates(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(defaultValue = "") String source,
            @RequestParam(defaultValue = "") String target,
            @RequestParam(defaultValue = "") String service) {
        Predicate<FateView> which =
                fate -> {
                    EdgeId id = EdgeId.of(fate.edge());
                    return isEnd(source, id.source())
                            && isEnd(target, id.target())
                            && (service.isEmpty() || id.service().equals(service));
                };
        if (limit < 1 || limit > MAX_FATES) {
            throw new IllegalArgumentException(
                    "limit: " + limit + " (expected: 1.." + MAX_FATES + ")");
        }
        return store.fates(which, after, limit);
    }

    private static int checked(int seconds) {
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw new IllegalArgumentException(
                    "seconds: " + seconds + " (expected: 1.." + MAX_SECONDS + ")");
        }
        return seconds;
    }

    /** The graph of the last seconds. */
    record GraphView(Instant at, int seconds, List<GraphEdge> edges) {}
}
