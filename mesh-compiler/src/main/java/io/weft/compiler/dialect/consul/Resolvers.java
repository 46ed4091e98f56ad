package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.cluster.LoadBalancing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All ServiceResolvers by the host of their service. Immutable once made. */
final class Resolvers {

    private static final int DEFAULT_RING = 1024;

    /**
     * @param redirect host that stands for this one; empty for none
     * @param requestTimeout null for none
     */
    record Resolver(
            String defaultSubset,
            Map<String, ClusterPlan.Subset> subsets,
            String redirect,
            String redirectSubset,
            @Nullable Duration connectTimeout,
            @Nullable Duration requestTimeout,
            @Nullable LoadBalancing balancing,
            Origin origin) {

        ClusterPlan.@Nullable Subset subset(String name) {
            return name.isEmpty() ? null : subsets.get(name);
        }

        /** Whether it changes where requests go or how long they may take. */
        boolean routes() {
            return !defaultSubset.isEmpty() || !redirect.isEmpty() || requestTimeout != null;
        }
    }

    private final Map<String, Resolver> byHost = new HashMap<>();

    @Nullable Resolver get(String host) {
        return byHost.get(host);
    }

    Map<String, Resolver> all() {
        return byHost;
    }

    void add(Field root) {
        Field spec = root.get("spec");
        Map<String, ClusterPlan.Subset> subsets = new HashMap<>();
        spec.get("subsets").entries().forEach((name, subset) -> subsets.put(name, subset(subset)));
        String defaultSubset = spec.get("defaultSubset").text("");
        if (!defaultSubset.isEmpty() && !subsets.containsKey(defaultSubset)) {
            spec.get("defaultSubset")
                    .error(
                            Code.UNKNOWN_SUBSET,
                            "'" + defaultSubset + "' (expected: one of " + subsets.keySet() + ")",
                            "define the subset");
        }
        Field redirect = spec.get("redirect");
        Field failover = spec.get("failover");
        if (redirect.isPresent() && failover.isPresent()) {
            redirect.error(
                    Code.CONTRADICTION,
                    "redirect and failover exclude each other",
                    "keep one of the two");
        }
        failover.unsupported("no other service takes over when none of this one is healthy");
        spec.get("prioritizeByLocality").unsupported("localities are not preferred");
        String namespace = redirect.get("namespace").text(root.resource().namespace());
        String service = redirect.get("service").text("");
        redirect.unsupported("redirects stay in this mesh", "datacenter", "partition", "peer");
        String own = Names.own(root);
        String target =
                redirect.isPresent()
                        ? service.isEmpty() ? own : Names.host(service, namespace)
                        : "";
        byHost.putIfAbsent(
                own,
                new Resolver(
                        defaultSubset,
                        subsets,
                        target.equals(own) ? "" : target,
                        redirect.get("serviceSubset").text(""),
                        spec.get("connectTimeout").duration().orElse(null),
                        spec.get("requestTimeout").duration().filter(d -> !d.isZero()).orElse(null),
                        balancing(spec.get("loadBalancer")),
                        root.origin()));
    }

    private static ClusterPlan.Subset subset(Field subset) {
        // Only ready endpoints are ever in the catalogue.
        subset.get("onlyPassing").accept();
        Field filter = subset.get("filter");
        String text = filter.text("");
        if (text.isBlank()) {
            return new ClusterPlan.Subset(Map.of(), null);
        }
        try {
            return SubsetFilter.parse(text);
        } catch (IllegalArgumentException e) {
            filter.error(
                    Code.INVALID_VALUE,
                    "'" + text + "': " + e.getMessage(),
                    "write a condition such as Service.Meta.version == v1");
            return new ClusterPlan.Subset(Map.of(), endpoint -> false);
        }
    }

    private static @Nullable LoadBalancing balancing(Field balancer) {
        if (!balancer.isPresent()) {
            return null;
        }
        Field policy = balancer.get("policy");
        String name = policy.text("");
        balancer.get("leastRequestConfig").accept();
        int ring =
                balancer.get("ringHashConfig")
                        .get("minimumRingSize")
                        .integer(1, 8_388_608, DEFAULT_RING);
        balancer.get("ringHashConfig").accept();
        Field hashes = balancer.get("hashPolicies");
        LoadBalancing.HashKey key = key(hashes);
        return switch (name) {
            case "", "round_robin" -> new LoadBalancing.RoundRobin();
            case "random" -> new LoadBalancing.Random();
            case "least_request" -> new LoadBalancing.LeastRequest();
            case "ring_hash" ->
                    new LoadBalancing.ConsistentHash(key, LoadBalancing.Table.RING, ring);
            case "maglev" ->
                    new LoadBalancing.ConsistentHash(key, LoadBalancing.Table.MAGLEV, 65_537);
            default -> {
                policy.reportValue(name, "random, round_robin, least_request, ring_hash, maglev");
                yield new LoadBalancing.RoundRobin();
            }
        };
    }

    private static LoadBalancing.HashKey key(Field policies) {
        for (Field policy : policies.items()) {
            policy.get("terminal").accept();
            policy.get("cookieConfig").accept();
            if (policy.get("sourceIP").bool(false)) {
                return new LoadBalancing.HashKey.SourceIp();
            }
            String value = policy.get("fieldValue").text("");
            switch (policy.get("field").text("")) {
                case "header" -> {
                    return new LoadBalancing.HashKey.Header(value.toLowerCase(Locale.ROOT));
                }
                case "cookie" -> {
                    return new LoadBalancing.HashKey.Cookie(value, null, null);
                }
                case "query_parameter" -> {
                    return new LoadBalancing.HashKey.QueryParam(value);
                }
                default -> policy.get("field").reportMissing();
            }
        }
        return new LoadBalancing.HashKey.SourceIp();
    }
}
