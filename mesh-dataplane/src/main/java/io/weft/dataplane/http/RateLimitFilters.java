package io.weft.dataplane.http;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.weft.dataplane.http.RequestFilter.Step;
import io.weft.dataplane.shared.SharedCounters;
import io.weft.dataplane.telemetry.ExchangeLog.Counted;
import io.weft.engine.MeshClock;
import io.weft.engine.match.Matchers;
import io.weft.engine.match.RequestPredicate;
import io.weft.engine.ratelimit.LocalRateLimiter;
import io.weft.engine.ratelimit.TokenBucket;
import io.weft.model.Origin;
import io.weft.model.route.Filter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Rate limits, and what answers say of them: the RateLimit header fields (IETF
 * draft-ietf-httpapi-ratelimit-headers-07, the form with three fields), the older {@code
 * x-ratelimit-*}, and {@code Retry-After} with 429. Of several limits the tightest is told.
 */
final class RateLimitFilters {

    private static final String REMAINING = "x-ratelimit-remaining";

    private RateLimitFilters() {}

    static RequestFilter local(Filter.LocalRateLimit filter, MeshClock clock) {
        LocalRateLimiter limiter = new LocalRateLimiter(filter, clock);
        RequestPredicate concerns = Matchers.compile(filter.when());
        return (exchange, chain) -> {
            if (!concerns.test(exchange)) {
                return Step.NEXT;
            }
            TokenBucket bucket = limiter.bucket(exchange);
            boolean granted = bucket.tryAcquire();
            tell(
                    exchange,
                    filter.tokens(),
                    bucket.remaining(),
                    bucket.untilFull(),
                    granted ? null : bucket.untilNext());
            if (granted) {
                return Step.NEXT;
            }
            refuse(exchange, filter.tokens(), filter.per(), false, filter.origin());
            return Step.ANSWERED;
        };
    }

    static RequestFilter global(Filter.GlobalRateLimit filter) {
        return (exchange, chain) -> {
            new Question(filter, exchange, chain).ask();
            return Step.LATER;
        };
    }

    private static void refuse(
            Exchange exchange, int requests, Duration per, boolean global, Origin origin) {
        exchange.change((x, head) -> head.headers().set("x-envoy-ratelimited", "true"));
        exchange.fail(
                new ProxyError.RateLimited(
                        "more than "
                                + requests
                                + " requests per "
                                + per
                                + (global ? " over all proxies (" : " (")
                                + origin.describe()
                                + ")",
                        global,
                        origin));
    }

    private static void tell(
            Exchange exchange,
            int limit,
            long remaining,
            Duration untilFull,
            @Nullable Duration retryAfter) {
        exchange.change((x, head) -> {
            HttpHeaders headers = head.headers();
            String tighter = headers.get(REMAINING);
            if (tighter == null || remaining < number(tighter)) {
                long reset = seconds(untilFull);
                headers.set("ratelimit-limit", limit)
                        .set("ratelimit-remaining", remaining)
                        .set("ratelimit-reset", reset)
                        .set("x-ratelimit-limit", limit)
                        .set(REMAINING, remaining)
                        .set("x-ratelimit-reset", reset);
            }
            if (retryAfter != null) {
                headers.set("retry-after", Math.max(1, seconds(retryAfter)));
            }
        });
    }

    /** What an application says of limits of its own need not be a number. */
    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Whole seconds, rounded up. */
    private static long seconds(Duration time) {
        return time.plusNanos(999_999_999).toSeconds();
    }

    /** One request that waits for what the shared counter says. */
    private record Question(Filter.GlobalRateLimit filter, Exchange exchange, FilterChain chain) {

        void ask() {
            String key = LocalRateLimiter.value(filter.perKey(), exchange);
            String bucket = key == null ? filter.name() : filter.name() + ":" + key;
            EventLoop loop = exchange.downstream().eventLoop();
            exchange.services()
                    .shared()
                    .take(bucket, filter.requests(), filter.per(), filter.burst())
                    .whenComplete((taken, cause) -> loop.execute(() -> answered(taken, cause)));
        }

        private void answered(SharedCounters.@Nullable Taken taken, @Nullable Throwable cause) {
            if (exchange.finished()) {
                return;
            }
            if (taken == null) {
                unavailable(String.valueOf(cause == null ? null : cause.getMessage()));
                return;
            }
            tell(
                    exchange,
                    filter.requests(),
                    taken.remaining(),
                    taken.untilFull(),
                    taken.granted() ? null : taken.untilNext());
            count(taken.granted() ? "ok" : "over_limit");
            if (taken.granted()) {
                chain.proceed();
            } else {
                refuse(exchange, filter.requests(), filter.per(), true, filter.origin());
            }
        }

        private void unavailable(String why) {
            if (filter.openWhenUnavailable()) {
                count("unavailable_allowed");
                chain.proceed();
                return;
            }
            count("unavailable_denied");
            exchange.fail(
                    new ProxyError.RateLimiterUnavailable(
                            "global rate limit "
                                    + filter.name()
                                    + " cannot be asked and closes then: "
                                    + why,
                            filter.origin()));
        }

        private void count(String result) {
            exchange.services().log().count(Counted.GLOBAL_RATE_LIMIT, filter.name(), result);
        }
    }
}
