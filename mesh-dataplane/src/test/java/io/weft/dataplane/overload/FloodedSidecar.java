package io.weft.dataplane.overload;

import io.netty.util.internal.PlatformDependent;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.Resources;
import io.weft.dataplane.view.DataPlaneView;
import io.weft.model.AppProtocol;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * A sidecar in a process of its own, with the bounds that it has by default. Says its port, and,
 * for each line that it reads, how it does.
 */
final class FloodedSidecar {

    private FloodedSidecar() {}

    public static void main(String[] arguments) throws Exception {
        int appPort = Integer.parseInt(arguments[0]);
        try (MeshPair mesh = new MeshPair()) {
            MeshPair.Node node =
                    mesh.start(
                            "server",
                            new Unrecorded(),
                            s ->
                                    s.outboundPort(-1)
                                            .inbound(
                                                    InboundBinding.of(
                                                            8080,
                                                            "http",
                                                            AppProtocol.HTTP,
                                                            appPort)));
            node.source()
                    .publish(
                            Resources.set(
                                    Resources.workload(
                                            "server",
                                            OutboundPolicy.ALLOW_ANY,
                                            Resources.port(
                                                    8080,
                                                    AppProtocol.HTTP,
                                                    MtlsMode.PERMISSIVE,
                                                    AuthzProgram.ALLOW_ALL))));
            OverloadSettings bounds = OverloadSettings.ofProcess();
            System.out.println(
                    "port "
                            + node.plane().inboundPorts().get(8080)
                            + " "
                            + bounds.listenerConnections()
                            + " "
                            + bounds.requests());
            DataPlaneView view = node.plane().view();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            String line;
            while ((line = in.readLine()) != null) {
                if (line.equals("collect")) {
                    System.gc();
                }
                System.out.println(
                        "now "
                                + view.connections()
                                + " "
                                + view.activeExchanges()
                                + " "
                                + view.overloadLevel()
                                + " "
                                + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                                + " "
                                + PlatformDependent.usedDirectMemory());
            }
        }
    }
}
