package io.weft.blog.api;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;

/**
 * A server that speaks MongoDB's wire protocol on a free loopback port and keeps everything in
 * memory.
 *
 * <p>As a program it stands in for the MongoDB that several instances share: it prints its URL and
 * runs until the process is told to stop.
 */
public final class EmbeddedMongo implements AutoCloseable {

    private final MongoServer server;
    private final InetSocketAddress address;

    private EmbeddedMongo(MongoServer server, InetSocketAddress address) {
        this.server = server;
        this.address = address;
    }

    /** Prints the URL and runs until the process is told to stop. */
    public static void main(String[] args) throws InterruptedException {
        EmbeddedMongo mongo = start();
        Runtime.getRuntime().addShutdownHook(new Thread(mongo::close, "embedded-mongo-stop"));
        System.out.println(mongo.url());
        new CountDownLatch(1).await();
    }

    /** Starts a server and returns when it accepts connections. */
    public static EmbeddedMongo start() {
        var server = new MongoServer(new MemoryBackend());
        return new EmbeddedMongo(server, server.bind());
    }

    /**
     * Where it listens, with the blog's database, for example {@code
     * mongodb://127.0.0.1:41234/blog}.
     */
    public String url() {
        return "mongodb://127.0.0.1:" + address.getPort() + "/blog";
    }

    /** Stops the server; what it kept is gone. Closing twice is harmless. */
    @Override
    public void close() {
        server.shutdownNow();
    }
}
