package io.weft.compiler.dialect.consul;

import io.weft.compiler.conformance.ConformanceData.Json;
import io.weft.compiler.dialect.consul.chain.ChainNode;
import io.weft.compiler.dialect.consul.chain.ChainTarget;
import io.weft.compiler.dialect.consul.chain.DiscoveryChain;
import io.weft.compiler.dialect.consul.chain.HeaderModifiers;
import io.weft.compiler.dialect.consul.chain.LoadBalancer;
import io.weft.compiler.dialect.consul.chain.ServiceName;
import io.weft.compiler.dialect.consul.chain.SplitterSpec.SplitSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Discovery chains in the form of Consul's API; members of zero value are left out. */
final class ChainText {

    private ChainText() {}

    /**
     * A chain.
     *
     * @param entries those that it was compiled from: routes are taken from them as they are
     */
    static Map<String, Object> of(DiscoveryChain chain, List<Json> entries) {
        Map<String, Object> text = new TreeMap<>();
        text.put("ServiceName", chain.service().name());
        text.put("Namespace", chain.service().namespace());
        text.put("Partition", "default");
        text.put("Datacenter", chain.datacenter());
        text.put("Protocol", chain.protocol());
        put(text, "Default", chain.isDefault());
        text.put("StartNode", chain.startNode());
        Map<String, Object> nodes = new TreeMap<>();
        chain.nodes().forEach((key, node) -> nodes.put(key, node(node, chain, entries)));
        text.put("Nodes", nodes);
        Map<String, Object> targets = new TreeMap<>();
        chain.targets().forEach((id, target) -> targets.put(id, target(target)));
        text.put("Targets", targets);
        put(
                text,
                "EnvoyExtensions",
                chain.extensions().stream().map(name -> Map.of("Name", name)).toList());
        put(text, "ServiceMeta", new TreeMap<>(chain.meta()));
        return text;
    }

    private static void put(Map<String, Object> into, String name, @Nullable Object value) {
        boolean zero =
                value == null
                        || value.equals("")
                        || value.equals(false)
                        || value.equals(0)
                        || value instanceof List<?> list && list.isEmpty()
                        || value instanceof Map<?, ?> map && map.isEmpty();
        if (!zero) {
            into.put(name, value);
        }
    }

    private static Map<String, Object> node(
            ChainNode node, DiscoveryChain chain, List<Json> entries) {
        Map<String, Object> text = new TreeMap<>();
        text.put("Name", node.name());
        switch (node) {
            case ChainNode.Router router -> {
                text.put("Type", "router");
                text.put("Routes", routes(router, chain.service(), entries));
            }
            case ChainNode.Splitter splitter -> {
                text.put("Type", "splitter");
                text.put("Splits", splitter.splits().stream().map(ChainText::split).toList());
                put(text, "LoadBalancer", balancer(splitter.loadBalancer()));
            }
            case ChainNode.Resolver resolver -> {
                text.put("Type", "resolver");
                Map<String, Object> own = new TreeMap<>();
                put(own, "Default", resolver.isDefault());
                own.put("ConnectTimeout", duration(resolver.connectTimeout()));
                put(own, "RequestTimeout", duration(resolver.requestTimeout()));
                own.put("Target", resolver.target());
                if (!resolver.failover().isEmpty()) {
                    own.put("Failover", Map.of("Targets", resolver.failover()));
                }
                text.put("Resolver", own);
                put(text, "LoadBalancer", balancer(resolver.loadBalancer()));
            }
        }
        return text;
    }

    private static List<Object> routes(
            ChainNode.Router router, ServiceName service, List<Json> entries) {
        List<Json> written =
                entries.stream()
                        .filter(e ->
                                e.get("Kind").text().equals("service-router")
                                        && e.get("Name").text().equals(service.name()))
                        .flatMap(e -> e.get("Routes").items().stream())
                        .toList();
        List<Object> routes = new ArrayList<>();
        for (ChainNode.ChainRoute route : router.routes()) {
            Object definition =
                    route.spec() != null
                            ? normal(written.get(routes.size()).value())
                            : Map.of(
                                    "Match",
                                    Map.of("HTTP", Map.of("PathPrefix", "/")),
                                    "Destination",
                                    Map.of(
                                            "Service", service.name(),
                                            "Namespace", service.namespace(),
                                            "Partition", "default"));
            routes.add(Map.of("Definition", definition, "NextNode", route.next()));
        }
        return routes;
    }

    private static Map<String, Object> split(ChainNode.ChainSplit split) {
        return Map.of(
                "Definition",
                split(split.spec()),
                "Weight",
                percent(split.hundredths()),
                "NextNode",
                split.next());
    }

