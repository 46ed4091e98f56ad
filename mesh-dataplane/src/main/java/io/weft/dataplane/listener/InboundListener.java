package io.weft.dataplane.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import io.weft.dataplane.http.ConnectionContext;
import io.weft.dataplane.http.ExchangeHandler;
import io.weft.dataplane.http.Http1Server;
import io.weft.dataplane.http.Http2Server;
import io.weft.dataplane.identity.CertificateEnd;
import io.weft.dataplane.snapshot.ConfigSnapshot;
import io.weft.dataplane.snapshot.InboundProgram;
import io.weft.dataplane.tcp.TcpExchange;
import io.weft.dataplane.upstream.HandshakeGuard;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Verdict;
import io.weft.model.AppProtocol;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import io.weft.model.listener.MtlsMode;
import java.time.Duration;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Accepts for one workload port: TLS or not, who calls, which protocol. */
public final class InboundListener extends ChannelInitializer<Channel> {

    /** How long silence is waited out before a server that speaks first is assumed. */
    private static final Duration SERVER_FIRST = Duration.ofMillis(300);

    private final Proxy proxy;
    private final int port;
    private final AppForwarder forwarder;
    private final ExchangeHandler phases;

    public InboundListener(Proxy proxy, int port) {
        this.proxy = proxy;
        this.port = port;
        this.forwarder = new AppForwarder(proxy.routes());
        this.phases = new InboundPhases(proxy, forwarder, port);
    }

    @Override
    protected void initChannel(Channel channel) {
        proxy.connections().opened(channel);
        ConnectionContext connection = ConnectionContext.plain(channel, port, true);
        InboundProgram program = program();
        if (program == null) {
            refuse(connection, "the proxy has no configuration yet", null);
            return;
        }
        if (program.port().mtls() == MtlsMode.DISABLE) {
            serve(connection, program, null);
            return;
        }
        Peek.at(
                channel,
                patience(program),
                seen -> tlsOrNot(connection, seen),
                () -> silent(connection));
    }

    private @Nullable InboundProgram program() {
        ConfigSnapshot snapshot = proxy.config().current();
        return snapshot == null ? null : snapshot.inbound().get(port);
    }

    private Duration patience(InboundProgram program) {
        boolean mayServerSpeakFirst =
                program.port().mtls() == MtlsMode.PERMISSIVE && isOpaque(program.protocol());
        return mayServerSpeakFirst ? SERVER_FIRST : proxy.services().limits().handshakeTimeout();
    }

    // --- TLS or plain text

    private boolean tlsOrNot(ConnectionContext connection, ByteBuf seen) {
        Boolean tls = FirstBytes.tls(seen);
        if (tls == null) {
            return false;
        }
        InboundProgram program = program();
        if (program == null) {
            refuse(connection, "the proxy has no configuration any more", null);
            return true;
        }
        boolean strict = program.port().mtls() == MtlsMode.STRICT;
        if (!tls) {
            if (strict) {
                refusePlain(connection, program);
            } else {
                plain(connection, program);
            }
            return true;
        }
        if (!strict && !isSurelyHttp(program.protocol())) {
            // The application may speak TLS of its own: the mesh's is known by its server name.
            if (!FirstBytes.wholeRecord(seen)) {
                return false;
            }
            String name = FirstBytes.serverName(seen);
            if (name == null || !name.startsWith("outbound_")) {
                plain(connection.naming(name), program);
                return true;
            }
        }
        handshake(connection);
        return true;
    }

    private void silent(ConnectionContext connection) {
        InboundProgram program = program();
        if (program != null
                && program.port().mtls() == MtlsMode.PERMISSIVE
                && isOpaque(program.protocol())) {
            plain(connection, program);
        } else {
            refuse(connection, "nothing came within the time for a handshake", null);
        }
    }

    private void refusePlain(ConnectionContext connection, InboundProgram program) {
        Origin origin = program.port().mtlsOrigin();
        refuse(
                connection,
                "plain text to a port that takes mutual TLS only (" + origin.describe() + ")",
                origin);
    }

    private void refuse(ConnectionContext connection, String cause, @Nullable Origin origin) {
        TcpExchange exchange = new TcpExchange(connection, proxy.services());
        InboundProgram program = program();
        if (program != null) {
            exchange.route("", program.application().label(), program.application().destination());
        }
        exchange.refuse("NR", "filter_chain_not_found", cause, origin);
    }

    private void plain(ConnectionContext connection, InboundProgram program) {
        proxy.connections()
                .guard(
                        connection.channel(),
                        snapshot -> {
                            InboundProgram now = snapshot.inbound().get(port);
                            return now != null && now.port().mtls() != MtlsMode.STRICT;
                        });
        serve(connection, program, null);
    }

