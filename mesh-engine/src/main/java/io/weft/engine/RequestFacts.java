package io.weft.engine;

import io.weft.model.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a decision may ask of a request or of a connection.
 *
 * <p>Implementations are read by one thread at a time and must not change while a decision is being
 * made. Methods are called often: they should return what is at hand and allocate nothing.
 */
public interface RequestFacts {

    /** The verified identity of the peer, null without mutual TLS. */
    @Nullable SpiffeId peer();

    /** {@link #peer()} without {@code spiffe://}; connections may keep it to save the work. */
    default @Nullable String peerPrincipal() {
        SpiffeId peer = peer();
        return peer == null ? null : peer.principal();
    }

    /** Address of the connection's other end, 4 or 16 bytes; not to be changed. */
    byte[] sourceIp();

    /** Address of the original client (trusted X-Forwarded-For), else {@link #sourceIp()}. */
    byte[] remoteIp();

    byte @Nullable [] destinationIp();

    /** The workload's own port inbound, the requested port outbound. */
    int destinationPort();

    @Nullable String sni();

    /** Whether this is a request; false for opaque connections, then what follows is not asked. */
    boolean isHttp();

    String method();

    /** {@code http} or {@code https}, as the client sees it. */
    String scheme();

    /** {@code :authority} or {@code Host} as received, with its port if one was sent. */
    String authority();

    /** The normalised path, without its query. */
    String path();

    /** What follows {@code ?}, as received, or null. */
    @Nullable String query();

    /**
     * A header's values joined by a comma ({@code cookie}: by {@code "; "}), null when it is
     * absent.
     *
     * @param lowerCaseName never a pseudo-header
     */
    @Nullable String header(String lowerCaseName);

    /** The verified token, null without one. */
    @Nullable VerifiedToken token();
}
