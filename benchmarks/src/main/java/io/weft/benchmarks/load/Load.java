package io.weft.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Load on one target until it is closed. Connections stay open and are opened anew when they end.
 * {@link #mark} may be called by any one thread; everything else lives on the event loop.
 */
public final class Load implements AutoCloseable {

    private static final int STREAMS_PER_CONNECTION = 16;
    private static final long HIGHEST = TimeUnit.SECONDS.toNanos(60);
    private static final long RECONNECT_MILLIS = 50;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final Target target;
    private final Pace pace;
    private final ArrayDeque<LoadConnection> idle = new ArrayDeque<>();
    private final ArrayDeque<Long> overdue = new ArrayDeque<>();
    private final ArrayDeque<LoadConnection> open = new ArrayDeque<>();
    private Histogram latency = histogram();
    private long requests;
    private long errors;
    private long markedAt = System.nanoTime();
    private long nextDue;
    private boolean closed;

    private Load(Loops loops, Target target, Pace pace) {
        this.loop = loops.loop();
        this.target = target;
        this.pace = pace;
        this.bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(loops.clientType())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(
                                new io.netty.channel.ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(io.netty.channel.Channel channel) {
                                        channel.pipeline().addLast(connection());
                                    }
                                });
    }

    /** Starts sending. */
    public static Load start(Loops loops, Target target, Pace pace) {
        Load load = new Load(loops, target, pace);
        load.loop.execute(load::begin);
        return load;
    }

    private static Histogram histogram() {
        return new Histogram(1, HIGHEST, 3);
    }

    private LoadConnection connection() {
        return target.http2()
                ? new H2Connection(this, target, STREAMS_PER_CONNECTION)
                : new H1Connection(this, target);
    }

    private void begin() {
        int perConnection = target.http2() ? STREAMS_PER_CONNECTION : 1;
        int limit = pace.concurrencyLimit();
        for (int i = 0; i < (limit + perConnection - 1) / perConnection; i++) {
            connect();
        }
        if (pace instanceof Pace.Open) {
            nextDue = System.nanoTime();
            tick();
        }
    }

    private void connect() {
        bootstrap
                .connect("127.0.0.1", target.port())
                .addListener((ChannelFuture connected) -> {
                    if (!connected.isSuccess()) {
                        ended();
                    }
                });
    }

    /** A connection or an attempt at one has ended. */
    void ended() {
        if (!closed) {
            errors++;
            loop.schedule(
                    () -> {
                        if (!closed) {
                            connect();
                        }
                    },
                    RECONNECT_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    void opened(LoadConnection connection) {
        open.add(connection);
    }

    void gone(LoadConnection connection) {
        open.remove(connection);
        idle.removeIf(other -> other == connection);
        ended();
    }

    /** A connection can take one request (more). */
    void free(LoadConnection connection) {
        if (closed) {
            return;
        }
        switch (pace) {
            case Pace.Closed ignored -> connection.send(System.nanoTime());
            case Pace.Open ignored -> {
                Long due = overdue.poll();
                if (due != null) {
                    connection.send(due);
                } else {
                    idle.add(connection);
                }
            }
        }
    }

    /** An answer is complete; {@code due} is when its request was to be sent. */
    void answered(long due, boolean good) {
        if (good) {
            requests++;
            latency.recordValue(Math.clamp(System.nanoTime() - due, 1, HIGHEST));
        } else {
            errors++;
        }
    }

    private void tick() {
        if (closed || !(pace instanceof Pace.Open rate)) {
            return;
        }
        long interval = TimeUnit.SECONDS.toNanos(1) / rate.perSecond();
        long now = System.nanoTime();
        for (; nextDue - now <= 0; nextDue += interval) {
            LoadConnection connection = idle.poll();
            if (connection != null) {
                connection.send(nextDue);
            } else {
                overdue.add(nextDue);
            }
        }
        loop.schedule(this::tick, nextDue - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** What happened since the last mark, or since the start. */
    public Mark mark() {
        CompletableFuture<Mark> taken = new CompletableFuture<>();
        loop.execute(() -> {
            long now = System.nanoTime();
            taken.complete(new Mark(requests, errors, now - markedAt, latency));
            latency = histogram();
            requests = 0;
            errors = 0;
            markedAt = now;
        });
        return taken.join();
    }

    @Override
    public void close() {
        loop.submit(
                        () -> {
                            closed = true;
                            new ArrayDeque<>(open).forEach(LoadConnection::close);
                        })
                .syncUninterruptibly();
    }
}
