package io.weft.dataplane.telemetry.otlp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver that accepts connections and then does the wrong thing. */
final class BadReceiver implements AutoCloseable {

    /** What it does. */
    enum Fault {
        /** Takes all and never answers. */
        HANGS,
        /** Resets each connection. */
        RESETS,
        /** Answers with bytes that are no HTTP. */
        TALKS_NONSENSE,
        /** Answers 400. */
        REFUSES
    }

    private final ServerSocket server;
    private final Fault fault;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    BadReceiver(Fault fault) throws IOException {
        this.fault = fault;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    int accepted() {
        return accepted.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> misbehave(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void misbehave(Socket socket) {
        try {
            switch (fault) {
                case HANGS ->
                        socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                case RESETS -> {
                    socket.setSoLinger(true, 0);
                    socket.close();
                }
                case TALKS_NONSENSE -> answer(socket, "\u0000\u0001 nonsense\r\nmore\n");
                case REFUSES ->
                        answer(socket, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            }
        } catch (IOException e) {
            // The other side has gone.
        }
    }

    private static void answer(Socket socket, String text) throws IOException {
        byte[] some = new byte[65_536];
        while (socket.getInputStream().read(some) >= 0) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
