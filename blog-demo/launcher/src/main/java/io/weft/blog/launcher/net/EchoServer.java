package io.weft.blog.launcher.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/**
 * An application that returns every byte that it gets: the mesh must carry what it does not know.
 */
public final class EchoServer implements AutoCloseable {

    private static final int BACKLOG = 16;

    private final ServerSocket socket;

    private EchoServer(ServerSocket socket) {
        this.socket = socket;
    }

    /** Listens on a loopback port. */
    public static EchoServer start(int port) throws IOException {
        ServerSocket socket = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        EchoServer server = new EchoServer(socket);
        Thread.ofVirtual().name("echo-accept").start(server::accept);
        return server;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().name("echo").start(() -> echo(connection));
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                // One connection that failed to be accepted is no reason to refuse the next.
            }
        }
    }

    private static void echo(Socket connection) {
        try (connection) {
            connection.getInputStream().transferTo(connection.getOutputStream());
        } catch (IOException e) {
            // The caller went away.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
