package io.weft.dataplane.capture;

import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.workload;

import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.resource.UnknownHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

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
                ServerSocket http = listen(80);
                ServerSocket excluded = listen(8088);
                ServerSocket echo = listen(7)) {
            serve(http, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            serve(excluded, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nuntouched");
            serve(echo, "echo\n");
            MeshPair.Node node = mesh.start("client", s -> s.capturePort(CAPTURE));
            node.source()
                    .publish(
                            set(
                                    workload("client", OutboundPolicy.valueOf(arguments[0])),
                                    new UnknownHost("app.example:80"),
                                    new UnknownHost(CaptureTest.FOUR + ":7")));
            for (int i = 1; i < arguments.length; i += 2) {
                call(arguments[i], arguments[i + 1]);
            }
            for (RecordingLog.Line line : node.log().lines()) {
                System.out.printf(
                        "recorded %s %s %d %s%n",
                        line.http() ? "http" : "tcp", line.cluster(), line.status(), line.flags());
            }
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getByName("::"), port));
        return socket;
    }

    private static void serve(ServerSocket on, String answer) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    while (!on.isClosed()) {
                        try (Socket socket = on.accept()) {
                            InputStream in = socket.getInputStream();
                            String heard = "";
                            while (!heard.endsWith("\r\n\r\n") && !heard.endsWith("hello")) {
                                heard += (char) in.read();
                            }
                            socket.getOutputStream()
                                    .write(answer.getBytes(StandardCharsets.US_ASCII));
                        } catch (IOException e) {
                            // The next caller may fare better.
                        }
                    }
                });
    }

    /** By another user, as an application would. */
    private static void call(String address, String port) throws Exception {
        String request =
                port.equals("7")
                        ? "\\x01\\x02hello"
                        : "GET / HTTP/1.1\\r\\nHost: app.example:"
                                + port
                                + "\\r\\nConnection: close\\r\\n\\r\\n";
        Process caller =
                new ProcessBuilder(
                                List.of(
                                        "setpriv",
                                        "--reuid=12345",
                                        "--clear-groups",
                                        "timeout",
                                        "10",
                                        "bash",
                                        "-c",
                                        "exec 3<>/dev/tcp/"
                                                + address
                                                + "/"
                                                + port
                                                + "; printf '"
                                                + request
                                                + "' >&3; head -n 1 <&3"))
                        .redirectErrorStream(true)
                        .start();
        String said = new String(caller.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        caller.waitFor();
        System.out.println("answer " + address + " " + port + " " + said.strip());
    }
}
