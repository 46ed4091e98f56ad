package io.weft.dataplane.soak;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/**
 * Calls over HTTP/1.1, and now and then over a WebSocket, and leaves in the middle of things. On a
 * thread of its own.
 */
final class FirstCaller implements Runnable {

    private static final String[] HOSTS = {"server.ns:8080", "server.ns:9090"};

    private final int port;
    private final Tally tally;
    private final Random random;
    private Socket socket;
    private InputStream in;

    /** What is said of it where it goes wrong. */
    private String doing = "";

    FirstCaller(int port, Tally tally, long seed) {
        this.port = port;
        this.tally = tally;
        this.random = new Random(seed);
    }

    private record Head(int status, String text, long length, boolean chunked) {}

    @Override
    public void run() {
        long id;
        while ((id = tally.next()) >= 0) {
            try {
                if (socket == null) {
                    socket = new Socket(InetAddress.getLoopbackAddress(), port);
                    socket.setTcpNoDelay(true);
                    socket.setSoTimeout(30_000);
                    in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
                }
                call(id);
            } catch (IOException e) {
                tally.count("h1 broken");
                tally.wrong("h1 " + doing + ": " + e);
                leave(false);
            }
        }
        leave(false);
    }

    private void call(long id) throws IOException {
        int dice = random.nextInt(1000);
        if (dice < 20) {
            abandonBody(id);
        } else if (dice < 30) {
            send(id, "ok", 100, 0, false);
            tally.count("h1 caller left before the answer");
            leave(dice < 25);
        } else if (dice < 40) {
            abandonAnswer(id, dice < 35);
        } else if (dice < 90) {
            faulty(
                    id,
                    switch (dice % 3) {
                        case 0 -> "close";
                        case 1 -> "reset";
                        default -> "half";
                    });
        } else if (dice < 110) {
            webSocket(id);
        } else {
            whole(id);
        }
    }

    private void send(long id, String what, int size, int body, boolean chunked)
            throws IOException {
        String host = HOSTS[random.nextInt(HOSTS.length)];
        boolean get = body == 0;
        doing = what + " of " + host + (get ? "" : chunked ? " with chunks" : " with a body");
        String head =
                (get ? "GET" : "POST")
                        + " /soak HTTP/1.1\r\nHost: "
                        + host
                        + "\r\nX-Id: "
                        + id
                        + "\r\nX-Do: "
                        + what
                        + "\r\nX-Size: "
                        + size
                        + "\r\n"
                        + (get
                                ? ""
                                : chunked
                                        ? "Transfer-Encoding: chunked\r\n"
                                        : "Content-Length: " + body + "\r\n")
                        + "\r\n";
        OutputStream out = socket.getOutputStream();
        if (get) {
            out.write(head.getBytes(StandardCharsets.US_ASCII));
        } else if (chunked) {
            String chunk = Integer.toHexString(body) + "\r\n";
            out.write((head + chunk).getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[body]);
            out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } else {
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[body]);
        }
    }

    private void whole(long id) throws IOException {
        int body = random.nextInt(4) == 0 ? 1 + random.nextInt(100_000) : 0;
        int size = random.nextInt(20) == 0 ? random.nextInt(200_000) : random.nextInt(2_000);
        send(id, "ok", size, body, random.nextBoolean());
        Head head = head();
        long got = head.chunked ? chunks() : skip(head.length);
        boolean good =
                head.status == 200 && got == size && head.text.contains("x-id: " + id + "\r");
        tally.count("h1 " + head.status);
        if (!good) {
            tally.wrong("h1: " + head.status + " of " + size + " bytes, got " + got);
        }
        leaveIfTold(head);
    }

    private void leaveIfTold(Head head) {
        if (head.text.contains("connection: close")) {
            leave(false);
        }
    }

    /** The application breaks off; the caller must hear of it, one way or the other. */
    private void faulty(long id, String what) throws IOException {
        boolean get = random.nextBoolean();
        send(id, what, 0, get ? 0 : 500, false);
        Head head;
        try {
            head = head();
            long got = head.chunked ? chunks() : skip(head.length);
            tally.count("h1 app's fault: " + head.status);
            if (head.status == 200) {
                tally.wrong("h1: a whole answer of " + got + " bytes from half a one");
            }
            leaveIfTold(head);
        } catch (IOException e) {
            tally.count("h1 app's fault: broken off");
            leave(false);
        }
    }

    private void abandonBody(long id) throws IOException {
        String head =
                "POST /soak HTTP/1.1\r\nHost: "
                        + HOSTS[random.nextInt(HOSTS.length)]
                        + "\r\nX-Id: "
                        + id
                        + "\r\nContent-Length: 50000\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(new byte[random.nextInt(40_000)]);
        tally.count("h1 caller left in its request");
        leave(random.nextBoolean());
    }

    private void abandonAnswer(long id, boolean reset) throws IOException {
        send(id, "ok", 500_000, 0, false);
        head();
        skip(random.nextInt(100_000));
        tally.count("h1 caller left in the answer");
        leave(reset);
    }

    private void webSocket(long id) throws IOException {
        doing = "ws";
        String head =
                "GET /ws HTTP/1.1\r\nHost: server.ns:8080\r\nX-Id: "
                        + id
                        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        Head answer = head();
        tally.count("ws " + answer.status);
        if (answer.status != 101) {
            tally.wrong("ws: " + answer.status);
        } else {
            for (int i = 0; i < 3; i++) {
                byte[] message = new byte[1 + random.nextInt(1000)];
                socket.getOutputStream().write(message);
                if (in.readNBytes(message.length).length != message.length) {
                    tally.wrong("ws: cut off");
                }
            }
        }
        leave(random.nextBoolean());
    }

    private void leave(boolean reset) {
        if (socket != null) {
            try {
                if (reset) {
                    socket.setSoLinger(true, 0);
                }
                socket.close();
            } catch (IOException e) {
                tally.wrong("close: " + e);
            }
            socket = null;
        }
    }

    private Head head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("closed after " + head);
            }
            head.append((char) c);
        }
        String text = head.toString().toLowerCase(Locale.ROOT);
        int at = text.indexOf("content-length: ");
        long length = at < 0 ? 0 : Long.parseLong(text.substring(at + 16, text.indexOf('\r', at)));
        return new Head(
                Integer.parseInt(text.substring(9, 12)),
                text,
                length,
                text.contains("transfer-encoding: chunked"));
    }

    private long skip(long count) throws IOException {
        in.skipNBytes(count);
        return count;
    }

    private long chunks() throws IOException {
        long all = 0;
        while (true) {
            int size = Integer.parseInt(line(), 16);
            if (size == 0) {
                while (!line().isEmpty()) {
                    // A trailer.
                }
                return all;
            }
            in.skipNBytes(size);
            line();
            all += size;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = in.read()) != '\n') {
            if (c < 0) {
                throw new IOException("closed in a line");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
