package io.weft.dataplane.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import io.weft.dataplane.http.ConnectionContext;
import io.weft.dataplane.http.Http1Server;
import io.weft.dataplane.http.Http2Server;
import io.weft.dataplane.identity.CertificateEnd;
import io.weft.dataplane.identity.SubjectAltNames;
import io.weft.dataplane.listener.Connections;
import io.weft.dataplane.listener.DecidedAnew;
import io.weft.dataplane.listener.FirstBytes;
import io.weft.dataplane.listener.Peek;
import io.weft.dataplane.listener.PeerCertificate;
import io.weft.dataplane.listener.Proxy;
import io.weft.dataplane.listener.ProxyHeaderReader;
import io.weft.dataplane.snapshot.ConfigSnapshot;
import io.weft.dataplane.snapshot.GatewayPort;
import io.weft.dataplane.snapshot.OutboundTable;
import io.weft.dataplane.tcp.TcpExchange;
import io.weft.dataplane.upstream.HandshakeGuard;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Permit;
import io.weft.engine.authz.Verdict;
import io.weft.model.SpiffeId;
import io.weft.model.listener.GatewayServer;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Accepts on one logical port of a gateway: certificates and servers by SNI, then HTTP or TCP. */
public final class GatewayListener extends ChannelInitializer<Channel> {

    private final Proxy proxy;
    private final int port;
    private final boolean proxyProtocol;

    /**
     * @param proxyProtocol whether connections begin with a PROXY header
     */
    public GatewayListener(Proxy proxy, int port, boolean proxyProtocol) {
        this.proxyProtocol = proxyProtocol;
        this.proxy = proxy;
        this.port = port;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (proxyProtocol) {
            channel.pipeline()
                    .addLast(
                            new ProxyHeaderReader(
                                    proxy.services().limits().handshakeTimeout(),
                                    from -> accept(channel, from)));
        } else {
            accept(channel, null);
        }
    }

    private void accept(Channel channel, @Nullable InetSocketAddress from) {
        Connections connections = proxy.connections();
        connections.opened(channel);
        ConnectionContext direct = ConnectionContext.plain(channel, port, false);
        ConnectionContext connection = from == null ? direct : direct.from(from);
        GatewayPort servers = servers();
        if (servers == null || servers.servers().isEmpty()) {
            unserved(connection);
        } else if (servers.tls()) {
            Peek.at(
                    channel,
                    proxy.services().limits().handshakeTimeout(),
                    seen -> hello(connection, servers, seen),
                    () -> refuse(connection, "no TLS handshake came"));
        } else {
            plain(connection, servers);
        }
    }

    /** Whoever speaks HTTP is told so; others see their connection end. */
    private void unserved(ConnectionContext connection) {
        String cause = "no Gateway serves port " + port;
        Peek.at(
                connection.channel(),
                proxy.services().limits().headerTimeout(),
                seen -> {
                    GatewayPhases phases = new GatewayPhases(proxy, port, false);
                    switch (FirstBytes.http(seen)) {
                        case UNDECIDED -> {
                            return false;
                        }
                        case HTTP1 -> Http1Server.install(connection, proxy.services(), phases);
                        case HTTP2 -> Http2Server.install(connection, proxy.services(), phases);
                        case OPAQUE -> unknownName(connection, cause);
                    }
                    return true;
                },
                () -> refuse(connection, cause));
    }

    /** Tells a TLS client that nobody has the name it asks for (RFC 6066 §3), and ends. */
    private void unknownName(ConnectionContext connection, String cause) {
        byte[] alert = {21, 3, 3, 0, 2, 2, 112};
        connection
                .channel()
                .writeAndFlush(Unpooled.wrappedBuffer(alert))
                .addListener(written -> refuse(connection, cause));
    }

    private @Nullable GatewayPort servers() {
        ConfigSnapshot snapshot = proxy.config().current();
        return snapshot == null ? null : snapshot.gateways().get(port);
    }

    private void refuse(ConnectionContext connection, String cause) {
        new TcpExchange(connection, proxy.services())
                .refuse("NR", "filter_chain_not_found", cause, null);
    }

    private boolean hello(ConnectionContext connection, GatewayPort servers, ByteBuf seen) {
        Boolean tls = FirstBytes.tls(seen);
        if (tls == null || (tls && !FirstBytes.wholeRecord(seen))) {
            return false;
        }
        if (!tls) {
            refuse(connection, "plain text to a TLS port");
            return true;
        }
        String name = FirstBytes.serverName(seen);
        GatewayPort.Server server = servers.find(name);
        if (server == null) {
            unknownName(connection, "no server of port " + port + " has host " + name);
        } else if (server.config().tls() instanceof GatewayServer.ServerTls.Passthrough) {
            opaque(connection.naming(name), server);
        } else {
            terminate(connection, server, name);
        }
        return true;
    }

