package io.weft.dataplane.capture;

import static io.weft.dataplane.testing.Resources.port;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.workload;

import io.weft.dataplane.CaptureBinding;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.model.AppProtocol;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import java.net.ServerSocket;

/**
 * Runs in a network namespace as a pod would: an application on all addresses and a sidecar that
 * inbound connections are brought to. Callers come from a namespace beside it. Prints a line for
 * each call, and one for each end that the sidecar recorded.
 */
final class InboundCaptureProbe {

    private InboundCaptureProbe() {}

    /**
     * @param arguments REDIRECT or TPROXY, the mutual TLS mode, then {@code NAMESPACE ADDRESS PORT}
     *     for each call
     */
    public static void main(String[] arguments) throws Exception {
        try (MeshPair mesh = new MeshPair();
                ServerSocket http = LoopbackWorld.listen(8080);
                ServerSocket undeclared = LoopbackWorld.listen(9999);
                ServerSocket excluded = LoopbackWorld.listen(8088)) {
            LoopbackWorld.serve(http, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            LoopbackWorld.serve(undeclared, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            LoopbackWorld.serve(excluded, "HTTP/1.1 204 No Content\r\n\r\n");
            CaptureBinding capture = new CaptureBinding(-1, 15006, "TPROXY".equals(arguments[0]));
            MeshPair.Node node =
                    mesh.start(
                            "server",
                            s ->
                                    s.capture(capture)
                                            .inbound(
                                                    InboundBinding.of(
                                                            8080, "http", AppProtocol.HTTP, 8080)));
            node.source()
                    .publish(
                            set(
                                    workload(
                                            "server",
                                            OutboundPolicy.ALLOW_ANY,
                                            port(
                                                    8080,
                                                    AppProtocol.HTTP,
                                                    MtlsMode.valueOf(arguments[1]),
                                                    AuthzProgram.ALLOW_ALL))));
            System.out.println(
                    "registered " + node.plane().registration().ports().getFirst().meshPort());
            for (int i = 2; i < arguments.length; i += 3) {
                LoopbackWorld.call(arguments[i], arguments[i + 1], arguments[i + 2]);
            }
            for (RecordingLog.Line line : node.log().lines()) {
                System.out.printf(
                        "recorded %s %s %d %s %s%n",
                        line.http() ? "http" : "tcp",
                        line.cluster(),
                        line.status(),
                        line.flags(),
                        line.failure());
            }
        }
    }
}