    private static Map<String, Object> split(SplitSpec spec) {
        Map<String, Object> text = new TreeMap<>();
        text.put("Weight", percent(spec.hundredths()));
        put(text, "Service", spec.service());
        put(text, "ServiceSubset", spec.subset());
        put(text, "Namespace", spec.namespace());
        put(text, "RequestHeaders", headers(spec.requestHeaders()));
        put(text, "ResponseHeaders", headers(spec.responseHeaders()));
        return text;
    }

    private static Map<String, Object> headers(HeaderModifiers headers) {
        Map<String, Object> text = new TreeMap<>();
        put(text, "Add", new TreeMap<>(headers.add()));
        put(text, "Set", new TreeMap<>(headers.set()));
        put(text, "Remove", headers.remove());
        return text;
    }

    private static @Nullable Map<String, Object> balancer(@Nullable LoadBalancer balancer) {
        if (balancer == null) {
            return null;
        }
        Map<String, Object> text = new TreeMap<>();
        put(text, "Policy", balancer.policy());
        Map<String, Object> least = new TreeMap<>();
        put(least, "ChoiceCount", number(balancer.choices()));
        put(text, "LeastRequestConfig", least);
        Map<String, Object> ring = new TreeMap<>();
        put(ring, "MinimumRingSize", number(balancer.minimumRingSize()));
        put(ring, "MaximumRingSize", number(balancer.maximumRingSize()));
        put(text, "RingHashConfig", ring);
        put(text, "HashPolicies", balancer.hashPolicies().stream().map(ChainText::hash).toList());
        return text;
    }

    private static Map<String, Object> hash(LoadBalancer.HashPolicy policy) {
        Map<String, Object> text = new TreeMap<>();
        put(text, "Field", policy.field());
        put(text, "FieldValue", policy.fieldValue());
        put(text, "SourceIP", policy.sourceIp());
        put(text, "Terminal", policy.terminal());
        LoadBalancer.Cookie cookie = policy.cookie();
        if (cookie != null) {
            Map<String, Object> config = new TreeMap<>();
            put(config, "Session", cookie.session());
            put(config, "TTL", duration(cookie.ttl()));
            put(config, "Path", cookie.path());
            put(text, "CookieConfig", config);
        }
        return text;
    }

    private static Map<String, Object> target(ChainTarget target) {
        Map<String, Object> text = new TreeMap<>();
        text.put("Service", target.service().name());
        put(text, "ServiceSubset", target.subset());
        text.put("Namespace", target.service().namespace());
        text.put("Partition", "default");
        put(text, "Datacenter", target.datacenter());
        put(text, "Peer", target.peer());
        text.put("ID", target.id());
        put(text, "SNI", target.sni());
        put(text, "Name", target.name());
        text.put("ConnectTimeout", duration(target.connectTimeout()));
        put(text, "External", target.external());
        if (target.subsetSpec() != null) {
            Map<String, Object> subset = new TreeMap<>();
            put(subset, "Filter", target.subsetSpec().filter());
            put(subset, "OnlyPassing", target.subsetSpec().onlyPassing());
            put(text, "Subset", subset);
        }
        if (!target.meshGateway().isEmpty()) {
            text.put("MeshGateway", Map.of("Mode", target.meshGateway()));
        }
        if (target.dialedDirectly()) {
            text.put("TransparentProxy", Map.of("DialedDirectly", true));
        }
        Map<String, Object> where = new TreeMap<>();
        put(where, "Region", target.locality().region());
        put(where, "Zone", target.locality().zone());
        put(text, "Locality", where);
        return text;
    }

    /** As Consul writes them: 5s, 2m. */
    private static @Nullable String duration(@Nullable Duration duration) {
        if (duration == null) {
            return null;
        }
        return duration.toSeconds() % 60 == 0
                ? duration.toMinutes() + "m"
                : duration.toSeconds() + "s";
    }

    private static @Nullable BigDecimal number(int value) {
        return value == 0 ? null : BigDecimal.valueOf(value).stripTrailingZeros();
    }

    private static BigDecimal percent(int hundredths) {
        return BigDecimal.valueOf(hundredths, 2).stripTrailingZeros();
    }

    /** A JSON value with comparable numbers. */
    static Object normal(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> members = new TreeMap<>();
                map.forEach((name, member) -> members.put(String.valueOf(name), normal(member)));
                yield members;
            }
            case List<?> list -> list.stream().map(ChainText::normal).toList();
            case Number number -> new BigDecimal(number.toString()).stripTrailingZeros();
            case null -> "";
            default -> value;
        };
    }
}
