package io.weft.dataplane.cost;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests and answers as bytes, on threads of their own: nothing of it is counted as the proxy's.
 */
final class RawLoad implements AutoCloseable {

    private static final byte[] ANSWER =
            ("HTTP/1.1 200 OK\r\nServer: app\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n"
                            + "X-App: one\r\n\r\n"
                            + "a".repeat(100))
                    .getBytes(StandardCharsets.ISO_8859_1);

    private final ServerSocket listener;
    private final List<Socket> open = new ArrayList<>();

    RawLoad() throws IOException {
        listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("raw-app").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                synchronized (open) {
                    open.add(socket);
                }
                Thread.ofPlatform().daemon().start(() -> answer(socket));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    /** Requests without a body: each blank line asks for an answer. */
    private static void answer(Socket socket) {
        byte[] buffer = new byte[16 << 10];
        int matched = 0;
        try (socket;
                InputStream in = socket.getInputStream()) {
            int read;
            while ((read = in.read(buffer)) > 0) {
                for (int i = 0; i < read; i++) {
                    byte wanted = (byte) (matched % 2 == 0 ? '\r' : '\n');
                    matched = buffer[i] == wanted ? matched + 1 : buffer[i] == '\r' ? 1 : 0;
                    if (matched == 4) {
                        matched = 0;
                        socket.getOutputStream().write(ANSWER);
                    }
                }
            }
        } catch (IOException e) {
            // The proxy has closed the connection.
        }
    }

    /** Sends a request so many times, on several connections at once, each after its answer. */
    static void send(int port, String request, int connections, int times) throws IOException {
        byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
        List<Socket> sockets = new ArrayList<>();
        byte[] buffer = new byte[4096];
        try {
            for (int i = 0; i < connections; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(20_000);
                sockets.add(socket);
            }
            for (int sent = 0; sent < times; sent += connections) {
                for (Socket socket : sockets) {
                    socket.getOutputStream().write(bytes);
                }
                for (Socket socket : sockets) {
                    readAnswer(socket.getInputStream(), buffer);
                }
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static void readAnswer(InputStream in, byte[] buffer) throws IOException {
        int length = 0;
        while (true) {
            int read = in.read(buffer, length, buffer.length - length);
            if (read < 0) {
                throw new IOException("closed after " + length + " bytes");
            }
            length += read;
            String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end > 0 && length >= end + 4 + 100) {
                if (!text.startsWith("HTTP/1.1 200")) {
                    throw new IOException(text);
                }
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        synchronized (open) {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }
}
