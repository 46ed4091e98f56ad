package io.weft.dataplane.overload;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much a proxy takes on at one time.
 *
 * @param connections open downstream connections of all listeners
 * @param listenerConnections those of one listener: a flood of one leaves room for the others
 * @param requests under way at one time, their answers included
 * @param shedAt share of the memory in use from which new requests are refused
 * @param pauseAt share of the memory in use from which, as well, no connection is accepted
 */
public record OverloadSettings(
        int connections, int listenerConnections, int requests, double shedAt, double pauseAt) {

    private static final double SHED_AT = 0.90;
    private static final double PAUSE_AT = 0.95;

    /** A connection with its pipeline, and TLS, rounded up: the flood test counts it. */
    private static final long BYTES_OF_CONNECTION = 24 << 10;

    /** A request with its part of an upstream connection, rounded up. */
    private static final long BYTES_OF_REQUEST = 48 << 10;

    private static final int FEWEST = 256;
    private static final int MOST = 1_000_000;

    /** Files of the proxy's own: listeners, archives, logs, the control plane. */
    private static final long OWN_FILES = 128;

    public OverloadSettings {
        atLeastOne("connections", connections);
        atLeastOne("listenerConnections", listenerConnections);
        atLeastOne("requests", requests);
        share("shedAt", shedAt);
        share("pauseAt", pauseAt);
        if (pauseAt < shedAt) {
            throw new IllegalArgumentException(
                    "pauseAt: " + pauseAt + " (expected: >= shedAt, " + shedAt + ")");
        }
    }

    /** What this process can carry, by the heap and the open files that it may have. */
    public static OverloadSettings ofProcess() {
        return of(Runtime.getRuntime().maxMemory(), mostFiles());
    }

    static OverloadSettings of(long heapBytes, long files) {
        // Each connection that comes in may need one that goes out.
        long byFiles = Math.max(1, (files - OWN_FILES) / 2);
        int connections =
                (int) Math.min(byFiles, bounded(heapBytes / BYTES_OF_CONNECTION, FEWEST, MOST));
        return new OverloadSettings(
                connections,
                threeQuarters(connections),
                (int) bounded(heapBytes / BYTES_OF_REQUEST, FEWEST, MOST),
                SHED_AT,
                PAUSE_AT);
    }

    private static int threeQuarters(int connections) {
        return Math.max(1, connections - connections / 4);
    }

    private static long mostFiles() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /** The same with other bounds; 0 leaves one as it is. */
    public OverloadSettings bounds(int ofConnections, int ofListener, int ofRequests) {
        int all = ofConnections == 0 ? connections : ofConnections;
        int one = ofConnections == 0 ? listenerConnections : threeQuarters(ofConnections);
        return new OverloadSettings(
                all,
                ofListener == 0 ? one : ofListener,
                ofRequests == 0 ? requests : ofRequests,
                shedAt,
                pauseAt);
    }

    /** The same with other shares of the memory. */
    public OverloadSettings memory(double sheds, double pauses) {
        return new OverloadSettings(connections, listenerConnections, requests, sheds, pauses);
    }

    private static long bounded(long value, long least, long most) {
        return Math.clamp(value, least, most);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }

    private static void share(String name, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: more than 0, at most 1)");
        }
    }
}
