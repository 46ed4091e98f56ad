package io.weft.dataplane.snapshot;

import io.netty.channel.EventLoop;
import io.weft.dataplane.config.ConfigSink;
import io.weft.dataplane.config.ConfigSource;
import io.weft.dataplane.config.ResourceSet;
import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.WorkloadConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The configuration in force, who is told when it changes, and who waits for a part of it. */
public final class LiveConfig implements ConfigSink {

    private final SnapshotCompiler compiler;
    private final ExchangeLog log;
    private final ConfigSource source;
    private final int maxWaiting;
    private final Map<String, Set<Waiter>> waiters = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final CopyOnWriteArrayList<Consumer<ConfigSnapshot>> watchers =
            new CopyOnWriteArrayList<>();
    private final CountDownLatch configured = new CountDownLatch(1);
    private volatile @Nullable ConfigSnapshot current;

    /**
     * @param maxWaiting how many requests may wait at one time
     */
    public LiveConfig(
            SnapshotCompiler compiler, ExchangeLog log, ConfigSource source, int maxWaiting) {
        this.compiler = compiler;
        this.log = log;
        this.source = source;
        this.maxWaiting = maxWaiting;
    }

    /** Null until the first one is in force. */
    public @Nullable ConfigSnapshot current() {
        return current;
    }

    /** Calls after each swap, on the thread that swaps. */
    public void watch(Consumer<ConfigSnapshot> watcher) {
        watchers.add(watcher);
    }

    public boolean awaitConfigured(Duration timeout) throws InterruptedException {
        return configured.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Compiles what is in force once more, since something beside it has changed. */
    public synchronized void again() {
        ConfigSnapshot now = current;
        if (now != null) {
            apply(now.resources());
        }
    }

    @Override
    public synchronized void apply(ResourceSet resources) {
        ConfigSnapshot old = current;
        if (resources.resources().get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig workload) {
            log.check(workload.telemetry());
        }
        ConfigSnapshot next = compiler.compile(resources, old);
        if (old == null || !old.workload().telemetry().equals(next.workload().telemetry())) {
            log.update(next.workload().telemetry());
        }
        current = next;
        configured.countDown();
        waiters.forEach((name, set) -> {
            if (next.knows(name)) {
                set.forEach(Waiter::known);
            }
        });
        watchers.forEach(watcher -> watcher.accept(next));
    }

    /**
     * Asks for a destination and calls back on the loop, once: with a snapshot that knows it, or
     * with null when none came in time or too many wait already.
     */
    public void whenKnown(
            String hostAndPort,
            EventLoop loop,
            Duration timeout,
            Consumer<@Nullable ConfigSnapshot> callback) {
        source.want(hostAndPort);
        if (waiting.incrementAndGet() > maxWaiting) {
            waiting.decrementAndGet();
            callback.accept(null);
            return;
        }
        Waiter waiter = new Waiter(hostAndPort, loop, callback);
        waiters.computeIfAbsent(hostAndPort, n -> ConcurrentHashMap.newKeySet()).add(waiter);
        loop.schedule(waiter::timedOut, timeout.toNanos(), TimeUnit.NANOSECONDS);
        ConfigSnapshot now = current;
        if (now != null && now.knows(hostAndPort)) {
            waiter.known();
        }
    }

    /** One that waits; ends on its loop. */
    private final class Waiter {
        private final String name;
        private final EventLoop loop;
        private final Consumer<@Nullable ConfigSnapshot> callback;
        private boolean over;

        Waiter(String name, EventLoop loop, Consumer<@Nullable ConfigSnapshot> callback) {
            this.name = name;
            this.loop = loop;
            this.callback = callback;
        }

        void known() {
            loop.execute(() -> end(current));
        }

        void timedOut() {
            end(null);
        }

        private void end(@Nullable ConfigSnapshot result) {
            if (over) {
                return;
            }
            over = true;
            waiting.decrementAndGet();
            waiters.computeIfPresent(
                    name,
                    (n, set) -> {
                        set.remove(this);
                        return set.isEmpty() ? null : set;
                    });
            callback.accept(result);
        }
    }
}
