package io.weft.dataplane.identity;

import io.weft.engine.MeshClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that there is always a valid SVID: joins when there is none, renews from about half
 * its life, raises the alarm when it nears its end. Never falls back to plain text: without an SVID
 * there is no TLS context.
 */
public final class SvidKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SvidKeeper.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Within this time all renew when another root signs. */
    private static final Duration SPREAD = Duration.ofSeconds(30);

    /** Below this part of its life left, a certificate that is not renewed is an alarm. */
    private static final double ALARM = 0.25;

    private final SvidStore store;
    private final JoinSettings settings;
    private final MeshClock clock;
    private final JoinClient client;
    private final ScheduledExecutorService timer;
    private volatile String problem = "";
    private @Nullable MeshTls tls;
    private Consumer<SvidStore.Held> listener = held -> {};
    private Instant nextTry = Instant.MIN;
    private int failures;

    public SvidKeeper(SvidStore store, JoinSettings settings, MeshClock clock) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.client = new JoinClient(clock);
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("weft-svid").factory());
    }

    /**
     * Gives TLS from the SVID on disk, or joins for one; then keeps it renewed until closed.
     *
     * @param patience how long to go on trying; a refusal by the control plane ends it at once
     * @throws JoinException when there is no SVID after that, with the last reason
     */
    public MeshTls start(Duration patience) throws JoinException, InterruptedException {
        SvidStore.Held held = store.current().filter(this::usable).orElse(null);
        if (held == null) {
            held = joinWithin(patience);
        }
        MeshTls started = MeshTls.of(held, clock);
        synchronized (this) {
            tls = started;
            nextTry = renewAt(held.svid());
        }
        started.onTrustChange(this::trustChanged);
        timer.scheduleWithFixedDelay(
                this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        return started;
    }

    /**
     * When another root signs, the old one is about to go: renews soon, at a random time, at the
     * latest after a tenth of the certificate's life.
     */
    private synchronized void trustChanged() {
        MeshTls current = tls;
        if (current == null || current.signedByTheFirstRoot()) {
            return;
        }
        Svid svid = current.svid();
        Duration tenth = Duration.between(svid.notBefore(), svid.notAfter()).dividedBy(10);
        long spread = Math.min(tenth.toMillis(), SPREAD.toMillis());
        Instant soon = clock.now().plusMillis(ThreadLocalRandom.current().nextLong(spread + 1));
        if (soon.isBefore(nextTry)) {
            nextTry = soon;
            LOG.info("another root signs: the certificate is renewed at {}", soon);
        }
    }

    /** Is told of each new SVID with its bundles and addresses, after TLS uses it. */
    public synchronized void onChange(Consumer<SvidStore.Held> consumer) {
        listener = consumer;
    }

    /** Empty when all is well; else why there will soon be no valid certificate, for health. */
    public String problem() {
        return problem;
    }

    private boolean usable(SvidStore.Held held) {
        return clock.now().isBefore(held.svid().notAfter())
                && !clock.now().isBefore(held.svid().notBefore());
    }

    private SvidStore.Held joinWithin(Duration patience)
            throws JoinException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (int attempt = 0; ; attempt++) {
            try {
                SvidStore.Held held =
                        client.join(
                                settings,
                                store.current().map(SvidStore.Held::bundles).orElse(Map.of()));
                store.save(held);
                LOG.info("joined as {}, valid until {}", held.svid().id(), held.svid().notAfter());
                return held;
            } catch (JoinException e) {
                Duration pause = pause(attempt, ThreadLocalRandom.current());
                if (e.refused() || System.nanoTime() + pause.toNanos() > deadline) {
                    throw e;
                }
                LOG.warn("{}; trying again in {} ms", e.getMessage(), pause.toMillis());
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            }
        }
    }

    private void tick() {
        try {
            renewIfDue();
        } catch (RuntimeException e) {
            LOG.error("renewal of the certificate failed unexpectedly", e);
        }
    }

    /** Renews when it is time; a failure makes the next try later, with jitter. */
    synchronized void renewIfDue() {
        SvidStore.Held held = store.current().orElse(null);
        MeshTls current = tls;
        if (held == null || current == null || clock.now().isBefore(nextTry)) {
            return;
        }
        try {
            boolean expired = !usable(held);
            SvidStore.Held renewed =
                    expired
                            ? client.join(settings, held.bundles())
                            : client.renew(held, current.controlPlaneClient());
            store.save(renewed);
            current.identity(renewed.svid());
            failures = 0;
            problem = "";
            nextTry = renewAt(renewed.svid());
            LOG.info("certificate renewed, valid until {}", renewed.svid().notAfter());
            listener.accept(renewed);
        } catch (JoinException e) {
            nextTry = clock.now().plus(pause(failures++, ThreadLocalRandom.current()));
            report(held.svid(), e);
        }
    }

    private void report(Svid svid, JoinException failure) {
        Duration life = Duration.between(svid.notBefore(), svid.notAfter());
        Duration left = Duration.between(clock.now(), svid.notAfter());
        if (left.toMillis() > life.toMillis() * ALARM) {
            LOG.warn("{}; valid for another {}", failure.getMessage(), left);
            return;
        }
        problem =
                (left.isNegative() ? "certificate expired at " : "certificate expires at ")
                        + svid.notAfter()
                        + " and cannot be renewed: "
                        + failure.getMessage();
        LOG.error(problem);
    }

    /**
     * Between 45 and 55 % of its life, so that workloads started together do not renew together.
     */
    private static Instant renewAt(Svid svid) {
        Duration life = Duration.between(svid.notBefore(), svid.notAfter());
        double part = 0.45 + 0.1 * ThreadLocalRandom.current().nextDouble();
        return svid.notBefore().plusMillis((long) (life.toMillis() * part));
    }

    private static Duration pause(int attempt, RandomGenerator random) {
        long longest = FIRST_PAUSE.toMillis() << Math.min(attempt, 16);
        long bounded = Math.min(longest, LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(bounded / 2 + random.nextLong(bounded / 2 + 1));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
