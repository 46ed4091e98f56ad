package io.weft.blog.launcher.net;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection, written by hand: it sends exactly what it is told, which polite clients
 * refuse, and says exactly what came back. For one thread.
 */
public final class HttpConnection implements AutoCloseable {

    private static final Duration CONNECT_TIME = Duration.ofSeconds(5);
    private static final int LONGEST_LINE = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private boolean usable = true;

    private HttpConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects, and shakes hands where TLS is asked for. */
    public static HttpConnection open(Target target, Duration timeout) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()),
                    (int) CONNECT_TIME.toMillis());
            plain.setSoTimeout((int) timeout.toMillis());
            plain.setTcpNoDelay(true);
            return new HttpConnection(target.tls() == null ? plain : secure(plain, target));
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static SSLSocket secure(Socket plain, Target target) throws IOException {
        javax.net.ssl.SSLContext context = java.util.Objects.requireNonNull(target.tls());
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(plain, "127.0.0.1", target.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        if (target.sni() != null) {
            parameters.setServerNames(List.of(new SNIHostName(target.sni())));
            parameters.setEndpointIdentificationAlgorithm("");
        }
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** One request on a connection of its own. */
    public static HttpAnswer once(Target target, HttpQuestion question, Duration timeout)
            throws IOException {
        try (HttpConnection connection = open(target, timeout)) {
            return connection.exchange(question.with("connection", "close"));
        }
    }

    /** The certificate that the server showed, null without TLS. */
    public @Nullable X509Certificate serverCertificate() throws IOException {
        return socket instanceof SSLSocket tls
                ? (X509Certificate) tls.getSession().getPeerCertificates()[0]
                : null;
    }

    /** Whether another request may be sent. */
    public boolean usable() {
        return usable;
    }

    /** Sends a request and reads its answer. */
    public HttpAnswer exchange(HttpQuestion question) throws IOException {
        send(question);
        HttpAnswer answer = read(question.method().equals("HEAD"));
        while (answer.status() / 100 == 1) {
            answer = read(false);
        }
        usable = usable && !answer.header("connection").orElse("").equalsIgnoreCase("close");
        return answer;
    }

    private void send(HttpQuestion question) throws IOException {
        byte[] body = question.body().getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder();
        head.append(question.method()).append(' ').append(question.path()).append(" HTTP/1.1\r\n");
        head.append("host: ").append(question.host()).append("\r\n");
        question.headers()
                .forEach(h ->
                        head.append(h.getKey()).append(": ").append(h.getValue()).append("\r\n"));
        if (body.length > 0
                || question.method().equals("POST")
                || question.method().equals("PUT")) {
            head.append("content-length: ").append(body.length).append("\r\n");
        }
        head.append("\r\n");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(head.toString().getBytes(StandardCharsets.UTF_8));
        all.write(body);
        socket.getOutputStream().write(all.toByteArray());
        socket.getOutputStream().flush();
    }

    private HttpAnswer read(boolean headOnly) throws IOException {
        String statusLine = line();
        String[] parts = statusLine.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.")) {
            throw new IOException("not an HTTP answer: " + statusLine);
        }
        int status = Integer.parseInt(parts[1]);
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.computeIfAbsent(
                                line.substring(0, colon).toLowerCase(Locale.ROOT),
                                k -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }
        boolean empty = headOnly || status / 100 == 1 || status == 204 || status == 304;
        return new HttpAnswer(status, headers, empty ? "" : body(headers));
    }

    private String body(Map<String, List<String>> headers) throws IOException {
        byte[] bytes;
        if (headers.getOrDefault("transfer-encoding", List.of()).contains("chunked")) {
            bytes = chunks();
        } else if (headers.containsKey("content-length")) {
            bytes = exactly(Integer.parseInt(headers.get("content-length").getFirst()));
        } else {
            usable = false;
            bytes = in.readAllBytes();
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                while (!line().isEmpty()) {
                    // Trailers are of no use here.
                }
                return all.toByteArray();
            }
            all.write(exactly(size));
            line();
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("closed in the middle of a body");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("closed without an answer");
            }
            if (line.size() > LONGEST_LINE) {
                throw new IOException("a line without an end");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
