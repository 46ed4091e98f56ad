package io.weft.dataplane.identity;

import io.netty.handler.ssl.SslContext;
import io.weft.model.SpiffeId;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS made from the workload's SVID and the trust bundles in force. Contexts change when the SVID
 * is renewed: ask for each new connection, never keep one.
 */
public interface TlsContexts {

    /** Server side of the mesh's mTLS: asks for a client certificate, verifies by SPIFFE rules. */
    SslContext meshServer();

    /**
     * Client side of the mesh's mTLS. The peer's certificate is verified by SPIFFE rules; that it
     * is the expected endpoint is checked after the handshake with {@link #peer}.
     *
     * @param http2 whether ALPN offers h2 only, else http/1.1 only
     */
    SslContext meshClient(boolean http2);

    /** The verified identity of the other end, null when it showed none. */
    @Nullable SpiffeId peer(SSLSession session);

    /**
     * Whether the other end has been put on the deny-list since its handshake. Cheap: asked for
     * each open connection when a configuration changes.
     */
    default boolean isDenied(SSLSession session) {
        return false;
    }

    /** The workload's own identity. */
    SpiffeId self();
}
