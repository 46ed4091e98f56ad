package io.weft.testkit.lab.mesh;

import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.weft.dataplane.InboundBinding;
import io.weft.model.AppProtocol;
import io.weft.testkit.echo.EchoApplication;
import io.weft.testkit.echo.EchoFaults;
import io.weft.testkit.echo.EchoIdentity;
import io.weft.testkit.echo.EchoPort;
import io.weft.testkit.lab.topology.PortSpec;
import io.weft.testkit.lab.topology.WorkloadSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts echo applications, and tells where their sidecars find them. */
record ApplicationStarter(EventLoopGroup loops, LabPki pki) {

    private static final String LOCALHOST = "127.0.0.1";

    /** Where a workload without an address of its own would be, had it one. */
    private static final String ELSEWHERE = "127.0.0.2";

    EchoApplication start(WorkloadSpec workload, int replica, EchoFaults shared) {
        List<EchoPort> ports = new ArrayList<>();
        boolean secure = false;
        for (PortSpec port : targets(workload)) {
            ports.add(
                    new EchoPort(
                            port.name(),
                            port.targetPort(),
                            port.protocol(),
                            port.bind() == PortSpec.Bind.ADDRESS ? own(workload) : LOCALHOST,
                            port.serverFirst()));
            secure |= port.protocol() == AppProtocol.HTTPS || port.protocol() == AppProtocol.TLS;
        }
        EchoIdentity identity =
                new EchoIdentity(
                        workload.name(), workload.namespace(), workload.version(), replica);
        return EchoApplication.start(
                identity, new EchoFaults(shared), ports, loops, secure ? tls(workload) : null);
    }

    /** The workload's own ports, each once. */
    static List<PortSpec> targets(WorkloadSpec workload) {
        Map<Integer, PortSpec> byTarget = new LinkedHashMap<>();
        workload.ports().forEach(port -> byTarget.putIfAbsent(port.targetPort(), port));
        return List.copyOf(byTarget.values());
    }

    /**
     * A sidecar calls its application at the workload's address, as in a pod: one that listens on
     * localhost alone is not found there.
     */
    static InboundBinding binding(
            WorkloadSpec workload, PortSpec port, EchoApplication application) {
        String address = port.bind() == PortSpec.Bind.EVERYWHERE ? LOCALHOST : own(workload);
        return new InboundBinding(
                port.targetPort(),
                port.name(),
                port.protocol(),
                address,
                application.localPort(port.targetPort()),
                0);
    }

    private static String own(WorkloadSpec workload) {
        String address = workload.address();
        return address == null ? ELSEWHERE : address;
    }

    private @Nullable SslContext tls(WorkloadSpec workload) {
        String service = workload.service() + "." + workload.namespace();
        return pki.server(
                List.of(
                        workload.service(),
                        service,
                        service + ".svc",
                        service + ".svc.cluster.local",
                        "localhost"));
    }
}
