package io.weft.blog.users;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import redis.embedded.RedisServer;

/**
 * A real Redis server on a free loopback port, which keeps nothing on disk.
 *
 * <p>As a program it stands in for the Redis that several instances share: it prints its URL and
 * runs until the process is told to stop.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private static final int ATTEMPTS = 3;

    private final RedisServer server;
    private final int port;

    private EmbeddedRedis(RedisServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /** Prints the URL and runs until the process is told to stop. */
    public static void main(String[] args) throws IOException, InterruptedException {
        EmbeddedRedis redis = start();
        Runtime.getRuntime().addShutdownHook(new Thread(redis::close, "embedded-redis-stop"));
        System.out.println(redis.url());
        new CountDownLatch(1).await();
    }

    /**
     * Starts a server and returns when it accepts connections.
     *
     * @throws IOException if there is no server for this operating system and processor, or it does
     *     not start
     */
    public static EmbeddedRedis start() throws IOException {
        IOException last = new IOException("no attempt was made");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            // Redis cannot choose a port itself, so another process may take this one first.
            int port = freePort();
            try {
                return startOn(port);
            } catch (IOException e) {
                last = e;
            } catch (RuntimeException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        throw last;
    }

    private static EmbeddedRedis startOn(int port) throws IOException {
        RedisServer server =
                RedisServer.newRedisServer()
                        .bind("127.0.0.1")
                        .port(port)
                        .setting("save \"\"")
                        .setting("appendonly no")
                        .setting("maxmemory 64mb")
                        .build();
        server.start();
        return new EmbeddedRedis(server, port);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Where it listens, for example {@code redis://127.0.0.1:41234}. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Stops the server; what it kept is gone. Closing twice is harmless. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException("embedded Redis on port " + port + " does not stop", e);
        }
    }
}
