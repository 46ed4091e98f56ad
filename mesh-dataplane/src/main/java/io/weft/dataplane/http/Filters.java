package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.weft.dataplane.http.RequestFilter.Step;
import io.weft.dataplane.upstream.Target;
import io.weft.engine.MeshClock;
import io.weft.engine.match.Matchers;
import io.weft.engine.match.RequestPredicate;
import io.weft.engine.path.PathRewriter;
import io.weft.engine.ratelimit.ConcurrencyLimiter;
import io.weft.model.route.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Compiles a route's filters; not those of the lane, nor hedging, which is the dispatch's. */
public final class Filters {

    private final MeshClock clock;
    private final Function<String, ? extends Target> targets;

    /**
     * @param targets finds a cluster by name
     */
    public Filters(MeshClock clock, Function<String, ? extends Target> targets) {
        this.clock = clock;
        this.targets = targets;
    }

    /**
     * Compiles.
     *
     * @throws IllegalArgumentException when a filter cannot be used
     */
    List<RequestFilter> compile(List<Filter> filters) {
        List<RequestFilter> compiled = new ArrayList<>();
        for (Filter filter : filters) {
            switch (filter) {
                case Filter.Headers headers -> compiled.add(headers(headers));
                case Filter.Rewrite rewrite -> compiled.add(rewrite(rewrite));
                case Filter.Mirror mirror -> compiled.add(mirror(mirror));
                case Filter.Delay delay -> compiled.add(delay(delay));
                case Filter.Abort abort -> compiled.add(abort(abort));
                case Filter.Cors cors -> compiled.add(new CorsFilter(cors));
                case Filter.LocalRateLimit limit ->
                        compiled.add(RateLimitFilters.local(limit, clock));
                case Filter.GlobalRateLimit limit -> compiled.add(RateLimitFilters.global(limit));
                case Filter.SizeLimit limit -> compiled.add(SizeFilter.of(limit));
                case Filter.Concurrency limit -> compiled.add(concurrency(limit));
                case Filter.Compression compression ->
                        compiled.add(new CompressionFilter(compression));
                case Filter.Hedge hedge -> {}
                case Filter.Gateway gateway -> {}
            }
        }
        return List.copyOf(compiled);
    }

    private static RequestFilter headers(Filter.Headers filter) {
        HeaderChanges request = HeaderChanges.compile(filter.request());
        HeaderChanges response = HeaderChanges.compile(filter.response());
        return (exchange, chain) -> {
            request.apply(exchange, exchange.request().headers());
            if (!response.isEmpty()) {
                exchange.changeInOrder((x, head) -> response.apply(x, head.headers()));
            }
            return Step.NEXT;
        };
    }

    private static RequestFilter rewrite(Filter.Rewrite filter) {
        PathRewriter path = filter.path() == null ? null : PathRewriter.compile(filter.path());
        String authority = filter.authority();
        return (exchange, chain) -> {
            if (path != null) {
                exchange.request().headers().set("x-envoy-original-path", exchange.request().uri());
                exchange.target(path.rewrite(exchange.path()), exchange.query());
            }
            if (authority != null) {
                exchange.authority(authority);
            }
            return Step.NEXT;
        };
    }

    private RequestFilter mirror(Filter.Mirror filter) {
        String name = filter.cluster();
        Target target = targets.apply(name);
        return (exchange, chain) -> {
            if (exchange.services().random().hits(filter.share())) {
                Mirror.start(exchange, target);
            }
            return Step.NEXT;
        };
    }

    private static RequestFilter delay(Filter.Delay filter) {
        RequestPredicate when = Matchers.compile(filter.when());
        long nanos = filter.delay().toNanos();
        return (exchange, chain) -> {
            if (!when.test(exchange) || !exchange.services().random().hits(filter.share())) {
                return Step.NEXT;
            }
            exchange.record().flags = "DI";
            exchange.downstream().eventLoop().schedule(chain::proceed, nanos, TimeUnit.NANOSECONDS);
            return Step.LATER;
        };
    }

    private static RequestFilter abort(Filter.Abort filter) {
        RequestPredicate when = Matchers.compile(filter.when());
        return (exchange, chain) -> {
            if (!when.test(exchange) || !exchange.services().random().hits(filter.share())) {
                return Step.NEXT;
            }
            exchange.fail(
                    new ProxyError.FaultAbort(
                            filter.status(), filter.grpcStatus(), filter.origin()));
            return Step.ANSWERED;
        };
    }

    private RequestFilter concurrency(Filter.Concurrency filter) {
        ConcurrencyLimiter limiter = new ConcurrencyLimiter(filter.min(), filter.max(), clock);
        return (exchange, chain) -> {
            if (!limiter.tryAcquire()) {
                exchange.fail(
                        new ProxyError.Overflow(
                                "more than "
                                        + limiter.limit()
                                        + " requests under way, which is what latency allows ("
                                        + filter.origin().describe()
                                        + ")"));
                return Step.ANSWERED;
            }
            exchange.onFinish(() -> limiter.release(exchange.record().upstreamServiceNanos));
            return Step.NEXT;
        };
    }

    /** Whether a preflight (the Fetch standard's OPTIONS) is asked. */
    static boolean isPreflight(Exchange exchange) {
        return exchange.method().equals("OPTIONS")
                && exchange.request().headers().contains(HttpHeaderNames.ORIGIN)
                && exchange.request()
                        .headers()
                        .contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
    }
}
