package io.weft.dataplane.http;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequest;
import io.weft.dataplane.codec.HeaderNames;
import io.weft.engine.retry.RetryDecider;
import io.weft.model.route.Timeouts;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The times of one dispatch: the whole request's, each try's, and idleness. */
final class DispatchTimers {

    private final EventLoop loop;
    private final Exchange exchange;
    private final RetryLoop retryLoop;
    private final Timeouts timeouts;
    private @Nullable Duration deadline;
    private @Nullable ScheduledFuture<?> request;
    private @Nullable ScheduledFuture<?> idle;
    private long lastActive;

    /** The timers of a plan and a caller's deadline; null where nothing has a time. */
    static @Nullable DispatchTimers where(
            Exchange exchange, RetryLoop retryLoop, RoutePlan plan, HttpRequest head) {
        Timeouts timeouts = plan.timeouts();
        boolean perTry = plan.retry() != null && plan.retry().policy().perTryTimeout() != null;
        return timeouts.request() == null
                        && timeouts.idle() == null
                        && !perTry
                        && !exchange.grpc()
                        && !head.headers().contains(HeaderNames.EXPECTED_TIMEOUT)
                ? null
                : new DispatchTimers(exchange, retryLoop, timeouts);
    }

    private DispatchTimers(Exchange exchange, RetryLoop retryLoop, Timeouts timeouts) {
        this.loop = exchange.downstream().eventLoop();
        this.exchange = exchange;
        this.retryLoop = retryLoop;
        this.timeouts = timeouts;
    }

    /** Works the deadline out and tells the next hop. */
    void start(HttpRequest head, boolean complete) {
        deadline = timeouts.request();
        String wire = exchange.grpc() ? head.headers().get("grpc-timeout") : null;
        Duration callers = wire == null ? null : GrpcTimeout.parse(wire);
        Duration hops = expected(head.headers().get(HeaderNames.EXPECTED_TIMEOUT));
        if (hops != null && (callers == null || hops.compareTo(callers) < 0)) {
            callers = hops;
        }
        if (callers != null && (deadline == null || callers.compareTo(deadline) < 0)) {
            deadline = callers;
        }
        if (deadline != null) {
            long left = Math.max(1, deadline.toMillis());
            head.headers().set(HeaderNames.EXPECTED_TIMEOUT, left);
            if (wire != null) {
                head.headers().set("grpc-timeout", GrpcTimeout.format(deadline));
            }
        }
        if (complete) {
            requestComplete();
        }
        Duration idleTime = timeouts.idle();
        if (idleTime != null) {
            active();
            watchIdle(idleTime, idleTime.toNanos());
        }
    }

    /** How long the hop before waits; null when it does not say so in milliseconds. */
    private static @Nullable Duration expected(@Nullable String millis) {
        if (millis == null || millis.isEmpty() || millis.length() > 9) {
            return null;
        }
        int value = 0;
        for (int i = 0; i < millis.length(); i++) {
            int digit = millis.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            value = value * 10 + digit;
        }
        return value == 0 ? null : Duration.ofMillis(value);
    }

    /** The whole request has been received: its time begins (Envoy's rule). */
    void requestComplete() {
        if (deadline != null && request == null) {
            Duration time = deadline;
            request =
                    loop.schedule(
                            () ->
                                    retryLoop.timedOut(
                                            ProxyError.Which.REQUEST,
                                            "no whole answer within " + time.toMillis() + " ms"),
                            time.toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    void tryStarted(Attempt attempt, @Nullable RetryDecider decider) {
        Duration time = decider == null ? null : decider.policy().perTryTimeout();
        if (time != null) {
            attempt.perTryTimer(
                    loop.schedule(
                            () ->
                                    retryLoop.tryTimedOut(
                                            attempt,
                                            "no answer to a try within " + time.toMillis() + " ms"),
                            time.toNanos(),
                            TimeUnit.NANOSECONDS));
        }
    }

    /** Something moved. */
    void active() {
        if (timeouts.idle() != null) {
            lastActive = System.nanoTime();
        }
    }

    private void watchIdle(Duration limit, long nanos) {
        idle =
                loop.schedule(
                        () -> {
                            long left = limit.toNanos() - (System.nanoTime() - lastActive);
                            if (left > 0) {
                                watchIdle(limit, left);
                            } else {
                                retryLoop.timedOut(
                                        ProxyError.Which.IDLE,
                                        "no byte for " + limit.toMillis() + " ms");
                            }
                        },
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (request != null) {
            request.cancel(false);
        }
        if (idle != null) {
            idle.cancel(false);
        }
    }
}
