package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.consul.chain.LoadBalancer;
import io.weft.compiler.dialect.consul.chain.LoadBalancer.Cookie;
import io.weft.compiler.dialect.consul.chain.LoadBalancer.HashPolicy;
import io.weft.compiler.yaml.Field;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LoadBalancing.HashKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code loadBalancer} of a resolver, and what it is in the mesh. */
final class BalancerReader {

    private static final Set<String> POLICIES =
            Set.of("", "random", "round_robin", "least_request", "ring_hash", "maglev");
    private static final int LARGEST_RING = 8_388_608;
    private static final int DEFAULT_RING = 1024;
    private static final int MAGLEV_TABLE = 65_537;

    private BalancerReader() {}

    static @Nullable LoadBalancer read(Field balancer) {
        if (!balancer.isPresent()) {
            return null;
        }
        Field policy = balancer.get("policy");
        String name = policy.text("");
        if (!POLICIES.contains(name)) {
            policy.reportValue(name, "random, round_robin, least_request, ring_hash, maglev");
        }
        Field least = balancer.get("leastRequestConfig");
        Field ring = balancer.get("ringHashConfig");
        onlyWith(least, name, "least_request");
        onlyWith(ring, name, "ring_hash");
        List<HashPolicy> hashes = new ArrayList<>();
        balancer.get("hashPolicies").items().forEach(item -> hashes.add(hash(item)));
        LoadBalancer read =
                new LoadBalancer(
                        name,
                        least.get("choiceCount").integer(0, Integer.MAX_VALUE, 0),
                        ring.get("minimumRingSize").integer(0, LARGEST_RING, 0),
                        ring.get("maximumRingSize").integer(0, LARGEST_RING, 0),
                        hashes,
                        balancer.origin());
        if (!hashes.isEmpty() && !read.isHashBased()) {
            balancer.get("hashPolicies")
                    .error(
                            Code.CONTRADICTION,
                            "hash policies with policy '"
                                    + name
                                    + "' (expected: ring_hash, maglev)",
                            "use policy ring_hash or maglev, or remove hashPolicies");
        }
        tellTheDifferences(balancer, read);
        return read;
    }

    private static void tellTheDifferences(Field balancer, LoadBalancer read) {
        if (read.choices() > 2) {
            balancer.get("leastRequestConfig")
                    .get("choiceCount")
                    .warn(Code.UNSUPPORTED_FIELD, "two endpoints are compared always", "");
        }
        if (read.maximumRingSize() > 0) {
            balancer.get("ringHashConfig")
                    .get("maximumRingSize")
                    .warn(Code.UNSUPPORTED_FIELD, "a ring grows with its endpoints", "");
        }
        if (read.hashPolicies().size() > 1) {
            balancer.get("hashPolicies")
                    .warn(
                            Code.UNSUPPORTED_FIELD,
                            "the first hash policy counts, the others do not",
                            "keep one");
        }
    }

    private static void onlyWith(Field config, String policy, String wanted) {
        if (config.isPresent() && !policy.equals(wanted)) {
            config.error(
                    Code.CONTRADICTION,
                    "given with policy '" + policy + "' (expected: " + wanted + ")",
                    "use policy " + wanted + ", or remove it");
        }
    }

    private static HashPolicy hash(Field policy) {
        boolean sourceIp = policy.get("sourceIP").bool(false);
        Field fieldField = policy.get("field");
        String field = fieldField.text("");
        String value = policy.get("fieldValue").text("");
        Field cookieField = policy.get("cookieConfig");
        if (!Set.of("", "header", "cookie", "query_parameter").contains(field)) {
            fieldField.reportValue(field, "header, cookie, query_parameter");
        }
        if (sourceIp && (!field.isEmpty() || !value.isEmpty())) {
            policy.error(
                    Code.CONTRADICTION,
                    "both the source address and a field are hashed (expected: one)",
                    "write two hash policies");
        } else if (!sourceIp && field.isEmpty() != value.isEmpty()) {
            policy.get(field.isEmpty() ? "field" : "fieldValue").reportMissing();
        }
        Cookie cookie = null;
        if (cookieField.isPresent()) {
            cookie = cookie(cookieField);
            if (!field.equals("cookie")) {
                cookieField.error(
                        Code.CONTRADICTION,
                        "given for field '" + field + "' (expected: cookie)",
                        "remove cookieConfig");
            }
        }
        return new HashPolicy(field, value, sourceIp, policy.get("terminal").bool(false), cookie);
    }

    private static Cookie cookie(Field config) {
        boolean session = config.get("session").bool(false);
        Duration ttl = config.get("ttl").duration().filter(d -> !d.isZero()).orElse(null);
        if (session && ttl != null) {
            config.get("ttl")
                    .error(
                            Code.CONTRADICTION,
                            "a session cookie has no time to live",
                            "keep session or ttl");
        }
        return new Cookie(session, ttl, config.get("path").text(""));
    }

    static @Nullable LoadBalancing balancing(@Nullable LoadBalancer balancer) {
        if (balancer == null) {
            return null;
        }
        return switch (balancer.policy()) {
            case "random" -> new LoadBalancing.Random();
            case "least_request" -> new LoadBalancing.LeastRequest();
            case "ring_hash" ->
                    new LoadBalancing.ConsistentHash(
                            key(balancer.hashPolicies()),
                            LoadBalancing.Table.RING,
                            balancer.minimumRingSize() > 0
                                    ? balancer.minimumRingSize()
                                    : DEFAULT_RING);
            case "maglev" ->
                    new LoadBalancing.ConsistentHash(
                            key(balancer.hashPolicies()), LoadBalancing.Table.MAGLEV, MAGLEV_TABLE);
            default -> new LoadBalancing.RoundRobin();
        };
    }

    private static HashKey key(List<HashPolicy> policies) {
        if (policies.isEmpty()) {
            return new HashKey.SourceIp();
        }
        HashPolicy first = policies.getFirst();
        return switch (first.field()) {
            case "header" -> new HashKey.Header(first.fieldValue().toLowerCase(Locale.ROOT));
            case "cookie" -> cookie(first);
            case "query_parameter" -> new HashKey.QueryParam(first.fieldValue());
            default -> new HashKey.SourceIp();
        };
    }

    private static HashKey cookie(HashPolicy policy) {
        Cookie cookie = policy.cookie();
        if (cookie == null) {
            return new HashKey.Cookie(policy.fieldValue(), null, null);
        }
        return new HashKey.Cookie(
                policy.fieldValue(),
                cookie.path().isEmpty() ? null : cookie.path(),
                cookie.session() ? Duration.ZERO : cookie.ttl());
    }
}
