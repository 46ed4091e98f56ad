package io.weft.compiler.dialect.consul.chain;

import io.weft.model.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a resolver balances; zero and empty are what is not said.
 *
 * @param choices how many endpoints {@code least_request} compares
 */
public record LoadBalancer(
        String policy,
        int choices,
        int minimumRingSize,
        int maximumRingSize,
        List<HashPolicy> hashPolicies,
        Origin origin) {

    private static final Set<String> HASH_BASED = Set.of("maglev", "ring_hash");

    public LoadBalancer {
        hashPolicies = List.copyOf(hashPolicies);
    }

    /** Whether equal keys go to equal endpoints. */
    public boolean isHashBased() {
        return HASH_BASED.contains(policy);
    }

    /**
     * What is hashed.
     *
     * @param field header, cookie, query_parameter, or empty with {@code sourceIp}
     * @param terminal whether later ones are left out once this one is there
     */
    public record HashPolicy(
            String field,
            String fieldValue,
            boolean sourceIp,
            boolean terminal,
            @Nullable Cookie cookie) {}

    /** How a cookie that is missing is made. */
    public record Cookie(boolean session, @Nullable Duration ttl, String path) {}
}
