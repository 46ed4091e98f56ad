package io.weft.dataplane.fault;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers over HTTP/1.1 and closes idle connections at random moments, in an orderly way or not.
 */
final class Hasty implements AutoCloseable {

    private final ServerSocket listener =
            new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    final AtomicInteger closed = new AtomicInteger();

    /** How often each request came, by its target. */
    final Map<String, Integer> came = new ConcurrentHashMap<>();

    Hasty() throws IOException {
        Thread.ofVirtual()
                .start(() -> {
                    while (true) {
                        try {
                            Socket socket = listener.accept();
                            Thread.ofVirtual().start(() -> serve(socket));
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
    }

    int port() {
        return listener.getLocalPort();
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                String head = head(in);
                came.merge(head.substring(0, head.indexOf(" HTTP/")), 1, Integer::sum);
                in.skipNBytes(length(head));
                ThreadLocalRandom random = ThreadLocalRandom.current();
                boolean last = random.nextInt(3) == 0;
                if (last && random.nextBoolean()) {
                    // With SO_LINGER 0 the peer is told by RST, without it by FIN.
                    socket.setSoLinger(true, 0);
                }
                socket.getOutputStream()
                        .write(
                                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                                        .getBytes(StandardCharsets.US_ASCII));
                if (last) {
                    // From at once to long enough for the next request to be under way.
                    Thread.sleep(0, random.nextInt(1, 900_000));
                    closed.incrementAndGet();
                    return;
                }
            }
        } catch (IOException e) {
            // The proxy has closed it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long length(String head) {
        int at = head.indexOf("content-length: ");
        return at < 0 ? 0 : Long.parseLong(head.substring(at + 16, head.indexOf('\r', at)));
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("closed");
            }
            head.append((char) c);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
