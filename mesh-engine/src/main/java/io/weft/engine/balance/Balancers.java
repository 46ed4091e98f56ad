package io.weft.engine.balance;

import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import io.weft.model.Locality;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Makes balancers and keeps what they remember: active requests, failures, ejections and latencies
 * of each endpoint, by cluster name and by the endpoint's id and address, over all changes of
 * configuration. One for a data plane. Thread-safe.
 */
public final class Balancers {

    private final MeshClock clock;
    private final RandomSource random;
    private final ConcurrentMap<String, ClusterState> states = new ConcurrentHashMap<>();

    public Balancers(MeshClock clock, RandomSource random) {
        this.clock = clock;
        this.random = random;
    }

    /**
     * Compiles the balancer of a cluster; the newest one of a name sets the limits and outlier
     * rules for all of them.
     *
     * @param sets the cluster's endpoint sets in order of fail-over, names already resolved to
     *     addresses; those that are not (yet) known are left out
     * @param own where this workload runs
     * @param labels the own workload's labels, for fail-over by labels
     */
    public Balancer compile(
            Cluster cluster, List<EndpointSet> sets, Locality own, Map<String, String> labels) {
        ClusterState state =
                states.computeIfAbsent(
                        cluster.name(), name -> new ClusterState(cluster, clock, random));
        List<Member> members = state.update(cluster, ranked(cluster, sets, own, labels), clock);
        OutlierDetection outlier = cluster.outlier();
        Layout layout =
                new Layout(
                        cluster.balancing(),
                        cluster.locality().at(own),
                        outlier == null ? 0 : outlier.minHealthPercent(),
                        members,
                        clock,
                        random);
        return new Balancer(cluster, members, layout, state.guard, state.counters, clock, random);
    }

    /** Forgets all other clusters; call it after a configuration has been replaced. */
    public void retain(Set<String> clusterNames) {
        states.keySet().retainAll(clusterNames);
    }

    /** Endpoints of the subset with dense priorities: by set, then by locality. */
    private static List<Ranked> ranked(
            Cluster cluster, List<EndpointSet> sets, Locality own, Map<String, String> labels) {
        // Without outlier detection nobody knows that a locality is down: no fail-over.
        LocalityPolicy said = cluster.locality().at(own);
        LocalityPolicy policy =
                cluster.outlier() == null && said.distribute().isEmpty()
                        ? LocalityPolicy.OFF
                        : said;
        Priorities priorities = new Priorities(policy, own, labels);
        int ranksPerSet = (policy.priorityLabels().size() + 1) * Priorities.LOCALITY_RANKS;
        List<Ranked> found = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            for (Endpoint endpoint : sets.get(i).endpoints()) {
                if (isInSubset(endpoint, cluster.subsetLabels())) {
                    found.add(new Ranked(endpoint, i * ranksPerSet + priorities.rank(endpoint)));
                }
            }
        }
        List<Integer> ranks = List.copyOf(new TreeSet<>(found.stream().map(Ranked::rank).toList()));
        return found.stream().map(r -> new Ranked(r.endpoint, ranks.indexOf(r.rank))).toList();
    }

    private static boolean isInSubset(Endpoint endpoint, Map<String, String> wanted) {
        for (var label : wanted.entrySet()) {
            if (!label.getValue().equals(endpoint.labels().get(label.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private record Ranked(Endpoint endpoint, int rank) {}

    private record EndpointKey(String id, String address, int port) {}

    /** What is remembered of one cluster. */
    private static final class ClusterState {
        private final OutlierGuard guard;
        private final ClusterCounters counters;
        private final Map<EndpointKey, EndpointState> endpoints = new HashMap<>();
        private boolean begun;

        ClusterState(Cluster cluster, MeshClock clock, RandomSource random) {
            guard = new OutlierGuard(clock, random);
            counters = new ClusterCounters(cluster.limits());
        }

        synchronized List<Member> update(Cluster cluster, List<Ranked> ranked, MeshClock clock) {
            counters.configure(cluster.limits());
            List<Member> members = new ArrayList<>();
            Set<EndpointKey> seen = new HashSet<>();
            for (Ranked entry : ranked) {
                Endpoint endpoint = entry.endpoint;
                EndpointKey key =
                        new EndpointKey(endpoint.id(), endpoint.address(), endpoint.port());
                if (!seen.add(key)) {
                    continue;
                }
                EndpointState state = endpoints.get(key);
                if (state == null) {
                    state = new EndpointState(new OutlierState());
                    endpoints.put(key, state);
                    if (begun) {
                        // Those that were there from the beginning have nobody to take their part.
                        state.since(clock.nanoTime());
                    }
                }
                state.measure(cluster.balancing(), clock);
                members.add(new Member(endpoint, state, entry.rank));
            }
            begun |= !seen.isEmpty();
            endpoints.keySet().retainAll(seen);
            guard.configure(
                    cluster.outlier(), members.stream().map(m -> m.state().outlier()).toList());
            return List.copyOf(members);
        }
    }
}
