package io.weft.dataplane.telemetry;

import io.weft.model.SpiffeId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What tells the time series of exchanges apart. The destination counts by identity: its instances
 * are made once per endpoint, and comparing its maps for each request would cost too much.
 *
 * @param protocol {@code http}, {@code grpc} or {@code tcp}
 * @param tags values of configured tags
 */
record SeriesKey(
        boolean inbound,
        DestinationView destination,
        @Nullable SpiffeId peer,
        PeerMetadata peerMetadata,
        int status,
        int grpcStatus,
        String flags,
        String protocol,
        boolean mutualTls,
        List<String> tags) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SeriesKey key
                && destination == key.destination
                && status == key.status
                && grpcStatus == key.grpcStatus
                && inbound == key.inbound
                && mutualTls == key.mutualTls
                && flags.equals(key.flags)
                && protocol.equals(key.protocol)
                && Objects.equals(peer, key.peer)
                && peerMetadata.equals(key.peerMetadata)
                && tags.equals(key.tags);
    }

    @Override
    public int hashCode() {
        int hash = System.identityHashCode(destination);
        hash = 31 * hash + status;
        hash = 31 * hash + grpcStatus;
        hash = 31 * hash + flags.hashCode();
        hash = 31 * hash + Objects.hashCode(peer);
        hash = 31 * hash + peerMetadata.workload().hashCode();
        return 31 * hash + tags.hashCode() + (inbound ? 1 : 0);
    }
}
