package io.weft.compiler.dialect.consul.chain;

import io.weft.model.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A ServiceResolver.
 *
 * @param isDefault whether no entry says it
 * @param failover by subset, or by {@code *}
 * @param connectTimeout null where it is not said
 */
public record ResolverSpec(
        ServiceName service,
        boolean isDefault,
        String defaultSubset,
        Map<String, SubsetSpec> subsets,
        @Nullable TargetOptions redirect,
        Map<String, FailoverSpec> failover,
        @Nullable Duration connectTimeout,
        @Nullable Duration requestTimeout,
        @Nullable LoadBalancer loadBalancer,
        Origin origin) {

    /** What connecting may take unless a resolver says otherwise. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    public ResolverSpec {
        subsets = java.util.Collections.unmodifiableMap(new TreeMap<>(subsets));
        failover = java.util.Collections.unmodifiableMap(new TreeMap<>(failover));
    }

    /** The resolver of a service that has none. */
    static ResolverSpec defaultOf(ServiceName service) {
        return new ResolverSpec(
                service,
                true,
                "",
                Map.of(),
                null,
                Map.of(),
                null,
                null,
                null,
                Origin.builtIn("the service as a whole"));
    }

    /** Which instances belong to a subset. */
    public record SubsetSpec(String filter, boolean onlyPassing) {}

    /** Parts of a target that a redirect or failover changes; empty leaves a part as it is. */
    public record TargetOptions(
            String service, String subset, String namespace, String datacenter, String peer) {}

    /**
     * Who takes over when no instance is healthy.
     *
     * @param datacenters the same target there, in this order
     * @param targets other targets, in this order
     * @param samenessGroup the members of this group, empty for none
     */
    public record FailoverSpec(
            TargetOptions target,
            List<String> datacenters,
            List<TargetOptions> targets,
            String samenessGroup,
            Origin origin) {
        public FailoverSpec {
            datacenters = List.copyOf(datacenters);
            targets = List.copyOf(targets);
        }
    }
}
