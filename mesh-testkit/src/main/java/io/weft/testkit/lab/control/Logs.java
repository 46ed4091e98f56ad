package io.weft.testkit.lab.control;

import io.weft.model.Origin;
import io.weft.testkit.lab.mesh.ExchangeRecorder;
import io.weft.testkit.lab.mesh.LabMesh;
import io.weft.testkit.lab.mesh.LabReplica;
import io.weft.testkit.lab.mesh.SeenExchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sidecars' own logs say about a request. The first proxy's entry is found by the port
 * that the client connected from, the next one's by the request id that the first has passed on, or
 * by the connection between the two.
 */
record Logs(LabMesh mesh) {

    /**
     * @param responseFlags the caller's side unless it has none to tell
     * @param decidedBy the callee's side unless it did not decide
     * @param details of both, the caller's side first
     * @param last the exchange of the proxy nearest to the application, null without any
     */
    record Said(
            String responseFlags,
            @Nullable Origin decidedBy,
            List<String> details,
            @Nullable SeenExchange last) {
        static final Said NOTHING = new Said("-", null, List.of(), null);

        static Said by(SeenExchange one) {
            return new Said(one.responseFlags(), one.decidedBy(), List.of(one.details()), one);
        }

        /** The policy that decided; null where a default did. */
        @Nullable String policy() {
            return decidedBy == null || decidedBy.isBuiltIn() ? null : decidedBy.describe();
        }
    }

    Said about(long mark, @Nullable String firstProxy, int clientPort) {
        if (firstProxy == null || clientPort == 0) {
            return Said.NOTHING;
        }
        ExchangeRecorder recorder = mesh.recorder();
        SeenExchange first =
                recorder.await(
                        mark,
                        each ->
                                each.proxy().equals(firstProxy)
                                        && each.downstreamPort() == clientPort
                                        && !each.isTunnel(),
                        ExchangeRecorder.LAG);
        if (first == null) {
            return Said.NOTHING;
        }
        String next = proxyAt(first.upstreamPort());
        if (next == null || first.inbound()) {
            return Said.by(first);
        }
        SeenExchange second =
                recorder.await(mark, each -> follows(each, first, next), ExchangeRecorder.LAG);
        if (second == null) {
            return Said.by(first);
        }
        boolean silent = first.responseFlags().equals("-");
        return new Said(
                silent ? second.responseFlags() : first.responseFlags(),
                second.decidedBy() == null ? first.decidedBy() : second.decidedBy(),
                List.of(first.details(), second.details()),
                second);
    }

    private static boolean follows(SeenExchange each, SeenExchange first, String proxy) {
        if (!each.proxy().equals(proxy) || !each.inbound()) {
            return false;
        }
        boolean connection =
                first.upstreamLocalPort() == 0
                        ? !each.http()
                        : each.downstreamPort() == first.upstreamLocalPort();
        boolean request =
                !first.requestId().isEmpty() && each.requestId().equals(first.requestId());
        return first.http() && each.http() ? request : connection;
    }

    private @Nullable String proxyAt(int port) {
        if (port == 0) {
            return null;
        }
        for (LabReplica replica : mesh.replicas()) {
            var proxy = replica.proxy();
            if (proxy != null && proxy.plane().inboundPorts().containsValue(port)) {
                return replica.instance();
            }
        }
        return null;
    }
}
