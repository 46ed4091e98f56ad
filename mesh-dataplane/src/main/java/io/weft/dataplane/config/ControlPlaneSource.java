package io.weft.dataplane.config;

import io.weft.engine.MeshClock;
import io.weft.model.catalog.Registration;
import io.weft.model.wire.Ack;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.StreamMessage;
import io.weft.model.wire.Subscription;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Configuration from the control plane's stream. One thread does everything in order: it registers,
 * subscribes with the hashes of what is held, reads deltas, hands them to the sink, acknowledges,
 * and reconnects with jittered, growing pauses. Whatever goes wrong, the last good configuration
 * stays. {@link #want} and {@link #register} only leave a note for that thread.
 */
public final class ControlPlaneSource implements ConfigSource {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneSource.class);

    private final ControlPlaneSettings settings;
    private final Supplier<SSLContext> tls;
    private final MeshClock clock;
    private final @Nullable LastGoodState state;
    private final ConnectionObserver observer;
    private final Reporter reporter;
    private final MeshCodec codec = new MeshCodec();

    private final Set<String> routes = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean routesChanged = new AtomicBoolean();
    private final AtomicBoolean registrationChanged = new AtomicBoolean();
    private final CountDownLatch registered = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Registration registration;
    private volatile @Nullable StreamMailbox mailbox;
    private volatile SourceStatus status = new SourceStatus(false, null, "not started");
    private volatile @Nullable Thread worker;

    // Of the worker alone.
    private final ReceivedConfig received = new ReceivedConfig();
    private LastGoodState.@Nullable Saved good;
    private String refusal = "";

    /** As the other, telling nothing of the traffic. */
    public ControlPlaneSource(
            ControlPlaneSettings settings,
            Supplier<SSLContext> tls,
            MeshClock clock,
            @Nullable LastGoodState state,
            ConnectionObserver observer) {
        this(settings, tls, clock, state, observer, Reporter.NONE);
    }

    /**
     * @param tls a context for each connect, see {@code MeshTls.controlPlaneClient}
     * @param state null to keep nothing on disk
     * @param reporter what is told of the traffic
     */
    public ControlPlaneSource(
            ControlPlaneSettings settings,
            Supplier<SSLContext> tls,
            MeshClock clock,
            @Nullable LastGoodState state,
            ConnectionObserver observer,
            Reporter reporter) {
        this.settings = settings;
        this.tls = tls;
        this.clock = clock;
        this.state = state;
        this.observer = observer;
        this.reporter = reporter;
    }

    @Override
    public void start(ConfigSink sink) {
        worker = Thread.ofPlatform().daemon().name("weft-config").start(() -> run(sink));
    }

    private void run(ConfigSink sink) {
        try {
            restore(sink);
            registered.await();
            int next = ThreadLocalRandom.current().nextInt(settings.addresses().size());
            for (int failures = 0; closed.getCount() > 0; ) {
                long started = System.nanoTime();
                String address = settings.addresses().get(next++ % settings.addresses().size());
                String reason = session(address, sink);
                // A session that soon ends counts as failed, else a flapping peer is stormed.
                Duration lasted = Duration.ofNanos(System.nanoTime() - started);
                failures = lasted.compareTo(settings.longestPause()) > 0 ? 0 : failures + 1;
                disconnected(reason);
                if (closed.await(pause(failures).toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("configuration source closed");
        }
    }

    private void restore(ConfigSink sink) {
        LastGoodState.Saved saved = state == null ? null : state.load().orElse(null);
        if (saved == null) {
            return;
        }
        routes.addAll(saved.routes());
        try {
            sink.apply(saved.resources());
            received.restore(saved);
            good = saved;
            LOG.info(
                    "last good configuration {} of {} in force until the control plane answers",
                    saved.resources().revision(),
                    saved.resources().commit());
        } catch (RuntimeException e) {
            LOG.warn("last good configuration cannot be used, going on without it", e);
        }
    }

    /** One connection from its start to its end, whose reason it gives. */
    private String session(String address, ConfigSink sink) throws InterruptedException {
        StreamMailbox box = new StreamMailbox();
        mailbox = box;
        try (ControlPlaneCalls calls =
                new ControlPlaneCalls(address, settings.instance(), tls.get(), codec)) {
            registrationChanged.set(false);
            calls.register(java.util.Objects.requireNonNull(registration));
            routesChanged.set(false);
            calls.subscribe(subscription(received.hashes()));
            calls.stream(box);
            return follow(address, calls, box, sink);
        } catch (IOException | RuntimeException e) {
            return "control plane " + address + ": " + reason(e);
        } finally {
            mailbox = null;
        }
    }

    private String follow(
            String address, ControlPlaneCalls calls, StreamMailbox box, ConfigSink sink)
            throws InterruptedException {
        LineBuffer lines = new LineBuffer(settings.maxLineBytes());
        CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);
        ReportSchedule reports = new ReportSchedule(reporter, calls);
        long lastBytes = System.nanoTime();
        while (true) {
            // Sent before waiting: a note may have been left while the stream was being opened.
            if (sending.isDone()) {
                sending = sendChanges(calls, box, sending);
            }
            Duration silence = Duration.ofNanos(System.nanoTime() - lastBytes);
            Duration patience = settings.heartbeatTimeout().minus(silence);
            reports.sendIfDue();
            Duration pause = shorter(patience, reports.patience());
            switch (box.take(pause.isNegative() ? Duration.ZERO : pause)) {
                case null -> {
                    if (patience.compareTo(pause) > 0) {
                        continue;
                    }
                    return "control plane "
                            + address
                            + ": silent for "
                            + settings.heartbeatTimeout().toMillis()
                            + " ms";
                }
                case StreamMailbox.Event.Ended(String reason) -> {
                    return "control plane " + address + ": " + reason;
                }
                case StreamMailbox.Event.Changed ignored -> {
                    continue;
                }
                case StreamMailbox.Event.Bytes(var buffers) -> {
                    lastBytes = System.nanoTime();
                    for (ByteBuffer buffer : buffers) {
                        for (byte[] line : lines.add(buffer)) {
                            message(line, calls, sink, reports);
                        }
                    }
                    box.more();
                }
            }
        }
    }

    /** Sends what has changed; what changes meanwhile goes with the next, so bursts become one. */
    private CompletableFuture<Void> sendChanges(
            ControlPlaneCalls calls, StreamMailbox box, CompletableFuture<Void> idle) {
        CompletableFuture<Void> sent = idle;
        if (registrationChanged.getAndSet(false)) {
            sent = calls.putLater("", java.util.Objects.requireNonNull(registration));
        } else if (routesChanged.getAndSet(false)) {
            sent = calls.putLater("/subscription", subscription(Map.of()));
            persist();
        }
        if (sent != idle) {
            sent.whenComplete((done, failure) -> {
                if (failure != null) {
                    box.ended(reason(failure));
                } else {
                    box.changed();
                }
            });
        }
        return sent;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void message(
            byte[] line, ControlPlaneCalls calls, ConfigSink sink, ReportSchedule reports) {
        StreamMessage message;
        try {
            message = codec.read(line, StreamMessage.class);
            if (message instanceof StreamMessage.Delta delta) {
                received.apply(delta);
            }
        } catch (RuntimeException e) {
            // The control plane and this side would differ from here on: start anew.
            String reason = "unreadable message: " + reason(e);
            calls.acknowledge(new Ack(received.revision(), false, reason), this::ackFailed);
            observer.refused();
            calls.awaitAcknowledged();
            throw new IllegalStateException(reason, e);
        }
        if (message instanceof StreamMessage.Delta delta) {
            take(delta, calls, sink);
        } else if (message instanceof StreamMessage.Taps open) {
            reporter.tapped(open.taps());
            reports.tapped(!open.taps().isEmpty());
        }
        if (!status.connected()) {
            observer.connected(true);
            LOG.info("connected to the control plane, revision {}", received.revision());
        }
        status = new SourceStatus(true, clock.now(), refusal);
    }

    private void take(StreamMessage.Delta delta, ControlPlaneCalls calls, ConfigSink sink) {
        ResourceSet candidate = received.resources();
        String reason = "";
        try {
            sink.apply(candidate);
            good = new LastGoodState.Saved(candidate, received.hashes(), routes.stream().toList());
            persist();
            observer.accepted();
        } catch (RuntimeException e) {
            reason = reason(e);
            observer.refused();
            LOG.error(
                    "revision {} refused, the last good configuration stays in force: {}",
                    delta.revision(),
                    reason);
        }
        refusal = reason.isEmpty() ? "" : "revision " + delta.revision() + " refused: " + reason;
        calls.acknowledge(new Ack(delta.revision(), reason.isEmpty(), reason), this::ackFailed);
    }

    private void persist() {
        LastGoodState.Saved last = good;
        if (state != null && last != null) {
            state.save(
                    new LastGoodState.Saved(
                            last.resources(), last.hashes(), routes.stream().toList()));
        }
    }

    private void ackFailed(String reason) {
        LOG.warn("acknowledgement was not taken: {}", reason);
    }

    private void disconnected(String reason) {
        if (status.connected()) {
            observer.connected(false);
        }
        if (closed.getCount() > 0 && !reason.equals(status.problem())) {
            LOG.warn("{}; the last good configuration stays in force", reason);
        }
        // Whoever had asked cannot hear any more.
        reporter.tapped(List.of());
        Instant last = status.lastContact();
        status = new SourceStatus(false, last, reason);
    }

    private Subscription subscription(Map<String, String> have) {
        return new Subscription(routes.stream().sorted().toList(), have);
    }

    /** Half of it is chance, also for the first: all sidecars lose a control plane at once. */
    private Duration pause(int failures) {
        long longest = settings.longestPause().toMillis();
        long wanted = settings.firstPause().toMillis() << Math.min(failures, 16);
        long bounded = Math.max(2, Math.min(wanted, longest));
        return Duration.ofMillis(
                bounded / 2 + ThreadLocalRandom.current().nextLong(bounded / 2 + 1));
    }

    private static String reason(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        return message == null ? deepest.getClass().getSimpleName() : message;
    }

    @Override
    public void want(String hostAndPort) {
        if (routes.contains(hostAndPort)) {
            return;
        }
        if (routes.size() >= settings.maxRoutes()) {
            LOG.warn(
                    "{}: not asked for, {} destinations are subscribed to already",
                    hostAndPort,
                    settings.maxRoutes());
            return;
        }
        if (routes.add(hostAndPort)) {
            note(routesChanged);
        }
    }

    @Override
    public void register(Registration now) {
        registration = now;
        note(registrationChanged);
        registered.countDown();
    }

    private void note(AtomicBoolean what) {
        StreamMailbox box = mailbox;
        if (!what.getAndSet(true) && box != null) {
            box.changed();
        }
    }

    @Override
    public SourceStatus status() {
        return status;
    }

    @Override
    public void close() {
        closed.countDown();
        StreamMailbox box = mailbox;
        if (box != null) {
            box.ended("closed here");
        }
        Thread thread = worker;
        if (thread != null) {
            thread.interrupt();
        }
        if (state != null) {
            state.close();
        }
    }
}
