package io.weft.dataplane.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Says its greeting after the head of a request, if there is one; echoes; counts X. */
public final class RawEcho implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    public RawEcho(String greeting, AtomicInteger marks) throws IOException {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            Socket socket = listener.accept();
                            Thread.ofVirtual().start(() -> serve(socket, greeting, marks));
                        }
                    } catch (IOException closed) {
                        // The test is over.
                    }
                });
    }

    public int port() {
        return listener.getLocalPort();
    }

    private static void serve(Socket socket, String greeting, AtomicInteger marks) {
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            if (!greeting.isEmpty()) {
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) in.read());
                }
                out.write(greeting.getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            int next;
            while ((next = in.read()) >= 0) {
                if (next == 'X') {
                    marks.incrementAndGet();
                }
                out.write(next);
                out.flush();
            }
        } catch (IOException closed) {
            // As it is meant to be.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
