package io.weft.dataplane.assembly;

import io.weft.dataplane.config.ConfigSink;
import io.weft.dataplane.config.ResourceSet;
import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.statistics.ClusterStatistics;
import io.weft.dataplane.telemetry.CompositeExchangeLog;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.TrustBundle;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.telemetry.Telemetry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Takes a configuration into force in all places that it concerns, or in none. */
final class Observers {

    private final MeshTls tls;
    private final CompositeExchangeLog log;
    private final ClusterStatistics statistics;
    private final Consumer<ResourceSet> check;
    private final Consumer<ResourceSet> applied;
    private Telemetry telemetry = Telemetry.DEFAULT;

    Observers(
            MeshTls tls,
            CompositeExchangeLog log,
            ClusterStatistics statistics,
            Consumer<ResourceSet> check,
            Consumer<ResourceSet> applied) {
        this.tls = tls;
        this.log = log;
        this.statistics = statistics;
        this.check = check;
        this.applied = applied;
    }

    ConfigSink around(ConfigSink sink) {
        return resources -> apply(resources, sink);
    }

    private void apply(ResourceSet resources, ConfigSink sink) {
        check.accept(resources);
        Telemetry before = telemetry;
        Telemetry next =
                resources.resources().get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config
                        ? config.telemetry()
                        : before;
        log.check(next);
        ClusterStatistics.check(next.metrics().selection());
        trust(resources);
        sink.apply(resources);
        log.update(next);
        statistics.select(next.metrics().selection());
        telemetry = next;
        applied.accept(resources);
    }

    private void trust(ResourceSet resources) {
        Map<String, String> bundles = bundles(resources.resources());
        Set<String> denied =
                resources.resources().values().stream()
                        .filter(TrustBundle.class::isInstance)
                        .map(TrustBundle.class::cast)
                        .map(TrustBundle::denied)
                        .filter(Objects::nonNull)
                        .flatMap(List::stream)
                        .collect(Collectors.toSet());
        Map<String, String> tokenKeys = new HashMap<>();
        for (MeshResource each : resources.resources().values()) {
            if (each instanceof TrustBundle bundle && bundle.tokenKeys() != null) {
                tokenKeys.put(bundle.trustDomain(), bundle.tokenKeys());
            }
        }
        if (!bundles.isEmpty()) {
            tls.trust(bundles, tokenKeys, denied);
        }
    }

    /**
     * Roots by trust domain. Our own vouch for the other names of our trust domain, too, unless a
     * name has roots of its own.
     */
    static Map<String, String> bundles(Map<String, MeshResource> resources) {
        Map<String, String> bundles = new HashMap<>();
        for (MeshResource resource : resources.values()) {
            if (resource instanceof TrustBundle bundle) {
                bundles.put(bundle.trustDomain(), bundle.rootsPem());
            }
        }
        if (resources.get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config) {
            String own = bundles.get(config.trustDomain());
            if (own != null) {
                config.trustDomainAliases().forEach(alias -> bundles.putIfAbsent(alias, own));
            }
        }
        return bundles;
    }
}
