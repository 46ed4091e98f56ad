package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code LoadBalancerSettings}. */
final class LoadBalancerReader {

    private static final int DEFAULT_RING = 1024;
    private static final double MIN_WARMUP_PERCENT = 10;

    private LoadBalancerReader() {}

    static TrafficPolicySpec.@Nullable Balancing read(Field block) {
        if (!block.isPresent()) {
            return null;
        }
        Field hash = block.get("consistentHash");
        Field simple = block.get("simple");
        if (hash.isPresent() && simple.isPresent()) {
            block.error(
                    Code.CONTRADICTION, "both simple and consistentHash", "keep one of the two");
        }
        return new TrafficPolicySpec.Balancing(
                hash.isPresent() ? hash(hash) : simple(simple),
                locality(block.get("localityLbSetting")),
                warmup(block));
    }

    /** {@code Warmup}, or its old spelling, which Istio reads as well. */
    private static EndpointCare.@Nullable SlowStart warmup(Field block) {
        Field warmup = block.get("warmup");
        Field old = block.get("warmupDurationSecs");
        if (warmup.isPresent()) {
            old.accept();
            if (!warmup.get("duration").isPresent()) {
                warmup.get("duration").reportMissing();
            }
            return slowStart(
                    warmup.get("duration"),
                    warmup.get("minimumPercent").number(0, 100).orElse(MIN_WARMUP_PERCENT),
                    warmup.get("aggression").number(1, Double.MAX_VALUE).orElse(1));
        }
        if (!old.isPresent()) {
            return null;
        }
        old.warn(
                Code.LEGACY_FIELD,
                "read as warmup: {duration: …}",
                "write warmup: {duration: " + old.text("") + "}");
        return slowStart(old, MIN_WARMUP_PERCENT, 1);
    }

    private static EndpointCare.@Nullable SlowStart slowStart(
            Field duration, double minPercent, double aggression) {
        Duration window = duration.duration().orElse(Duration.ZERO);
        if (window.isZero() || window.isNegative()) {
            return null; // Reported as missing or as no duration already, or switched off by 0s.
        }
        return new EndpointCare.SlowStart(window, (int) minPercent, Math.max(1, aggression));
    }

    private static LoadBalancing simple(Field simple) {
        String name = simple.text("UNSPECIFIED");
        switch (name) {
            case "UNSPECIFIED", "LEAST_REQUEST" -> {
                return new LoadBalancing.LeastRequest();
            }
            case "LEAST_CONN" -> {
                simple.warn(
                        Code.LEGACY_VALUE,
                        "'LEAST_CONN' is the old name of LEAST_REQUEST and is read as that",
                        "write LEAST_REQUEST");
                return new LoadBalancing.LeastRequest();
            }
            case "ROUND_ROBIN" -> {
                return new LoadBalancing.RoundRobin();
            }
            case "RANDOM" -> {
                return new LoadBalancing.Random();
            }
            case "PASSTHROUGH" -> {
                return new LoadBalancing.Passthrough();
            }
            default -> {
                simple.reportValue(name, "LEAST_REQUEST, ROUND_ROBIN, RANDOM, PASSTHROUGH");
                return new LoadBalancing.LeastRequest();
            }
        }
    }

    private static LoadBalancing hash(Field hash) {
        Field ring = hash.get("ringHash");
        Field maglev = hash.get("maglev");
        int size = ring.get("minimumRingSize").integer(1, 8_388_608, DEFAULT_RING);
        Field old = hash.get("minimumRingSize");
        if (old.isPresent()) {
            old.warn(
                    Code.LEGACY_FIELD,
                    "read as ringHash.minimumRingSize",
                    "write ringHash: {minimumRingSize: …}");
            size = old.integer(1, 8_388_608, DEFAULT_RING);
        }
        int table = maglev.get("tableSize").integer(1, 5_000_011, 65_537);
        return new LoadBalancing.ConsistentHash(
                key(hash),
                maglev.isPresent() ? LoadBalancing.Table.MAGLEV : LoadBalancing.Table.RING,
                maglev.isPresent() ? table : size);
    }

    private static LoadBalancing.HashKey key(Field hash) {
        String header = hash.get("httpHeaderName").text("");
        String query = hash.get("httpQueryParameterName").text("");
        Field cookie = hash.get("httpCookie");
        boolean source = hash.get("useSourceIp").bool(false);
        int keys =
                (header.isEmpty() ? 0 : 1)
                        + (query.isEmpty() ? 0 : 1)
                        + (cookie.isPresent() ? 1 : 0)
                        + (source ? 1 : 0);
        if (keys != 1) {
            hash.error(
                    Code.CONTRADICTION,
                    keys + " hash keys (expected: one)",
                    "keep one of httpHeaderName, httpCookie, useSourceIp,"
                            + " httpQueryParameterName");
        }
        if (!header.isEmpty()) {
            return new LoadBalancing.HashKey.Header(header.toLowerCase(Locale.ROOT));
        }
        if (cookie.isPresent()) {
            Duration ttl = cookie.get("ttl").duration().orElse(null);
            return new LoadBalancing.HashKey.Cookie(
                    cookie.get("name").required(), cookie.get("path").text().orElse(null), ttl);
        }
        return query.isEmpty()
                ? new LoadBalancing.HashKey.SourceIp()
                : new LoadBalancing.HashKey.QueryParam(query);
    }

    private static @Nullable LocalityPolicy locality(Field setting) {
        if (!setting.isPresent()) {
            return null;
        }
        if (!setting.get("enabled").bool(true)) {
            setting.accept();
            return LocalityPolicy.OFF;
        }
        Map<String, String> regions = new HashMap<>();
        for (Field item : setting.get("failover").items()) {
            regions.put(item.get("from").required(), item.get("to").required());
        }
        List<LocalityPolicy.Distribution> distribute = new ArrayList<>();
        for (Field item : setting.get("distribute").items()) {
            distribute.add(distribution(item));
        }
        boolean everywhere = distribute.size() == 1 && distribute.getFirst().from().equals("*");
        return new LocalityPolicy(
                distribute.isEmpty(),
                setting.get("failoverPriority").textItems(),
                regions,
                everywhere ? distribute.getFirst().to() : Map.of(),
                everywhere || distribute.isEmpty() ? null : distribute);
    }

    private static LocalityPolicy.Distribution distribution(Field item) {
        Map<String, Integer> to = new HashMap<>();
        item.get("to").entries().forEach((pattern, w) -> to.put(pattern, w.integer(0, 100, 0)));
        int sum = to.values().stream().mapToInt(Integer::intValue).sum();
        if (sum != 100) {
            item.get("to")
                    .error(
                            Code.WEIGHTS,
                            "the weights sum to " + sum + " (expected: 100)",
                            "write percentages; a locality that is not listed gets nothing");
        }
        return new LocalityPolicy.Distribution(item.get("from").required(), to);
    }
}
