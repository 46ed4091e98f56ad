package io.weft.testkit.lab.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A connection with a deadline for everything that is done on it. For one thread. */
final class Wire implements AutoCloseable {

    private static final int MAX_LINE = 1 << 20;
    private static final int BUFFER = 16 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final long deadline;

    Wire(Socket socket, long deadlineNanos) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        this.out = socket.getOutputStream();
        this.deadline = deadlineNanos;
    }

    Socket socket() {
        return socket;
    }

    long deadline() {
        return deadline;
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    private int millisLeft() throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("deadline");
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }

    /** One byte, -1 at the end. */
    int read() throws IOException {
        if (in.available() == 0) {
            socket.setSoTimeout(millisLeft());
        }
        return in.read();
    }

    byte[] exactly(int count) throws IOException {
        byte[] bytes = new byte[count];
        int have = 0;
        while (have < count) {
            socket.setSoTimeout(millisLeft());
            int got = in.read(bytes, have, count - have);
            if (got < 0) {
                throw new EOFException("closed");
            }
            have += got;
        }
        return bytes;
    }

    /** A line without its end; null when the connection ends before its first byte. */
    @org.jspecify.annotations.Nullable
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (line.size() < MAX_LINE) {
            int b = read();
            if (b < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new EOFException("closed in a line");
            }
            if (b == '\n') {
                String text = line.toString(StandardCharsets.UTF_8);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(b);
        }
        throw new Failure.BadAnswer("a line without end");
    }

    /** Everything until the other end closes. */
    byte[] rest() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        while (true) {
            socket.setSoTimeout(millisLeft());
            int got = in.read(buffer);
            if (got < 0) {
                return all.toByteArray();
            }
            all.write(buffer, 0, got);
        }
    }

    /**
     * What comes next, waiting no longer than so many milliseconds; empty when nothing came.
     *
     * @throws EOFException when the other end has closed
     */
    byte[] some(int patienceMillis) throws IOException {
        byte[] buffer = new byte[BUFFER];
        socket.setSoTimeout(Math.max(1, Math.min(patienceMillis, millisLeft())));
        int got;
        try {
            got = in.read(buffer);
        } catch (SocketTimeoutException e) {
            return new byte[0];
        }
        if (got < 0) {
            throw new EOFException("closed");
        }
        return java.util.Arrays.copyOf(buffer, got);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }
}
