package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.consul.chain.ResolverSpec;
import io.weft.compiler.dialect.consul.chain.ResolverSpec.FailoverSpec;
import io.weft.compiler.dialect.consul.chain.ResolverSpec.SubsetSpec;
import io.weft.compiler.dialect.consul.chain.ResolverSpec.TargetOptions;
import io.weft.compiler.yaml.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code ServiceResolver}. */
final class ResolverReader {

    private static final Pattern SUBSET_NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** A resolver, and which endpoints its subsets are. */
    record Read(ResolverSpec spec, Map<String, ClusterPlan.Subset> subsets, boolean nearestFirst) {
        Read {
            subsets = Map.copyOf(subsets);
        }
    }

    private ResolverReader() {}

    /** Whether a subset may be called so: a DNS label. */
    static boolean isSubsetName(String name) {
        return SUBSET_NAME.matcher(name).matches();
    }

    static Read read(Field root) {
        Field spec = root.get("spec");
        Map<String, ClusterPlan.Subset> subsets = new HashMap<>();
        Map<String, SubsetSpec> specs = new HashMap<>();
        spec.get("subsets")
                .entries()
                .forEach((name, subset) -> {
                    if (!isSubsetName(name)) {
                        subset.error(
                                Code.INVALID_VALUE,
                                "'" + name + "' (expected: a DNS label: a-z, 0-9, and - between)",
                                "rename the subset");
                    }
                    subsets.put(name, subset(subset));
                    specs.put(
                            name,
                            new SubsetSpec(
                                    subset.get("filter").text(""),
                                    subset.get("onlyPassing").bool(false)));
                });
        String defaultSubset = spec.get("defaultSubset").text("");
        requireSubset(spec.get("defaultSubset"), defaultSubset, specs.keySet());
        Field redirect = spec.get("redirect");
        Field failover = spec.get("failover");
        if (redirect.isPresent() && failover.isPresent() && !failover.isEmpty()) {
            redirect.error(
                    Code.CONTRADICTION,
                    "redirect and failover exclude each other",
                    "keep one of the two");
        }
        Map<String, FailoverSpec> heirs = new HashMap<>();
        failover.entries()
                .forEach((subset, field) ->
                        heirs.put(subset, failover(root, field, subset, specs.keySet())));
        ResolverSpec resolver =
                new ResolverSpec(
                        Names.own(root),
                        false,
                        defaultSubset,
                        specs,
                        redirect.isPresent() ? redirect(root, redirect, specs.keySet()) : null,
                        heirs,
                        notNegative(spec.get("connectTimeout")),
                        notNegative(spec.get("requestTimeout")),
                        BalancerReader.read(spec.get("loadBalancer")),
                        root.origin());
        return new Read(resolver, subsets, nearestFirst(spec.get("prioritizeByLocality")));
    }

    /** Whether nearer instances come first. */
    static boolean nearestFirst(Field locality) {
        Field mode = locality.get("mode");
        String text = mode.text("");
        if (!Set.of("", "none", "failover").contains(text)) {
            mode.reportValue(text, "none, failover");
        }
        return text.equals("failover");
    }

    private static @Nullable Duration notNegative(Field field) {
        Duration duration = field.duration().orElse(null);
        if (duration != null && duration.isNegative()) {
            field.error(Code.INVALID_DURATION, "negative (expected: >= 0)", "write it as 10s");
        }
        return duration == null || duration.isZero() || duration.isNegative() ? null : duration;
    }

    private static void requireSubset(Field field, String name, Set<String> known) {
        if (!name.isEmpty() && !known.contains(name)) {
            field.error(
                    Code.UNKNOWN_SUBSET,
                    "'" + name + "' (expected: one of " + known + ")",
                    "define the subset");
        }
    }

    private static ClusterPlan.Subset subset(Field subset) {
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

    private static TargetOptions redirect(Field root, Field field, Set<String> subsets) {
        TargetOptions to = options(field);
        if (field.isEmpty()
                || to.equals(new TargetOptions("", "", "", "", ""))
                        && field.get("samenessGroup").text("").isEmpty()) {
            field.error(
                    Code.MISSING_FIELD,
                    "redirects nowhere (expected: service, serviceSubset, datacenter or peer)",
                    "say where, or remove redirect");
        }
        if (!to.subset().isEmpty() && to.service().isEmpty()) {
            field.get("serviceSubset")
                    .error(
                            Code.MISSING_FIELD,
                            "a subset without a service",
                            "add service: " + root.resource().name());
        }
        field.get("samenessGroup").unsupported("a redirect names one service");
        check(root, field, to, subsets);
        if (!to.peer().isEmpty() && to.service().isEmpty()) {
            field.get("service").reportMissing();
        }
        return to;
    }

    private static TargetOptions options(Field field) {
        Names.refusePartition(field);
        return new TargetOptions(
                field.get("service").text(""),
                field.get("serviceSubset").text(""),
                field.get("namespace").text(""),
                field.get("datacenter").text(""),
                field.get("peer").text(""));
    }

    private static void check(Field root, Field field, TargetOptions to, Set<String> subsets) {
        boolean own = to.service().isEmpty() || to.service().equals(root.resource().name());
        if (!to.peer().isEmpty() && !(to.subset() + to.datacenter()).isEmpty()) {
            field.get("peer")
                    .error(
                            Code.CONTRADICTION,
                            "a peer together with a subset or a datacenter",
                            "remove serviceSubset and datacenter: the peer has its own");
        } else if (own && to.datacenter().isEmpty()) {
            requireSubset(field.get("serviceSubset"), to.subset(), subsets);
        }
    }

    private static FailoverSpec failover(
            Field root, Field field, String subset, Set<String> subsets) {
        if (!subset.equals("*")) {
            requireSubset(field, subset, subsets);
        }
        TargetOptions base = options(field);
        check(root, field, base, subsets);
        List<String> datacenters = new ArrayList<>();
        for (Field item : field.get("datacenters").items()) {
            if (item.text("").isEmpty()) {
                item.error(Code.INVALID_VALUE, "an empty datacenter", "remove it");
            }
            datacenters.add(item.text(""));
        }
        List<TargetOptions> targets = new ArrayList<>();
        for (Field item : field.get("targets").items()) {
            TargetOptions to = options(item);
            check(root, item, to, subsets);
            targets.add(to);
        }
        String group = field.get("samenessGroup").text("");
        boolean elsewhere = !(base.service() + base.subset() + base.namespace()).isEmpty();
        if (!targets.isEmpty() && (elsewhere || !datacenters.isEmpty() || !group.isEmpty())) {
            field.get("targets")
                    .error(
                            Code.CONTRADICTION,
                            "targets together with service, serviceSubset, datacenters or"
                                    + " samenessGroup",
                            "write them as targets");
        }
        if (targets.isEmpty() && datacenters.isEmpty() && !elsewhere && group.isEmpty()) {
            field.error(
                    Code.MISSING_FIELD,
                    "nobody takes over (expected: service, serviceSubset, namespace, targets,"
                            + " samenessGroup or datacenters)",
                    "say who, or remove it");
        }
        failoverPolicy(field.get("policy"));
        return new FailoverSpec(base, datacenters, targets, group, field.origin());
    }

    /** Targets are taken in their order. */
    static void failoverPolicy(Field policy) {
        Field mode = policy.get("mode");
        String text = mode.text("");
        switch (text) {
            case "", "sequential" -> {}
            case "order-by-locality" ->
                    mode.unsupported("targets take over in the order in which they are written");
            default -> mode.reportValue(text, "sequential, order-by-locality");
        }
        policy.get("regions").unsupported("targets take over in the order of the file");
    }
}
