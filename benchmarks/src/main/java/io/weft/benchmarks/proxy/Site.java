package io.weft.benchmarks.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where proxies run.
 *
 * @param folder for configuration, logs and keys; thrown away afterwards
 * @param backendPort where requests end
 * @param collectorPort takes spans, Zipkin's and OTLP, and answers 200
 */
public record Site(Path folder, int backendPort, int collectorPort, Identities identities) {

    /** What requests ask for. */
    public static final String AUTHORITY = "backend.bench:8080";

    public static final String PATH = "/items/42";

    /** The prefix that the n-th rule of authorisation allows; only the last one fits. */
    static String rulePrefix(int n) {
        return n == Scenario.RULES ? "/items/" : "/rule" + n + "/";
    }

    /** A port that is free now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder of a proxy's own. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }
}
