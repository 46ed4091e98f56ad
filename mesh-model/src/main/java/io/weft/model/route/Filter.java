package io.weft.model.route;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that happens to a request between its match and its dispatch. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface Filter {

    Origin origin();

    /** Header changes, in this order; {@code :authority} is changed by {@link Rewrite}. */
    record Headers(List<HeaderOp> request, List<HeaderOp> response, Origin origin)
            implements Filter {
        public Headers {
            request = List.copyOf(request);
            response = List.copyOf(response);
        }
    }

    /** Path and authority as the upstream shall see them. */
    record Rewrite(@Nullable PathRewrite path, @Nullable String authority, Origin origin)
            implements Filter {}

    /** A copy of the request to another cluster; its answer is thrown away. */
    record Mirror(String cluster, Fraction share, Origin origin) implements Filter {}

    /** A delay before dispatch; {@code when} limits it, for example to a header. */
    record Delay(Duration delay, Fraction share, Match when, Origin origin) implements Filter {}

    /**
     * An answer instead of the upstream's.
     *
     * @param status HTTP status
     * @param grpcStatus gRPC status code, null for HTTP
     */
    record Abort(
            int status, @Nullable Integer grpcStatus, Fraction share, Match when, Origin origin)
            implements Filter {}

    /** Cross-origin resource sharing (the Fetch standard). */
    record Cors(
            List<StringMatch> allowOrigins,
            List<String> allowMethods,
            List<String> allowHeaders,
            List<String> exposeHeaders,
            @Nullable Duration maxAge,
            boolean allowCredentials,
            boolean forwardUnmatchedPreflights,
            Origin origin)
            implements Filter {
        public Cors {
            allowOrigins = List.copyOf(allowOrigins);
            allowMethods = List.copyOf(allowMethods);
            allowHeaders = List.copyOf(allowHeaders);
            exposeHeaders = List.copyOf(exposeHeaders);
        }
    }

    /**
     * A local token bucket.
     *
     * @param perKey lower-case header whose values have buckets of their own, {@code :principal}
     *     (the token's, else the peer's), {@code :peer} (the peer's alone), or empty for one bucket
     * @param when whom it concerns; others pass untouched
     */
    record LocalRateLimit(
            int tokens, Duration per, int burst, String perKey, Match when, Origin origin)
            implements Filter {
        public LocalRateLimit(int tokens, Duration per, int burst, String perKey, Origin origin) {
            this(tokens, per, burst, perKey, Match.ALWAYS, origin);
        }
    }

    /**
     * A bound on requests that all proxies keep together, in Redis.
     *
     * @param name of the counter; equal names share it
     * @param burst how many may come at once; less than 1 means {@code requests}
     * @param perKey as for {@link LocalRateLimit}
     * @param openWhenUnavailable whether requests pass while the counter cannot be asked
     */
    record GlobalRateLimit(
            String name,
            int requests,
            Duration per,
            int burst,
            String perKey,
            boolean openWhenUnavailable,
            Origin origin)
            implements Filter {}

    /** Bounds on bodies in bytes; 0 is none. */
    record SizeLimit(long maxRequestBytes, long maxResponseBytes, Origin origin)
            implements Filter {}

    /**
     * A bound on requests under way that follows what the upstream can take, by its latency.
     *
     * @param min never less
     * @param max never more
     */
    record Concurrency(int min, int max, Origin origin) implements Filter {
        public Concurrency {
            if (min < 1 || max < min) {
                throw new IllegalArgumentException(
                        "concurrency: " + min + ".." + max + " (expected: 1 <= min <= max)");
            }
        }
    }

    /**
     * Compresses answers for callers that accept it.
     *
     * @param algorithms of {@code gzip}, {@code br} and {@code deflate}, the preferred first
     * @param minBytes smaller answers of known size stay as they are
     * @param contentTypes {@code text/*} is a whole type
     */
    record Compression(
            List<String> algorithms, int minBytes, List<String> contentTypes, Origin origin)
            implements Filter {
        public Compression {
            algorithms = List.copyOf(algorithms);
            contentTypes = List.copyOf(contentTypes);
        }
    }

    /**
     * The request is sent to another endpoint as well when there is no answer after a time; the
     * first good answer is passed on, the rest is cancelled (gRFC A6). Only what may be sent twice:
     * idempotent methods and gRPC calls whose request is whole and kept.
     *
     * @param delay between the attempts
     * @param maxAttempts with the first
     */
    record Hedge(Duration delay, int maxAttempts, Origin origin) implements Filter {
        public Hedge {
            if (delay.isNegative() || delay.isZero() || maxAttempts < 2) {
                throw new IllegalArgumentException(
                        "hedging: "
                                + maxAttempts
                                + " attempts, delay "
                                + delay
                                + " (expected: at least 2, above 0)");
            }
        }
    }

    /**
     * A Spring Cloud Gateway filter by the name and arguments of its {@code GatewayFilterFactory}.
     * It runs between authorisation and dispatch.
     */
    record Gateway(String name, Map<String, String> args, Origin origin) implements Filter {
        public Gateway {
            // By name, so that Gateway finds the arguments of its shorthand in their order.
            args = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(args));
        }
    }
}