    private void terminate(
            ConnectionContext connection, GatewayPort.Server server, @Nullable String name) {
        GatewayPort.NamedContext context = GatewayPort.context(server, name);
        if (context == null) {
            refuse(
                    connection,
                    "the certificate of server "
                            + server.config().name()
                            + " has not come: "
                            + server.config().tls());
            return;
        }
        Channel channel = connection.channel();
        SslHandler tls = context.context().newHandler(channel.alloc());
        tls.setHandshakeTimeoutMillis(proxy.services().limits().handshakeTimeout().toMillis());
        HandshakeGuard.secure(channel, tls);
        tls.handshakeFuture()
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        refuse(connection, "TLS: " + done.cause().getMessage());
                        return;
                    }
                    List<String> wanted = terminated(server).subjectAltNames();
                    if (!wanted.isEmpty()
                            && !SubjectAltNames.present(tls.engine().getSession(), wanted)) {
                        refuse(connection, "the client's certificate is for none of " + wanted);
                        return;
                    }
                    CertificateEnd.ofPeer(
                            channel, tls.engine().getSession(), proxy.services().clock());
                    SpiffeId peer =
                            context.meshIdentity()
                                    ? proxy.tls().peer(tls.engine().getSession())
                                    : null;
                    if (peer != null) {
                        SSLSession session = tls.engine().getSession();
                        proxy.connections().guard(channel, now -> !proxy.tls().isDenied(session));
                    }
                    secured(
                            connection.secured(
                                    peer,
                                    PeerCertificate.holder(
                                            tls.engine().getSession(), !context.meshIdentity()),
                                    name,
                                    tls.engine().getSession()),
                            server,
                            tls.applicationProtocol());
                });
    }

    private static GatewayServer.ServerTls.Terminate terminated(GatewayPort.Server server) {
        if (server.config().tls() instanceof GatewayServer.ServerTls.Terminate terminate) {
            return terminate;
        }
        throw new IllegalStateException("only servers that terminate TLS have a context");
    }

    private void secured(
            ConnectionContext connection, GatewayPort.Server server, @Nullable String alpn) {
        switch (server.config().protocol()) {
            case TLS, TCP -> opaque(connection, server);
            case HTTP, HTTPS -> {
                GatewayPhases phases = new GatewayPhases(proxy, port, true);
                if ("h2".equals(alpn)) {
                    Http2Server.install(connection, proxy.services(), phases);
                } else {
                    Http1Server.install(connection, proxy.services(), phases);
                }
            }
        }
    }

    private void plain(ConnectionContext connection, GatewayPort servers) {
        GatewayPort.Server first = servers.servers().getFirst();
        if (first.config().protocol() == GatewayServer.Protocol.TCP) {
            opaque(connection, first);
            return;
        }
        GatewayPhases phases = new GatewayPhases(proxy, port, false);
        Peek.at(
                connection.channel(),
                proxy.services().limits().headerTimeout(),
                seen ->
                        switch (FirstBytes.http(seen)) {
                            case UNDECIDED -> false;
                            case HTTP2 -> {
                                Http2Server.install(connection, proxy.services(), phases);
                                yield true;
                            }
                            case HTTP1, OPAQUE -> {
                                Http1Server.install(connection, proxy.services(), phases);
                                yield true;
                            }
                        },
                connection.channel()::close);
    }

    private void opaque(ConnectionContext connection, GatewayPort.Server server) {
        TcpExchange exchange = new TcpExchange(connection, proxy.services());
        ConfigSnapshot snapshot = proxy.config().current();
        OutboundTable.TcpPlan plan = server.routes().matchTcp(exchange, proxy.services().random());
        if (snapshot == null || plan == null) {
            exchange.refuse(
                    "NR",
                    "route_not_found",
                    "no TCP route of server " + server.config().name() + " fits",
                    null);
            return;
        }
        exchange.route(
                plan.decision().route().name(), plan.target().label(), plan.target().destination());
        AuthzEngine authz = snapshot.gatewayAuthz();
        switch (authz.decide(exchange)) {
            case Verdict.Allowed(var permit, var by, var recorded) ->
                    forward(permit, connection, exchange, plan, authz);
            case Verdict.Denied(var by, var reason, var recorded) ->
                    exchange.refuse("-", "rbac_access_denied", reason, by);
            case Verdict.AskExternal ask ->
                    snapshot.externals()
                            .ask(
                                    exchange,
                                    proxy.services(),
                                    authz,
                                    ask,
                                    permit -> forward(permit, connection, exchange, plan, authz));
        }
    }

    /** What is let through is asked again when policy changes, for as long as it lasts. */
    private void forward(
            Permit permit,
            ConnectionContext connection,
            TcpExchange exchange,
            OutboundTable.TcpPlan plan,
            AuthzEngine before) {
        proxy.connections()
                .guard(
                        connection.channel(),
                        now -> DecidedAnew.refusal(exchange, before, now.gatewayAuthz()) == null);
        exchange.forward(permit, plan.target(), plan.decision().route().idleTimeout());
    }
}
