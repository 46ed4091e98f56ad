package io.weft.dataplane.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client that sends bytes as they are written and reads answers by hand. */
public final class Wire implements AutoCloseable {

    private final Socket socket;

    public Wire(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
    }

    public Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
    }

    public Wire send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** One answer: head, and a body by content-length or chunks. */
    public Reply reply() throws IOException {
        return reply(false);
    }

    public Reply reply(boolean headOnly) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("closed after: " + head);
            }
            head.append((char) c);
        }
        String text = head.toString();
        int status = Integer.parseInt(text.substring(9, 12));
        if (headOnly || status < 200 || status == 204 || status == 304) {
            return new Reply(status, text, "");
        }
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains("transfer-encoding: chunked")) {
            return new Reply(status, text, chunks(in));
        }
        int at = lower.indexOf("content-length: ");
        int length =
                at < 0 ? 0 : Integer.parseInt(lower.substring(at + 16, lower.indexOf("\r\n", at)));
        return new Reply(
                status, text, new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
    }

    private static String chunks(InputStream in) throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(line(in).trim(), 16);
            if (size == 0) {
                StringBuilder trailers = new StringBuilder();
                String line;
                while (!(line = line(in)).isEmpty()) {
                    trailers.append('|').append(line);
                }
                return body.append(trailers).toString();
            }
            body.append(new String(in.readNBytes(size), StandardCharsets.ISO_8859_1));
            line(in);
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int c;
        while ((c = in.read()) != '\n') {
            if (c < 0) {
                throw new IOException("closed in a line");
            }
            if (c != '\r') {
                out.write(c);
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    public byte[] read(int count) throws IOException {
        return socket.getInputStream().readNBytes(count);
    }

    /** Everything until the other end closes. */
    public String readAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Whether the other end closes or resets without a word, rather than waiting for more. */
    public boolean isRefused() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** An answer. */
    public record Reply(int status, String head, String body) {}

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
