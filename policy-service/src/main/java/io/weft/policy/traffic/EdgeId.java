package io.weft.policy.traffic;

import io.weft.model.wire.TrafficReport.EdgeKey;
import io.weft.model.wire.TrafficReport.Party;
import java.util.Comparator;

/**
 * An edge of the graph, whichever side reports it.
 *
 * @param source who calls
 * @param service host name of the called service
 * @param target who answers, nobody where no workload did
 * @param protocol {@code http}, {@code grpc} or {@code tcp}
 */
public record EdgeId(End source, String service, End target, String protocol)
        implements Comparable<EdgeId> {

    private static final Comparator<EdgeId> ORDER =
            Comparator.comparing(EdgeId::source)
                    .thenComparing(EdgeId::service)
                    .thenComparing(EdgeId::target)
                    .thenComparing(EdgeId::protocol);

    /** Of what a sidecar tells. */
    public static EdgeId of(EdgeKey key) {
        return new EdgeId(
                End.of(key.source()), key.service(), End.of(key.target()), key.protocol());
    }

    @Override
    public int compareTo(EdgeId other) {
        return ORDER.compare(this, other);
    }

    /** A workload in one version; all empty when nobody knows. */
    public record End(String namespace, String workload, String version)
            implements Comparable<End> {

        private static final Comparator<End> ORDER =
                Comparator.comparing(End::namespace)
                        .thenComparing(End::workload)
                        .thenComparing(End::version);

        static End of(Party party) {
            return new End(party.namespace(), party.workload(), party.version());
        }

        @Override
        public int compareTo(End other) {
            return ORDER.compare(this, other);
        }
    }
}
