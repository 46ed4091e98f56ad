package io.weft.dataplane.statistics;

import io.weft.dataplane.upstream.UpstreamCluster;
import io.weft.engine.balance.ClusterCounters;
import io.weft.engine.balance.EndpointView;
import io.weft.engine.balance.LimitCounter;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** What is told of a cluster. The names are Envoy's, below {@code cluster.NAME.}. */
enum ClusterStat {
    UPSTREAM_CX_ACTIVE("upstream_cx_active", "Connections now", used(ClusterCounters::connections)),
    UPSTREAM_CX_TOTAL("upstream_cx_total", "Connections made", taken(ClusterCounters::connections)),
    UPSTREAM_CX_OVERFLOW(
            "upstream_cx_overflow",
            "Connections that the limit did not allow",
            refused(ClusterCounters::connections)),
    UPSTREAM_RQ_ACTIVE("upstream_rq_active", "Requests now", used(ClusterCounters::requests)),
    UPSTREAM_RQ_TOTAL("upstream_rq_total", "Requests", taken(ClusterCounters::requests)),
    UPSTREAM_RQ_PENDING_ACTIVE(
            "upstream_rq_pending_active",
            "Requests that wait for a connection",
            used(ClusterCounters::pendingRequests)),
    UPSTREAM_RQ_PENDING_TOTAL(
            "upstream_rq_pending_total",
            "Requests that have waited for a connection",
            taken(ClusterCounters::pendingRequests)),
    UPSTREAM_RQ_PENDING_OVERFLOW(
            "upstream_rq_pending_overflow",
            "Requests that a limit has refused",
            cluster ->
                    (double) counters(cluster).pendingRequests().refused()
                            + counters(cluster).requests().refused()),
    UPSTREAM_RQ_RETRY("upstream_rq_retry", "Retries", taken(ClusterCounters::retries)),
    UPSTREAM_RQ_RETRY_OVERFLOW(
            "upstream_rq_retry_overflow",
            "Retries that the limit or the budget did not allow",
            refused(ClusterCounters::retries)),
    CX_OPEN(
            "circuit_breakers.default.cx_open",
            "1 while there are as many connections as there may be",
            full(ClusterCounters::connections)),
    CX_POOL_PENDING_OPEN(
            "circuit_breakers.default.rq_pending_open",
            "1 while as many requests wait as may wait",
            full(ClusterCounters::pendingRequests)),
    RQ_OPEN(
            "circuit_breakers.default.rq_open",
            "1 while there are as many requests as there may be",
            full(ClusterCounters::requests)),
    RQ_RETRY_OPEN(
            "circuit_breakers.default.rq_retry_open",
            "1 while there are as many retries as there may be",
            full(ClusterCounters::retries)),
    EJECTIONS_ACTIVE(
            "outlier_detection.ejections_active",
            "Endpoints that are ejected now",
            endpoints(EndpointView::ejected)),
    MEMBERSHIP_HEALTHY(
            "membership_healthy",
            "Endpoints that are neither ejected nor sick",
            endpoints(view -> !view.ejected() && !view.sick()));

    private final String envoyName;
    private final String help;
    private final ToDoubleFunction<UpstreamCluster> value;

    ClusterStat(String envoyName, String help, ToDoubleFunction<UpstreamCluster> value) {
        this.envoyName = envoyName;
        this.help = help;
        this.value = value;
    }

    /** As it stands behind the cluster's name. */
    String envoyName() {
        return envoyName;
    }

    /** As Envoy exposes it to Prometheus. */
    String exposedName() {
        return "envoy_cluster_" + envoyName.replace('.', '_');
    }

    String help() {
        return help;
    }

    double of(UpstreamCluster cluster) {
        return value.applyAsDouble(cluster);
    }

    private interface Limit {
        LimitCounter of(ClusterCounters counters);
    }

    private static ToDoubleFunction<UpstreamCluster> used(Limit limit) {
        return cluster -> limit.of(counters(cluster)).used();
    }

    private static ToDoubleFunction<UpstreamCluster> taken(Limit limit) {
        return cluster -> limit.of(counters(cluster)).taken();
    }

    private static ToDoubleFunction<UpstreamCluster> refused(Limit limit) {
        return cluster -> limit.of(counters(cluster)).refused();
    }

    private static ToDoubleFunction<UpstreamCluster> full(Limit limit) {
        return cluster -> {
            LimitCounter counter = limit.of(counters(cluster));
            return counter.used() >= counter.limit() ? 1 : 0;
        };
    }

    private static ToDoubleFunction<UpstreamCluster> endpoints(Predicate<EndpointView> which) {
        return cluster -> cluster.balancer().endpoints().stream().filter(which).count();
    }

    private static ClusterCounters counters(UpstreamCluster cluster) {
        return cluster.balancer().counters();
    }
}
