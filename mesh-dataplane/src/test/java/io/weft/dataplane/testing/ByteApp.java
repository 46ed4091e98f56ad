package io.weft.dataplane.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An application that shares no code with the proxy: it keeps every request as the bytes that came,
 * and answers with bytes.
 */
public final class ByteApp implements AutoCloseable {

    /** What is answered to a request, given as its text; it may write as it likes. */
    @FunctionalInterface
    public interface Behaviour {
        void answer(String request, Socket connection) throws IOException;
    }

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ServerSocket server;
    private final List<String> whole = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Behaviour behaviour = (request, connection) -> say(connection, OK);

    public ByteApp() throws IOException {
        server = new ServerSocket(0, 1024, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The requests that came whole: head and body, as they were on the wire (ISO 8859-1). */
    public List<String> requests() {
        return whole;
    }

    /** All bytes that came, of whole requests or not. */
    public long bytes() {
        return bytes.get();
    }

    /** How many connections were accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** How many connections are open now. */
    public int open() {
        return open.size();
    }

    public void behave(Behaviour next) {
        behaviour = next;
    }

    /** Answers 200 to everything again. */
    public void behave() {
        behaviour = (request, connection) -> say(connection, OK);
    }

    /** Writes a text as it is. */
    public static void say(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        connection.getOutputStream().flush();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                connections.incrementAndGet();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // The server was closed.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new Counted(connection.getInputStream());
            while (true) {
                String request = request(in);
                whole.add(request);
                behaviour.answer(request, connection);
            }
        } catch (IOException e) {
            // The proxy has closed the connection.
        } finally {
            open.remove(connection);
        }
    }

    private static String request(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder head = new StringBuilder();
        String line;
        do {
            line = line(in, out);
            head.append(line.toLowerCase(Locale.ROOT)).append('\n');
        } while (!line.isEmpty());
        String lower = head.toString();
        if (lower.contains("\ntransfer-encoding: chunked\n")) {
            chunks(in, out);
        } else {
            int at = lower.indexOf("\ncontent-length: ");
            if (at >= 0) {
                int from = at + "\ncontent-length: ".length();
                copy(in, out, Long.parseLong(lower.substring(from, lower.indexOf('\n', from))));
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static void chunks(InputStream in, ByteArrayOutputStream out) throws IOException {
        while (true) {
            long size = Long.parseLong(line(in, out), 16);
            if (size == 0) {
                while (!line(in, out).isEmpty()) {
                    // A trailer.
                }
                return;
            }
            copy(in, out, size);
            line(in, out);
        }
    }

    private static void copy(InputStream in, ByteArrayOutputStream out, long count)
            throws IOException {
        for (long i = 0; i < count; i++) {
            out.write(one(in));
        }
    }

    private static String line(InputStream in, ByteArrayOutputStream out) throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = one(in)) != '\n') {
            out.write(c);
            line.append((char) c);
        }
        out.write(c);
        int length = line.length();
        if (length == 0 || line.charAt(length - 1) != '\r') {
            throw new IOException("a line that ends without CR: " + line);
        }
        return line.substring(0, length - 1);
    }

    private static int one(InputStream in) throws IOException {
        int c = in.read();
        if (c < 0) {
            throw new EOFException();
        }
        return c;
    }

    private final class Counted extends InputStream {
        private final InputStream in;

        Counted(InputStream in) {
            this.in = new java.io.BufferedInputStream(in);
        }

        @Override
        public int read() throws IOException {
            int c = in.read();
            if (c >= 0) {
                bytes.incrementAndGet();
            }
            return c;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