    private void handshake(ConnectionContext connection) {
        Channel channel = connection.channel();
        SslHandler tls = proxy.tls().meshServer().newHandler(channel.alloc());
        tls.setHandshakeTimeoutMillis(proxy.services().limits().handshakeTimeout().toMillis());
        HandshakeGuard.secure(channel, tls);
        tls.handshakeFuture()
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        InboundProgram now = program();
                        refuse(
                                connection,
                                "TLS: " + done.cause().getMessage(),
                                now != null && now.port().mtls() == MtlsMode.STRICT
                                        ? now.port().mtlsOrigin()
                                        : null);
                        return;
                    }
                    secured(connection, tls);
                });
    }

    private void secured(ConnectionContext connection, SslHandler tls) {
        SpiffeId peer = proxy.tls().peer(tls.engine().getSession());
        InboundProgram program = program();
        if (peer == null || program == null) {
            refuse(connection, "the caller showed no identity of the mesh", null);
            return;
        }
        SSLSession session = tls.engine().getSession();
        proxy.connections().guard(connection.channel(), snapshot -> !proxy.tls().isDenied(session));
        CertificateEnd.ofPeer(connection.channel(), session, proxy.services().clock());
        ConnectionContext secured =
                connection.secured(
                        peer,
                        PeerCertificate.holder(session, false),
                        PeerCertificate.serverName(session),
                        session);
        serve(secured, program, tls.applicationProtocol());
    }

    // --- HTTP or not

    private void serve(
            ConnectionContext connection, InboundProgram program, @Nullable String alpn) {
        if (isOpaque(program.protocol())) {
            opaque(connection);
            return;
        }
        if ("h2".equals(alpn)) {
            Http2Server.install(connection, proxy.services(), phases);
            return;
        }
        boolean mayBeOpaque = program.protocol() == AppProtocol.AUTO;
        Peek.at(
                connection.channel(),
                mayBeOpaque ? SERVER_FIRST : proxy.services().limits().headerTimeout(),
                seen -> detected(connection, FirstBytes.http(seen), mayBeOpaque),
                () -> {
                    if (mayBeOpaque) {
                        opaque(connection);
                    } else {
                        connection.channel().close();
                    }
                });
    }

    private boolean detected(
            ConnectionContext connection, FirstBytes.Protocol protocol, boolean mayBeOpaque) {
        switch (protocol) {
            case UNDECIDED -> {
                return false;
            }
            case HTTP2 -> Http2Server.install(connection, proxy.services(), phases);
            case HTTP1 -> Http1Server.install(connection, proxy.services(), phases);
            case OPAQUE -> {
                if (mayBeOpaque) {
                    opaque(connection);
                } else {
                    // What is no HTTP is answered as such, by the codec's own words.
                    Http1Server.install(connection, proxy.services(), phases);
                }
            }
        }
        return true;
    }

    private void opaque(ConnectionContext connection) {
        TcpExchange exchange = new TcpExchange(connection, proxy.services());
        InboundProgram program = program();
        if (program == null) {
            exchange.refuse("NR", "filter_chain_not_found", "no configuration", null);
            return;
        }
        exchange.route("", program.application().label(), program.application().destination());
        ConfigSnapshot snapshot = proxy.config().current();
        AuthzEngine authz = program.authz();
        switch (authz.decide(exchange)) {
            case Verdict.Allowed(var permit, var by, var recorded) -> {
                proxy.connections()
                        .guard(connection.channel(), now -> stillAllowed(now, exchange, authz));
                forwarder.forward(permit, exchange, program);
            }
            case Verdict.Denied(var by, var reason, var recorded) ->
                    exchange.refuse("-", "rbac_access_denied", reason, by);
            case Verdict.AskExternal ask -> {
                if (snapshot == null) {
                    exchange.refuse("UAEX", "ext_authz_error", "no configuration", null);
                    return;
                }
                snapshot.externals()
                        .ask(
                                exchange,
                                proxy.services(),
                                authz,
                                ask,
                                permit -> {
                                    proxy.connections()
                                            .guard(
                                                    connection.channel(),
                                                    now -> stillAllowed(now, exchange, authz));
                                    forwarder.forward(permit, exchange, program);
                                });
            }
        }
    }

    private boolean stillAllowed(
            ConfigSnapshot snapshot, TcpExchange exchange, AuthzEngine before) {
        InboundProgram now = snapshot.inbound().get(port);
        if (now == null || (now.port().mtls() == MtlsMode.STRICT && !exchange.connection().tls())) {
            return false;
        }
        return DecidedAnew.refusal(exchange, before, now.authz()) == null;
    }

    private static boolean isOpaque(AppProtocol protocol) {
        return protocol == AppProtocol.TCP
                || protocol == AppProtocol.TLS
                || protocol == AppProtocol.HTTPS;
    }

    private static boolean isSurelyHttp(AppProtocol protocol) {
        return protocol.mayBeHttp() && protocol != AppProtocol.AUTO;
    }
}
