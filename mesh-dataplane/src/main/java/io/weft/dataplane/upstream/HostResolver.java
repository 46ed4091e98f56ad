package io.weft.dataplane.upstream;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Resolves host names off the event loops and keeps the answers for some seconds. Thread-safe. */
final class HostResolver {

    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int MAX_KEPT = 1024;

    private final ConcurrentHashMap<String, Answer> answers = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();

    private record Answer(InetAddress[] addresses, long until) {}

    /**
     * Calls back on the loop, at once when nothing has to be asked; null when there is no such
     * host.
     */
    void resolve(
            String host, int port, EventLoop loop, Consumer<@Nullable InetSocketAddress> callback) {
        InetAddress literal = literal(host);
        if (literal != null) {
            callback.accept(new InetSocketAddress(literal, port));
            return;
        }
        Answer known = answers.get(host);
        if (known != null && known.until - System.nanoTime() > 0) {
            callback.accept(next(known.addresses, port));
            return;
        }
        Thread.ofVirtual().start(() -> ask(host, port, loop, callback));
    }

    private void ask(
            String host, int port, EventLoop loop, Consumer<@Nullable InetSocketAddress> callback) {
        InetSocketAddress result = null;
        try {
            InetAddress[] addresses = InetAddress.getAllByName(host);
            if (answers.size() >= MAX_KEPT) {
                answers.clear();
            }
            answers.put(host, new Answer(addresses, System.nanoTime() + KEPT_NANOS));
            result = next(addresses, port);
        } catch (UnknownHostException e) {
            // The callback says so with null.
        }
        InetSocketAddress answer = result;
        loop.execute(() -> callback.accept(answer));
    }

    private InetSocketAddress next(InetAddress[] addresses, int port) {
        int index = Math.floorMod(turn.getAndIncrement(), addresses.length);
        return new InetSocketAddress(addresses[index], port);
    }

    private static @Nullable InetAddress literal(String host) {
        if (!io.netty.util.NetUtil.isValidIpV4Address(host)
                && !io.netty.util.NetUtil.isValidIpV6Address(host)) {
            return null;
        }
        return InetAddress.ofLiteral(host);
    }
}
