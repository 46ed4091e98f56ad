package io.weft.dataplane.statistics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.weft.dataplane.upstream.UpstreamCluster;
import io.weft.model.telemetry.StatSelection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Serves the statistics that were asked for, under {@code envoy_cluster_*} with the cluster as a
 * label; none unless some were. Envoy's names are kept, so that a counter whose name does not end
 * in {@code _total} is a gauge to Prometheus; its {@code rate} does not mind. Thread-safe.
 */
public final class ClusterStatistics implements MultiCollector {

    private static final String TOTAL = "_total";

    private final Supplier<Collection<UpstreamCluster>> clusters;
    private volatile Selected selected = new Selected(StatSelection.NONE, StatFilter.NOTHING);

    private record Selected(StatSelection selection, StatFilter filter) {}

    /**
     * @param clusters those in force, empty before there is a configuration
     */
    public ClusterStatistics(Supplier<Collection<UpstreamCluster>> clusters) {
        this.clusters = clusters;
    }

    /**
     * Checks that a choice could be served.
     *
     * @throws IllegalArgumentException when an expression is not RE2
     */
    public static void check(StatSelection selection) {
        StatFilter.compile(selection);
    }

    /**
     * Serves another choice from the next scrape on.
     *
     * @throws IllegalArgumentException when an expression is not RE2; then nothing changes
     */
    public void select(StatSelection selection) {
        if (!selection.equals(selected.selection())) {
            selected = new Selected(selection, StatFilter.compile(selection));
        }
    }

    @Override
    public MetricSnapshots collect() {
        StatFilter filter = selected.filter();
        List<MetricSnapshot> snapshots = new ArrayList<>();
        if (filter.isEmpty()) {
            return new MetricSnapshots(snapshots);
        }
        Collection<UpstreamCluster> all = clusters.get();
        for (ClusterStat stat : ClusterStat.values()) {
            List<UpstreamCluster> wanted =
                    all.stream().filter(cluster -> filter.admits(name(cluster, stat))).toList();
            if (!wanted.isEmpty()) {
                snapshots.add(snapshot(stat, wanted));
            }
        }
        return new MetricSnapshots(snapshots);
    }

    private static String name(UpstreamCluster cluster, ClusterStat stat) {
        return "cluster." + cluster.label() + "." + stat.envoyName();
    }

    private static MetricSnapshot snapshot(ClusterStat stat, List<UpstreamCluster> clusters) {
        String name = stat.exposedName();
        if (name.endsWith(TOTAL)) {
            // The client writes the ending by itself.
            String base = name.substring(0, name.length() - TOTAL.length());
            CounterSnapshot.Builder counter =
                    CounterSnapshot.builder().name(base).help(stat.help());
            clusters.forEach(cluster ->
                    counter.dataPoint(
                            CounterSnapshot.CounterDataPointSnapshot.builder()
                                    .labels(labels(cluster))
                                    .value(stat.of(cluster))
                                    .build()));
            return counter.build();
        }
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(stat.help());
        clusters.forEach(cluster ->
                gauge.dataPoint(
                        GaugeSnapshot.GaugeDataPointSnapshot.builder()
                                .labels(labels(cluster))
                                .value(stat.of(cluster))
                                .build()));
        return gauge.build();
    }

    private static Labels labels(UpstreamCluster cluster) {
        return Labels.of("cluster_name", cluster.label());
    }
}
