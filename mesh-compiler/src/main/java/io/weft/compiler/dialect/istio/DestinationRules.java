package io.weft.compiler.dialect.istio;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All DestinationRules: by namespace, then by host. Immutable once made. */
final class DestinationRules {

    /** A rule; several of one host and namespace are united when they are looked up. */
    record Rule(
            String host,
            ExportScope exportTo,
            Map<String, String> workloadSelector,
            TrafficPolicySpec policy,
            Map<String, Subset> subsets,
            Origin origin) {}

    /** A named part of the endpoints. */
    record Subset(Map<String, String> labels, TrafficPolicySpec policy, Origin origin) {}

    private final String rootNamespace;
    private final Map<String, Map<String, List<Rule>>> byNamespace = new HashMap<>();
    private final Map<String, List<String>> wildcards = new HashMap<>();
    private final Map<String, Set<String>> subsetsByHost = new HashMap<>();

    DestinationRules(String rootNamespace, List<Rule> rules) {
        this.rootNamespace = rootNamespace;
        for (Rule rule : rules) {
            String namespace = rule.origin().namespace();
            List<Rule> same =
                    byNamespace
                            .computeIfAbsent(namespace, ns -> new HashMap<>())
                            .computeIfAbsent(rule.host(), host -> new ArrayList<>());
            if (same.isEmpty() && rule.host().startsWith("*")) {
                wildcards.computeIfAbsent(namespace, ns -> new ArrayList<>()).add(rule.host());
            }
            same.add(rule);
            subsetsByHost
                    .computeIfAbsent(rule.host(), host -> new HashSet<>())
                    .addAll(rule.subsets().keySet());
        }
        wildcards
                .values()
                .forEach(list -> list.sort((a, b) -> Integer.compare(b.length(), a.length())));
    }

    static Rule read(Field root) {
        Field spec = root.get("spec");
        String host = spec.get("host").required();
        TrafficPolicySpec policy = TrafficPolicyReader.read(spec.get("trafficPolicy"));
        Map<String, Subset> subsets = new LinkedHashMap<>();
        for (Field item : spec.get("subsets").items()) {
            String name = item.get("name").required();
            TrafficPolicySpec own = TrafficPolicyReader.read(item.get("trafficPolicy"));
            warnOfReplacedBlocks(item, policy, own);
            Subset subset = new Subset(item.get("labels").texts(), own, item.origin());
            if (subsets.putIfAbsent(name, subset) != null) {
                item.get("name")
                        .error(
                                Code.CONTRADICTION,
                                "subset '" + name + "' is there twice",
                                "give each subset a name of its own");
            }
        }
        return new Rule(
                IstioHosts.qualify(host, root.resource().namespace()),
                ExportScope.read(spec.get("exportTo")),
                spec.get("workloadSelector").get("matchLabels").texts(),
                policy,
                subsets,
                root.origin());
    }

    /** A port's policy stands for itself: what the parent says is lost, which surprises people. */
    private static void warnOfReplacedBlocks(
            Field subset, TrafficPolicySpec parent, TrafficPolicySpec own) {
        TrafficPolicySpec.Blocks inherited = own.blocks().over(parent.blocks());
        own.byPort()
                .forEach((port, blocks) -> {
                    List<String> lost = new ArrayList<>();
                    if (inherited.limits() != null && blocks.limits() == null) {
                        lost.add("connectionPool");
                    }
                    if (inherited.outlier() != null && blocks.outlier() == null) {
                        lost.add("outlierDetection");
                    }
                    if (inherited.tls() != null && blocks.tls() == null) {
                        lost.add("tls");
                    }
                    if (!lost.isEmpty()) {
                        subset.get("trafficPolicy")
                                .get("portLevelSettings")
                                .warn(
                                        Code.INEFFECTIVE_POLICY,
                                        "the settings of port "
                                                + port
                                                + " replace those of the rule as a whole:"
                                                + " its "
                                                + String.join(", ", lost)
                                                + (lost.size() == 1 ? " does" : " do")
                                                + " not hold for this subset",
                                        "repeat " + String.join(", ", lost) + " for port " + port);
                    }
                });
    }

