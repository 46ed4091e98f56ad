package io.weft.blog.launcher.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Hands out loopback ports that nobody listens on, none of them twice. Thread-safe. */
public final class Ports {

    /**
     * Below the ports that systems take for outgoing connections: between the choice and its use
     * nobody gets one of these by chance.
     */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;

    private final Set<Integer> given = new HashSet<>();
    private final int offset;

    /**
     * @param offset added to every usual port
     */
    public Ports(int offset) {
        this.offset = offset;
    }

    /** The usual port when it is free, else any free one. */
    public synchronized int usual(int port) {
        int wanted = port + offset;
        if (isFree(wanted) && given.add(wanted)) {
            return wanted;
        }
        return any();
    }

    /** Any free port. */
    public synchronized int any() {
        while (true) {
            int port = pick();
            if (given.add(port)) {
                return port;
            }
        }
    }

    /** Whether somebody could listen there on loopback now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int pick() {
        for (int attempt = 0; attempt < LAST - FIRST; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "no free port on loopback from " + FIRST + " to " + LAST + " (expected: some)");
    }
}
