package io.weft.dataplane.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.weft.dataplane.http.ConnectionContext;
import io.weft.dataplane.http.Http1Server;
import io.weft.dataplane.http.Http2Server;
import io.weft.dataplane.snapshot.ConfigSnapshot;
import io.weft.dataplane.snapshot.OutboundTable;
import io.weft.dataplane.tcp.Hold;
import io.weft.dataplane.tcp.TcpExchange;
import io.weft.dataplane.upstream.FixedTarget;
import io.weft.engine.route.OutboundDecision;
import io.weft.model.AppProtocol;
import io.weft.model.resource.RouteTable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the own application to a destination that is known beforehand: a tunnel of the
 * proxy port, or a bound upstream. What is spoken is declared by the destination's port or
 * detected.
 */
final class OutboundTcp {

    private static final Duration SERVER_FIRST = Duration.ofMillis(300);

    private final Proxy proxy;
    private final UnknownTargets unknown;
    private final HostPort to;

    OutboundTcp(Proxy proxy, UnknownTargets unknown, HostPort to) {
        this.proxy = proxy;
        this.unknown = unknown;
        this.to = to;
    }

    /**
     * Serves a captured connection. What it speaks is found out first: requests name their
     * destination themselves, TLS does by its server name, all else went to an address.
     */
    static void captured(Proxy proxy, UnknownTargets unknown, Channel channel, HostPort original) {
        ConnectionContext connection = ConnectionContext.plain(channel, original.port(), false);
        OutboundPhases phases = OutboundPhases.captured(proxy, unknown, original);
        OutboundTcp byAddress = new OutboundTcp(proxy, unknown, original);
        Peek.at(
                channel,
                SERVER_FIRST,
                seen -> {
                    Boolean tls = FirstBytes.tls(seen);
                    if (tls == null) {
                        return false;
                    }
                    if (tls) {
                        return byName(proxy, unknown, channel, original, seen);
                    }
                    switch (FirstBytes.http(seen)) {
                        case UNDECIDED -> {
                            return false;
                        }
                        case HTTP2 -> Http2Server.install(connection, proxy.services(), phases);
                        case HTTP1 -> Http1Server.install(connection, proxy.services(), phases);
                        case OPAQUE -> byAddress.accept(channel);
                    }
                    return true;
                },
                () -> byAddress.accept(channel));
    }

    private static boolean byName(
            Proxy proxy, UnknownTargets unknown, Channel channel, HostPort original, ByteBuf seen) {
        if (!FirstBytes.wholeRecord(seen)) {
            return false;
        }
        String name = FirstBytes.serverName(seen);
        HostPort to = name == null ? original : HostPort.parse(name, original.port());
        ConfigSnapshot snapshot = proxy.config().current();
        boolean known = snapshot != null && snapshot.table(to.key()) != null;
        new OutboundTcp(proxy, unknown, known ? to : original).accept(channel);
        return true;
    }

    /** Serves the connection; nothing has been read from it yet. */
    void accept(Channel channel) {
        ConnectionContext connection = ConnectionContext.plain(channel, to.port(), false);
        ConfigSnapshot snapshot = proxy.config().current();
        if (snapshot != null && snapshot.knows(to.key())) {
            serve(connection, snapshot);
            return;
        }
        Hold hold = Hold.on(channel);
        proxy.config()
                .whenKnown(
                        to.key(),
                        channel.eventLoop(),
                        proxy.routeWait(),
                        known -> {
                            if (known == null) {
                                new TcpExchange(connection, proxy.services())
                                        .refuse(
                                                "NC",
                                                "route_not_configured",
                                                "no routes for " + to.key() + " came in time",
                                                null);
                            } else {
                                serve(connection, known);
                                hold.letGo(channel);
                            }
                        });
    }

    private void serve(ConnectionContext connection, ConfigSnapshot snapshot) {
        OutboundTable table = snapshot.table(to.key());
        // Of a destination that nobody knows nothing is declared, either.
        AppProtocol protocol = table == null ? AppProtocol.AUTO : table.table().protocol();
        switch (protocol) {
            case TCP -> opaque(connection, table, snapshot);
            case TLS, HTTPS -> peekName(connection, table, snapshot);
            case HTTP, HTTP2, GRPC, AUTO -> detect(connection, table, snapshot, protocol);
        }
    }

    private void detect(
            ConnectionContext connection,
            @Nullable OutboundTable table,
            ConfigSnapshot snapshot,
            AppProtocol protocol) {
        boolean mayBeOpaque = protocol == AppProtocol.AUTO;
        OutboundPhases phases = new OutboundPhases(proxy, unknown, to);
        Peek.at(
                connection.channel(),
                mayBeOpaque ? SERVER_FIRST : proxy.services().limits().headerTimeout(),
                seen ->
                        switch (FirstBytes.http(seen)) {
                            case UNDECIDED -> false;
                            case HTTP2 -> {
                                Http2Server.install(connection, proxy.services(), phases);
                                yield true;
                            }
                            case HTTP1 -> {
                                Http1Server.install(connection, proxy.services(), phases);
                                yield true;
                            }
                            case OPAQUE -> {
                                opaque(connection, table, snapshot);
                                yield true;
                            }
                        },
                () -> {
                    if (mayBeOpaque) {
                        opaque(connection, table, snapshot);
                    } else {
                        connection.channel().close();
                    }
                });
    }

    private void peekName(
            ConnectionContext connection, @Nullable OutboundTable table, ConfigSnapshot snapshot) {
        Peek.at(
                connection.channel(),
                proxy.services().limits().handshakeTimeout(),
                seen -> {
                    Boolean tls = FirstBytes.tls(seen);
                    if (tls == null || (tls && !FirstBytes.wholeRecord(seen))) {
                        return false;
                    }
                    String name = tls ? FirstBytes.serverName(seen) : null;
                    opaque(connection.naming(name), table, snapshot);
                    return true;
                },
                () -> opaque(connection, table, snapshot));
    }

    private void opaque(
            ConnectionContext connection, @Nullable OutboundTable table, ConfigSnapshot snapshot) {
        TcpExchange exchange = new TcpExchange(connection, proxy.services());
        exchange.authority(to.host());
        if (table == null) {
            passOn(exchange, snapshot);
            return;
        }
        OutboundTable.TcpPlan plan = table.matchTcp(exchange, proxy.services().random());
        if (plan == null) {
            RouteTable routes = table.table();
            exchange.refuse(
                    "NR",
                    "route_not_found",
                    "no TCP route of "
                            + to.key()
                            + " fits, its port is declared "
                            + routes.protocol(),
                    null);
            return;
        }
        exchange.route(
                plan.decision().route().name(), plan.target().label(), plan.target().destination());
        exchange.forward(proxy.own(), plan.target(), plan.decision().route().idleTimeout());
    }

    private void passOn(TcpExchange exchange, ConfigSnapshot snapshot) {
        OutboundDecision decision = OutboundDecision.of(snapshot.workload(), to.host());
        if (decision.closed()) {
            exchange.route("", "BlackHoleCluster", UnknownTargets.BLACK_HOLE);
            exchange.refuse("NR", "route_not_found", OutboundPhases.closed(to, decision), null);
            return;
        }
        FixedTarget target = unknown.passthrough(to);
        exchange.forward(proxy.own(), target, null);
    }
}
