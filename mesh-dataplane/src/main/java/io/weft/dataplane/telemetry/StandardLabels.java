package io.weft.dataplane.telemetry;

import io.weft.model.SpiffeId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of Istio's standard labels for one exchange. Stateless. */
final class StandardLabels {

    static final List<String> COMMON =
            List.of(
                    "reporter",
                    "source_workload",
                    "source_canonical_service",
                    "source_canonical_revision",
                    "source_workload_namespace",
                    "source_principal",
                    "source_app",
                    "source_version",
                    "source_cluster",
                    "destination_workload",
                    "destination_workload_namespace",
                    "destination_principal",
                    "destination_app",
                    "destination_version",
                    "destination_service",
                    "destination_canonical_service",
                    "destination_canonical_revision",
                    "destination_service_name",
                    "destination_service_namespace",
                    "destination_cluster",
                    "request_protocol",
                    "response_flags",
                    "connection_security_policy");

    static final List<String> HTTP_ONLY = List.of("response_code", "grpc_response_status");

    private static final String UNKNOWN = "unknown";
    private static final int MAX_STATUS = 599;
    private static final int MAX_GRPC_STATUS = 16;

    private StandardLabels() {}

    /** In the order of {@link #COMMON}, then of {@link #HTTP_ONLY}. */
    static String[] values(SeriesKey key, LocalWorkload self) {
        DestinationView to = key.destination();
        String[] values = new String[COMMON.size() + HTTP_ONLY.size()];
        values[0] = key.inbound() ? "destination" : "source";
        source(values, key, self);
        destination(values, key, self);
        values[14] = orUnknown(to.service());
        values[17] = orUnknown(to.serviceName());
        values[18] = orUnknown(to.serviceNamespace());
        values[20] = key.protocol();
        values[21] = key.flags().isEmpty() ? "-" : key.flags();
        values[22] = key.inbound() ? key.mutualTls() ? "mutual_tls" : "none" : UNKNOWN;
        values[23] = Integer.toString(key.status() > MAX_STATUS ? 0 : key.status());
        values[24] = grpc(key.grpcStatus());
        return values;
    }

    private static void source(String[] values, SeriesKey key, LocalWorkload self) {
        SpiffeId peer = key.inbound() ? key.peer() : self.identity();
        boolean known = !key.inbound() || peer != null;
        PeerMetadata source = key.inbound() ? key.peerMetadata() : self.metadata();
        values[1] = orUnknown(source.workload());
        values[2] = orUnknown(source.canonicalService());
        values[3] = orUnknown(source.canonicalRevision());
        values[4] =
                key.inbound()
                        ? peer == null ? UNKNOWN : peer.namespace()
                        : self.workload().namespace();
        values[5] = known && key.mutualTls() ? principal(peer) : UNKNOWN;
        values[6] = orUnknown(source.app());
        values[7] = orUnknown(source.version());
        values[8] = orUnknown(source.cluster());
    }

    private static void destination(String[] values, SeriesKey key, LocalWorkload self) {
        DestinationView to = key.destination();
        Map<String, String> labels = to.labels();
        boolean meshed = !to.workload().isEmpty();
        values[9] = orUnknown(to.workload());
        values[10] = orUnknown(to.workloadNamespace());
        values[11] = key.mutualTls() ? principal(to.identity()) : UNKNOWN;
        values[12] = orUnknown(labels.getOrDefault("app", ""));
        values[13] = orUnknown(labels.getOrDefault("version", ""));
        values[15] = meshed ? PeerMetadata.canonicalService(to.workload(), labels) : UNKNOWN;
        values[16] = meshed ? PeerMetadata.canonicalRevision(labels) : UNKNOWN;
        String cluster = labels.getOrDefault("topology.istio.io/cluster", self.cluster());
        values[19] = meshed ? orUnknown(cluster) : UNKNOWN;
    }

    private static String principal(@Nullable SpiffeId id) {
        return id == null ? UNKNOWN : id.uri();
    }

    private static String grpc(int status) {
        // Istio leaves it empty for what is not gRPC; numbers beyond the known ones are bounded.
        return status < 0 ? "" : status > MAX_GRPC_STATUS ? "other" : Integer.toString(status);
    }

    private static String orUnknown(String value) {
        return value.isEmpty() ? UNKNOWN : value;
    }
}
