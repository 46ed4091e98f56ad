package io.weft.dataplane.upstream;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The pools of a proxy, apart for each event loop, so that a request and its upstream connection
 * share a thread. Thread-safe.
 */
public final class UpstreamPools implements AutoCloseable {

    private static final long SWEEP_SECONDS = 5;

    private final Connector connector;
    private final Map<EventExecutor, LoopPools> byLoop = new ConcurrentHashMap<>();

    public UpstreamPools(EventLoopGroup group, Connector connector) {
        this.connector = connector;
        for (EventExecutor executor : group) {
            byLoop.put(executor, new LoopPools((EventLoop) executor));
        }
    }

    /**
     * Asks for a stream. Must be called on the loop.
     *
     * @return what takes the wish back as long as no stream was given
     */
    public Pending acquire(
            EventLoop loop,
            UpstreamEndpoint endpoint,
            boolean http2,
            Reuse reuse,
            UpstreamListener listener) {
        LoopPools pools = byLoop.get(loop);
        if (pools == null) {
            throw new IllegalStateException("not an event loop of this data plane: " + loop);
        }
        EndpointPool pool = pools.pool(endpoint, http2);
        pool.acquire(listener, reuse);
        return pool;
    }

    /** Takes a wish for a stream back. */
    @FunctionalInterface
    public interface Pending {
        boolean withdraw(UpstreamListener listener);
    }

    public Connector connector() {
        return connector;
    }

    @Override
    public void close() {
        byLoop.forEach((executor, pools) -> executor.execute(pools::close));
    }

    /** One loop's share; used on that loop only. */
    private final class LoopPools {
        private final EventLoop loop;
        private final Map<UpstreamEndpoint, EndpointPool> http1 = new IdentityHashMap<>();
        private final Map<UpstreamEndpoint, EndpointPool> http2 = new IdentityHashMap<>();
        private @Nullable ScheduledFuture<?> sweeping;

        LoopPools(EventLoop loop) {
            this.loop = loop;
        }

        EndpointPool pool(UpstreamEndpoint endpoint, boolean second) {
            Map<UpstreamEndpoint, EndpointPool> pools = second ? http2 : http1;
            EndpointPool pool = pools.get(endpoint);
            if (pool == null) {
                pool = new EndpointPool(loop, endpoint, second, connector);
                pools.put(endpoint, pool);
                if (sweeping == null) {
                    sweeping =
                            loop.scheduleWithFixedDelay(
                                    this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
                }
            }
            return pool;
        }

        private void sweep() {
            sweep(http1);
            sweep(http2);
        }

        private void sweep(Map<UpstreamEndpoint, EndpointPool> pools) {
            long now = System.nanoTime();
            for (EndpointPool pool : new ArrayList<>(pools.values())) {
                pool.sweep(now);
            }
            pools.values().removeIf(EndpointPool::disposable);
        }

        void close() {
            if (sweeping != null) {
                sweeping.cancel(false);
            }
            new ArrayList<>(http1.values()).forEach(EndpointPool::close);
            new ArrayList<>(http2.values()).forEach(EndpointPool::close);
        }
    }
}
