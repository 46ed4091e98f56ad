package io.weft.dataplane.listener;

import io.netty.channel.Channel;
import io.weft.dataplane.http.Exchange;
import io.weft.dataplane.http.Http2Server;
import io.weft.dataplane.http.ProxyError;
import io.weft.dataplane.snapshot.ConfigSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The open downstream connections, to be asked again when policy changes. Thread-safe. */
public final class Connections {

    private static final Predicate<ConfigSnapshot> ALWAYS = snapshot -> true;

    private final Map<Channel, Predicate<ConfigSnapshot>> open = new ConcurrentHashMap<>();
    private final Map<Exchange, Function<ConfigSnapshot, @Nullable ProxyError>> underWay =
            new ConcurrentHashMap<>();

    /** A connection that is open until it closes. */
    public void opened(Channel channel) {
        open.put(channel, ALWAYS);
        channel.closeFuture().addListener(closed -> open.remove(channel));
    }

    /**
     * Says what must hold of a configuration, beside what was said before, for the connection to
     * stay.
     *
     * @param allowed asked on the connection's event loop
     */
    public void guard(Channel channel, Predicate<ConfigSnapshot> allowed) {
        if (channel.isActive()) {
            open.computeIfPresent(
                    channel, (same, before) -> before == ALWAYS ? allowed : before.and(allowed));
        }
    }

    /**
     * Has a request that was let through asked again until it ends: streams may last for days.
     *
     * @param refusal asked on the exchange's event loop; null lets it go on
     */
    public void guard(Exchange exchange, Function<ConfigSnapshot, @Nullable ProxyError> refusal) {
        underWay.put(exchange, refusal);
        exchange.onFinish(() -> underWay.remove(exchange));
    }

    /** Closes the connections, and ends the requests, that a new configuration does not allow. */
    public void recheck(ConfigSnapshot snapshot) {
        open.forEach((channel, allowed) -> {
            if (allowed != ALWAYS) {
                channel.eventLoop()
                        .execute(() -> {
                            if (!allowed.test(snapshot)) {
                                channel.close();
                            }
                        });
            }
        });
        underWay.forEach((exchange, refusal) ->
                exchange.downstream()
                        .eventLoop()
                        .execute(() -> {
                            ProxyError error = exchange.finished() ? null : refusal.apply(snapshot);
                            if (error != null) {
                                exchange.fail(error);
                            }
                        }));
    }

    /** Tells HTTP/2 connections to go away; HTTP/1.1 ones are told with their next answer. */
    public void goAway() {
        open.keySet()
                .forEach(channel -> {
                    if (channel.pipeline().get("h2") != null) {
                        Http2Server.goAway(channel);
                    }
                });
    }

    public void closeAll() {
        open.keySet().forEach(Channel::close);
    }

    public int count() {
        return open.size();
    }
}
