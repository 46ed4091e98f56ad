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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
        if (!bundles.isEmpty()) {
            tls.trust(bundles, tokenKeys(resources.resources()), denied);
        }
    }

    /** Roots by trust domain. */
    static Map<String, String> bundles(Map<String, MeshResource> resources) {
        return byDomain(resources, TrustBundle::rootsPem);
    }

    /** Public keys of tokens by trust domain. */
    static Map<String, String> tokenKeys(Map<String, MeshResource> resources) {
        return byDomain(resources, TrustBundle::tokenKeys);
    }

    /**
     * What bundles hold. Our own stands for the other names of our trust domain, too, unless a name
     * has a bundle of its own.
     */
    private static Map<String, String> byDomain(
            Map<String, MeshResource> resources, Function<TrustBundle, @Nullable String> part) {
        Map<String, String> found = new HashMap<>();
        Set<String> bundled = new HashSet<>();
        for (MeshResource resource : resources.values()) {
            if (resource instanceof TrustBundle bundle) {
                bundled.add(bundle.trustDomain());
                String value = part.apply(bundle);
                if (value != null) {
                    found.put(bundle.trustDomain(), value);
                }
            }
        }
        if (resources.get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config) {
            String own = found.get(config.trustDomain());
            for (String alias : config.trustDomainAliases()) {
                if (own != null && !bundled.contains(alias)) {
                    found.put(alias, own);
                }
            }
        }
        return found;
    }
}
