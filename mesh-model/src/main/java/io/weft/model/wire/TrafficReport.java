package io.weft.model.wire;

import io.weft.model.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an instance has seen since its last report, for the control plane's live picture of the
 * mesh; lossy by intent, Prometheus has the durable one.
 *
 * @param millis how long the report covers
 * @param edges traffic, only where there was some
 * @param fates single requests: those that were denied or failed here, and those that taps asked
 *     for; bounded by the sender
 * @param dropped how many fates were left out
 * @param state how the sender is; null when that has not changed
 */
public record TrafficReport(
        long millis,
        List<Edge> edges,
        List<Fate> fates,
        long dropped,
        @Nullable SidecarState state) {

    public TrafficReport {
        edges = List.copyOf(edges);
        fates = List.copyOf(fates);
    }

    /** Of traffic alone. */
    public TrafficReport(long millis, List<Edge> edges, List<Fate> fates, long dropped) {
        this(millis, edges, fates, dropped, null);
    }

    /**
     * Traffic with one peer.
     *
     * @param id the sender's number for the key
     * @param key only told until the receiver has taken a report with it
     */
    public record Edge(int id, @Nullable EdgeKey key, List<Outcome> outcomes) {

        public Edge {
            outcomes = List.copyOf(outcomes);
        }
    }

    /**
     * Who speaks with whom; one of both is the sender. A value that is not known is empty.
     *
     * @param inbound the sender is the callee
     * @param service host name of the called service
     * @param protocol {@code http}, {@code grpc} or {@code tcp}
     * @param mutualTls whether the connection between the two proxies has mTLS
     */
    public record EdgeKey(
            boolean inbound,
            Party source,
            Party target,
            String service,
            String protocol,
            boolean mutualTls) {}

    /**
     * @param principal SPIFFE ID, verified by mTLS
     */
    public record Party(String workload, String namespace, String version, String principal) {

        /** Nobody that is known. */
        public static final Party UNKNOWN = new Party("", "", "", "");
    }

    /**
     * Requests (or TCP connections) that ended alike.
     *
     * @param status of the answer, 0 for none
     * @param grpc gRPC status, -1 for none
     * @param flags Envoy's response flags, {@code -} for none
     * @param count how many ended
     * @param opened TCP connections that were opened
     * @param retries attempts beyond the first
     * @param received bytes from the caller
     * @param sent bytes to the caller
     * @param latencies pairs of bucket and count, see {@link
     *     io.weft.model.telemetry.LatencyBuckets}
     */
    public record Outcome(
            int status,
            int grpc,
            String flags,
            long count,
            long opened,
            long retries,
            long received,
            long sent,
            List<Integer> latencies) {

        public Outcome {
            latencies = List.copyOf(latencies);
        }
    }

    /**
     * A request and what became of it.
     *
     * @param tap the tap that asked for it, empty when it is told because it was denied or failed
     * @param atMillis since 1970, of its start
     * @param edge the number of an edge of this or an earlier report
     * @param path without its query
     * @param details response code details
     * @param upstream the address that answered, empty for none
     * @param decidedBy what denied or answered it
     * @param headers those that the tap asked for, {@code name: value}
     */
    public record Fate(
            String tap,
            long atMillis,
            int edge,
            String method,
            String authority,
            String path,
            int status,
            int grpc,
            String flags,
            String details,
            String upstream,
            String route,
            @Nullable Origin decidedBy,
            long durationMicros,
            long received,
            long sent,
            int attempts,
            String requestId,
            String traceId,
            List<String> headers) {

        public Fate {
            headers = List.copyOf(headers);
        }
    }
}