    /** Whether any rule for the host defines the subset. */
    boolean definesSubset(String host, String subset) {
        return definesExactly(host, subset)
                || wildcards.values().stream()
                        .flatMap(List::stream)
                        .filter(wildcard -> IstioHosts.covers(wildcard, host))
                        .anyMatch(wildcard -> definesExactly(wildcard, subset));
    }

    private boolean definesExactly(String host, String subset) {
        return subsetsByHost.getOrDefault(host, Set.of()).contains(subset);
    }

    /** What holds for a client's connections to a service port. */
    Optional<ClusterPlan> plan(
            WorkloadView client, MeshService service, int port, String subsetName) {
        Rule rule = find(client, service);
        if (rule == null) {
            return Optional.empty();
        }
        Subset subset = subsetName.isEmpty() ? null : rule.subsets().get(subsetName);
        TrafficPolicySpec.Blocks blocks =
                TrafficPolicySpec.effective(
                        rule.policy(),
                        subset == null ? TrafficPolicySpec.EMPTY : subset.policy(),
                        port);
        TrafficPolicySpec.Balancing balancing = blocks.balancing();
        TlsSpec tls = blocks.tls();
        return Optional.of(
                new ClusterPlan(
                        subset == null ? null : new ClusterPlan.Subset(subset.labels(), null),
                        balancing == null ? null : balancing.algorithm(),
                        balancing == null ? null : balancing.locality(),
                        blocks.limits(),
                        blocks.outlier(),
                        tls == null ? null : tls.forClient(client),
                        balancing == null ? null : balancing.warmup(),
                        blocks.proxyProtocol(),
                        List.of(),
                        subset == null ? rule.origin() : subset.origin()));
    }

    /** The client's namespace, then the service's, then the root one; nothing is inherited. */
    private @Nullable Rule find(WorkloadView client, MeshService service) {
        Rule own = in(client.namespace(), client, service);
        if (own != null) {
            return own;
        }
        Rule servers = in(service.namespace(), client, service);
        return servers != null ? servers : in(rootNamespace, client, service);
    }

    private @Nullable Rule in(String namespace, WorkloadView client, MeshService service) {
        Map<String, List<Rule>> hosts = byNamespace.get(namespace);
        if (hosts == null) {
            return null;
        }
        Rule exact = united(hosts.get(service.host()), client);
        if (exact != null) {
            return exact;
        }
        for (String wildcard : wildcards.getOrDefault(namespace, List.of())) {
            if (IstioHosts.covers(wildcard, service.host())) {
                Rule rule = united(hosts.get(wildcard), client);
                if (rule != null) {
                    return rule;
                }
            }
        }
        return null;
    }

    /** Subsets are united, the first traffic policy wins; a selected client's rule goes alone. */
    private static @Nullable Rule united(@Nullable List<Rule> rules, WorkloadView client) {
        if (rules == null) {
            return null;
        }
        List<Rule> visible =
                rules.stream()
                        .filter(rule -> rule.exportTo().includes(client.namespace()))
                        .filter(rule -> client.hasLabels(rule.workloadSelector()))
                        .filter(rule ->
                                rule.workloadSelector().isEmpty()
                                        || rule.origin().namespace().equals(client.namespace()))
                        .toList();
        if (visible.isEmpty()) {
            return null;
        }
        Optional<Rule> selected =
                visible.stream().filter(rule -> !rule.workloadSelector().isEmpty()).findFirst();
        if (selected.isPresent() || visible.size() == 1) {
            return selected.orElseGet(visible::getFirst);
        }
        Rule first = visible.getFirst();
        Map<String, Subset> subsets = new LinkedHashMap<>();
        visible.forEach(rule -> rule.subsets().forEach(subsets::putIfAbsent));
        TrafficPolicySpec policy =
                visible.stream()
                        .map(Rule::policy)
                        .filter(p -> !p.equals(TrafficPolicySpec.EMPTY))
                        .findFirst()
                        .orElse(TrafficPolicySpec.EMPTY);
        return new Rule(first.host(), first.exportTo(), Map.of(), policy, subsets, first.origin());
    }
}
