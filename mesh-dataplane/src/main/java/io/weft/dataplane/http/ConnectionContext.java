package io.weft.dataplane.http;

import io.netty.channel.Channel;
import io.weft.dataplane.telemetry.TlsFacts;
import io.weft.dataplane.upstream.ProxyAnnouncement;
import io.weft.engine.ForwardedClientCert;
import io.weft.model.SpiffeId;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a downstream connection, the same for all its requests.
 *
 * @param transport null when the own process sends
 * @param destinationPort the workload's or gateway's own port inbound, the called port outbound
 * @param inbound whether the mesh's side is {@code destination}
 * @param tls whether the caller spoke TLS to us
 * @param peer verified identity of the caller
 * @param certificate what the caller's verified certificate says, null without one
 * @param memory what its requests have in common
 * @param declared where it comes from by the word of a load balancer in front; null without one
 * @param tlsFacts of the handshake, for logs
 */
public record ConnectionContext(
        @Nullable Channel transport,
        byte[] sourceIp,
        byte @Nullable [] destinationIp,
        int destinationPort,
        boolean inbound,
        boolean tls,
        @Nullable SpiffeId peer,
        @Nullable String peerPrincipal,
        ForwardedClientCert.@Nullable Holder certificate,
        @Nullable String sni,
        ConnectionMemory memory,
        @Nullable SocketAddress declared,
        TlsFacts tlsFacts) {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    /** No connection at all: the own process sends. */
    public static ConnectionContext internal() {
        return new ConnectionContext(
                null,
                LOOPBACK,
                null,
                0,
                false,
                false,
                null,
                null,
                null,
                null,
                new ConnectionMemory(),
                null,
                TlsFacts.NONE);
    }

    /** The connection itself. */
    public Channel channel() {
        if (transport == null) {
            throw new IllegalStateException("connection: none (expected: one over the wire)");
        }
        return transport;
    }

    /** Names it in logs; empty when the own process sends. */
    public String id() {
        return transport == null ? "" : transport.id().asShortText();
    }

    public @Nullable SocketAddress remoteAddress() {
        return declared != null ? declared : transport == null ? null : transport.remoteAddress();
    }

    public @Nullable SocketAddress localAddress() {
        return transport == null ? null : transport.localAddress();
    }

    /** What is said of it to endpoints that want to know who calls. */
    public ProxyAnnouncement announcement() {
        return new ProxyAnnouncement(remoteAddress(), localAddress());
    }

    /** A connection without TLS. */
    public static ConnectionContext plain(Channel channel, int destinationPort, boolean inbound) {
        return new ConnectionContext(
                channel,
                address(channel.remoteAddress()),
                address(channel.localAddress()),
                destinationPort,
                inbound,
                false,
                null,
                null,
                null,
                null,
                new ConnectionMemory(),
                null,
                TlsFacts.NONE);
    }

    /** The same connection after its TLS handshake. */
    public ConnectionContext secured(
            @Nullable SpiffeId identity,
            ForwardedClientCert.@Nullable Holder shown,
            @Nullable String serverName,
            SSLSession session) {
        String principal = identity == null ? null : identity.principal();
        return new ConnectionContext(
                transport,
                sourceIp,
                destinationIp,
                destinationPort,
                inbound,
                true,
                identity,
                principal,
                shown,
                serverName,
                new ConnectionMemory(),
                declared,
                new TlsFacts(session));
    }

    /** The same connection, made for somebody else by a load balancer that is believed. */
    public ConnectionContext from(InetSocketAddress client) {
        return new ConnectionContext(
                transport,
                address(client),
                destinationIp,
                destinationPort,
                inbound,
                tls,
                peer,
                peerPrincipal,
                certificate,
                sni,
                new ConnectionMemory(),
                client,
                tlsFacts);
    }

    /** The same connection for another logical destination. */
    public ConnectionContext to(int port) {
        return new ConnectionContext(
                transport,
                sourceIp,
                destinationIp,
                port,
                inbound,
                tls,
                peer,
                peerPrincipal,
                certificate,
                sni,
                memory,
                declared,
                tlsFacts);
    }

    /** The same connection with what its ClientHello names, TLS not being terminated here. */
    public ConnectionContext naming(@Nullable String serverName) {
        return new ConnectionContext(
                transport,
                sourceIp,
                destinationIp,
                destinationPort,
                inbound,
                tls,
                peer,
                peerPrincipal,
                certificate,
                serverName,
                new ConnectionMemory(),
                declared,
                tlsFacts);
    }

    /**
     * The element of {@code x-forwarded-client-cert} about the caller; null for one without a
     * certificate.
     *
     * @param self what this proxy has shown itself as, null without an identity of the mesh
     */
    public @Nullable String clientCertificate(@Nullable SpiffeId self) {
        return certificate == null ? null : memory.clientCertificate(self, certificate);
    }

    private static byte[] address(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getAddress()
                : LOOPBACK;
    }
}
