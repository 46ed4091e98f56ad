package io.weft.compiler.dialect.istio;

import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One alternative of a route's match, in two parts: what is known when it is scoped to a caller,
 * and what only the request tells.
 *
 * @param gateways names ({@code ns/name} or {@code mesh}); empty is wherever the VirtualService is
 *     bound
 * @param port 0 for any
 * @param uri null for any path; also what a prefix rewrite replaces
 */
record HttpMatchSpec(
        List<String> gateways,
        Map<String, String> sourceLabels,
        String sourceNamespace,
        int port,
        @Nullable StringMatch uri,
        Match request) {

    HttpMatchSpec {
        gateways = List.copyOf(gateways);
        sourceLabels = Map.copyOf(sourceLabels);
    }

    /** Matches everything. */
    static final HttpMatchSpec ANY =
            new HttpMatchSpec(List.of(), Map.of(), "", 0, null, Match.ALWAYS);

    /** Whether it can match requests of this caller at all. */
    boolean concerns(Caller caller) {
        if (port > 0 && port != caller.port()) {
            return false;
        }
        if (!gateways.isEmpty()) {
            return gateways.stream().anyMatch(caller.gateways()::contains);
        }
        WorkloadView workload = caller.workload();
        return workload.hasLabels(sourceLabels)
                && (sourceNamespace.isEmpty() || sourceNamespace.equals(workload.namespace()));
    }

    /** Whether every request matches. */
    boolean isCatchAll() {
        return request instanceof Match.Always;
    }

    /**
     * From where routes are asked for.
     *
     * @param gateways the gateways that are being served, or {@code mesh}
     * @param port that is called, or that the gateway serves
     */
    record Caller(WorkloadView workload, List<String> gateways, int port) {}
}
