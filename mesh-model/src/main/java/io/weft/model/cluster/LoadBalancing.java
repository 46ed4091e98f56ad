package io.weft.model.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How an endpoint is picked. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface LoadBalancing {

    /** The less busy of two random endpoints. */
    record LeastRequest() implements LoadBalancing {}

    record RoundRobin() implements LoadBalancing {}

    record Random() implements LoadBalancing {}

    /** The lower peak-EWMA latency times pending requests of two random endpoints (Linkerd). */
    record PeakEwma(Duration defaultRtt, Duration decay) implements LoadBalancing {}

    /** The caller's own destination address. */
    record Passthrough() implements LoadBalancing {}

    /** The same key goes to the same endpoint. */
    record ConsistentHash(HashKey key, Table table, int minimumRingSize) implements LoadBalancing {}

    /** The table of a consistent hash. */
    enum Table {
        RING,
        MAGLEV
    }

    /** What is hashed. A request without it is balanced at random. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
    sealed interface HashKey {
        record Header(String name) implements HashKey {}

        /** A cookie; it is set when missing and {@code ttl} is not null (0 is a session cookie). */
        record Cookie(String name, @Nullable String path, @Nullable Duration ttl)
                implements HashKey {}

        record SourceIp() implements HashKey {}

        record QueryParam(String name) implements HashKey {}
    }
}
