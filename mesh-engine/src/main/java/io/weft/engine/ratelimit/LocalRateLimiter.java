package io.weft.engine.ratelimit;

import io.weft.engine.AsciiCase;
import io.weft.engine.MeshClock;
import io.weft.engine.RequestFacts;
import io.weft.engine.VerifiedToken;
import io.weft.model.route.Filter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Filter.LocalRateLimit} with its buckets. With a key every value has a bucket of its own;
 * requests without the key share one. Thread-safe.
 */
public final class LocalRateLimiter {

    /** Values beyond this push out the one that was idle longest, so that memory is bounded. */
    static final int MAX_KEYS = 10_000;

    private static final String PEER = ":peer";
    private static final String PRINCIPAL = ":principal";

    private final Filter.LocalRateLimit limit;
    private final MeshClock clock;
    private final String key;
    private final TokenBucket shared;
    private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    public LocalRateLimiter(Filter.LocalRateLimit limit, MeshClock clock) {
        this.limit = limit;
        this.clock = clock;
        key = AsciiCase.lower(limit.perKey());
        shared = newBucket();
    }

    public Filter.LocalRateLimit limit() {
        return limit;
    }

    /** Whether the request is within its limit; takes a token if so. */
    public boolean tryAcquire(RequestFacts facts) {
        return bucket(facts).tryAcquire();
    }

    /** The bucket that counts for a request. */
    public TokenBucket bucket(RequestFacts facts) {
        String value = key.isEmpty() ? null : value(facts);
        if (value == null) {
            return shared;
        }
        synchronized (buckets) {
            TokenBucket bucket = buckets.get(value);
            if (bucket == null) {
                bucket = newBucket();
                buckets.put(value, bucket);
                shrink();
            }
            return bucket;
        }
    }

    private @Nullable String value(RequestFacts facts) {
        return value(key, facts);
    }

    /**
     * What of a request a limit counts by; null where it has no such thing.
     *
     * @param key lower-case header name, {@code :principal} or {@code :peer}
     */
    public static @Nullable String value(String key, RequestFacts facts) {
        if (key.equals(PEER)) {
            return facts.peerPrincipal();
        }
        if (!key.equals(PRINCIPAL)) {
            return facts.isHttp() ? facts.header(key) : null;
        }
        VerifiedToken token = facts.token();
        return token != null && token.principal() != null
                ? token.principal()
                : facts.peerPrincipal();
    }

    private void shrink() {
        Iterator<TokenBucket> oldest = buckets.values().iterator();
        while (oldest.hasNext() && (oldest.next().isFull() || buckets.size() > MAX_KEYS)) {
            if (buckets.size() == 1) {
                return;
            }
            oldest.remove();
        }
    }

    int keys() {
        synchronized (buckets) {
            return buckets.size();
        }
    }

    private TokenBucket newBucket() {
        return new TokenBucket(limit.tokens(), limit.per(), limit.burst(), clock);
    }
}
