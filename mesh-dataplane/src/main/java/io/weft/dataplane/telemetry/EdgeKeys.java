package io.weft.dataplane.telemetry;

import io.weft.model.SpiffeId;
import io.weft.model.wire.TrafficReport.EdgeKey;
import io.weft.model.wire.TrafficReport.Party;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who spoke with whom, as the control plane's live picture names them. Stateless. */
final class EdgeKeys {

    private EdgeKeys() {}

    static EdgeKey of(SeriesKey key, LocalWorkload self) {
        DestinationView to = key.destination();
        Party own =
                new Party(
                        self.workload().name(),
                        self.workload().namespace(),
                        version(self.labels()),
                        self.identity().uri());
        Party target =
                key.inbound()
                        ? own
                        : new Party(
                                to.workload(),
                                to.workloadNamespace(),
                                version(to.labels()),
                                principal(to.identity()));
        return new EdgeKey(
                key.inbound(),
                key.inbound() ? caller(key) : own,
                target,
                to.service(),
                key.protocol(),
                key.mutualTls());
    }

    /** The name is the peer's word, the namespace and the identity its certificate's. */
    private static Party caller(SeriesKey key) {
        SpiffeId peer = key.peer();
        PeerMetadata told = key.peerMetadata();
        return peer == null
                ? Party.UNKNOWN
                : new Party(
                        told.workload().isEmpty() ? peer.serviceAccount() : told.workload(),
                        peer.namespace(),
                        told.version(),
                        peer.uri());
    }

    private static String version(Map<String, String> labels) {
        return labels.getOrDefault("version", "");
    }

    private static String principal(@Nullable SpiffeId id) {
        return id == null ? "" : id.uri();
    }
}
