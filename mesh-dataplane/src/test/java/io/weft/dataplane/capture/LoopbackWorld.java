package io.weft.dataplane.capture;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Servers and callers of the capture tests. */
final class LoopbackWorld {

    private LoopbackWorld() {}

    static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getByName("::"), port));
        return socket;
    }

    static void serve(ServerSocket on, String answer) {
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

    /**
     * Calls as another user, as an application would, and prints the answer's first line.
     *
     * @param namespace where the caller is; empty for here
     */
    static void call(String namespace, String address, String port) throws Exception {
        String request =
                port.equals("7")
                        ? "\\x01\\x02hello"
                        : "GET / HTTP/1.1\\r\\nHost: app.example:"
                                + port
                                + "\\r\\nConnection: close\\r\\n\\r\\n";
        List<String> command = new ArrayList<>();
        if (!namespace.isEmpty()) {
            command.addAll(List.of("ip", "netns", "exec", namespace));
        }
        command.addAll(
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
                                + "' >&3; head -n 1 <&3"));
        Process caller = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(caller.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        caller.waitFor();
        System.out.println("answer " + address + " " + port + " " + said.strip());
    }
}
