package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.LabelSelector;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import java.util.Map;
import java.util.Set;

/**
 * A Server: a port of some workloads that is closed but for what is authorised.
 *
 * @param port a number or a name
 * @param labels its own, by which ServerAuthorizations select it
 * @param access what holds for callers that nothing authorises
 */
record ServerSpec(
        String namespace,
        String name,
        Map<String, String> labels,
        LabelSelector pods,
        String port,
        DefaultAccess access,
        Origin origin) {

    static ServerSpec read(Field root) {
        Field spec = root.get("spec");
        Field selector = spec.get("podSelector");
        if (spec.get("externalWorkloadSelector").isPresent()) {
            spec.get("externalWorkloadSelector")
                    .unsupported("workloads outside the cluster are selected by podSelector");
        } else if (!selector.isPresent()) {
            selector.reportMissing();
        }
        Field port = spec.get("port");
        if (!port.isPresent()) {
            port.reportMissing();
        }
        String protocol = spec.get("proxyProtocol").text("unknown");
        if (!Set.of("unknown", "HTTP/1", "HTTP/2", "gRPC", "opaque", "TLS").contains(protocol)) {
            spec.get("proxyProtocol")
                    .reportValue(protocol, "unknown, HTTP/1, HTTP/2, gRPC, opaque, TLS");
        } else if (!protocol.equals("unknown")) {
            spec.get("proxyProtocol")
                    .info(
                            Code.UNDERSTOOD,
                            "the Service's port declares the protocol; "
                                    + protocol
                                    + " is not taken from here");
        }
        return new ServerSpec(
                root.resource().namespace(),
                root.resource().name(),
                root.resource().labels(),
                LabelSelector.read(selector),
                port.loose().orElse(""),
                DefaultAccess.read(spec.get("accessPolicy"), DefaultAccess.DENY),
                root.origin());
    }

    boolean covers(WorkloadView workload, InboundView inbound) {
        return covers(workload, inbound.port(), inbound.portName());
    }

    /**
     * @param number the workload's port; 0 for those that it does not declare
     * @param portName the workload's name for it, empty where it has none
     */
    boolean covers(WorkloadView workload, int number, String portName) {
        boolean samePort =
                number > 0
                        && (port.equals(Integer.toString(number))
                                || !port.isEmpty() && port.equals(portName));
        return samePort
                && namespace.equals(workload.namespace())
                && pods.selects(workload.labels());
    }
}
