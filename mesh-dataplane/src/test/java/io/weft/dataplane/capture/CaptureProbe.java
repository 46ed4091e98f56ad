package io.weft.dataplane.capture;

import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.workload;

import io.weft.dataplane.CaptureBinding;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.resource.UnknownHost;
import java.net.ServerSocket;

/**
 * Runs in a network namespace of its own, as the user whose connections are not captured: a sidecar
 * with a capture port, an application on addresses of the namespace, and callers of another user.
 * Prints a line for each call, and one for each end that the sidecar recorded.
 */
final class CaptureProbe {

    private static final int CAPTURE = 15001;

    private CaptureProbe() {}

    /**
     * @param arguments the policy, then {@code ADDRESS PORT} for each call
     */
    public static void main(String[] arguments) throws Exception {
        try (MeshPair mesh = new MeshPair();
                ServerSocket http = LoopbackWorld.listen(80);
                ServerSocket excluded = LoopbackWorld.listen(8088);
                ServerSocket echo = LoopbackWorld.listen(7)) {
            LoopbackWorld.serve(http, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            LoopbackWorld.serve(excluded, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nuntouched");
            LoopbackWorld.serve(echo, "echo\n");
            MeshPair.Node node =
                    mesh.start("client", s -> s.capture(CaptureBinding.outbound(CAPTURE)));
            node.source()
                    .publish(
                            set(
                                    workload("client", OutboundPolicy.valueOf(arguments[0])),
                                    new UnknownHost("app.example:80"),
                                    new UnknownHost(CaptureTest.FOUR + ":7")));
            for (int i = 1; i < arguments.length; i += 2) {
                LoopbackWorld.call("", arguments[i], arguments[i + 1]);
            }
            for (RecordingLog.Line line : node.log().lines()) {
                System.out.printf(
                        "recorded %s %s %d %s%n",
                        line.http() ? "http" : "tcp", line.cluster(), line.status(), line.flags());
            }
        }
    }
}
