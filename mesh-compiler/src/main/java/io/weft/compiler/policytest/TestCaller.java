package io.weft.compiler.policytest;

import io.weft.model.WorkloadId;
import java.util.Map;

/** Who sends the request of a test. */
public sealed interface TestCaller {

    /**
     * A workload with a sidecar.
     *
     * @param serviceAccount empty for that of the workload's Deployment, else its name
     * @param trustDomain empty for the mesh's own
     * @param labels empty for those of the workload's Deployment, else {@code app: NAME}
     */
    record Workload(
            WorkloadId workload,
            String serviceAccount,
            String trustDomain,
            Map<String, String> labels)
            implements TestCaller {
        public Workload {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * A client outside the mesh that asks a gateway.
     *
     * @param serviceAccount the gateway's; empty for that of its Deployment, else its name
     * @param labels the gateway's; empty for those of its Deployment, else {@code app: NAME} and
     *     {@code istio: ingressgateway}
     * @param ip the client's address, empty for one that no policy can know
     */
    record Gateway(WorkloadId gateway, String serviceAccount, Map<String, String> labels, String ip)
            implements TestCaller {
        public Gateway {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * A client without a sidecar that speaks to the callee directly, in plain text.
     *
     * @param ip its address, empty for one that no policy can know
     */
    record Outside(String ip) implements TestCaller {}
}
