package io.weft.images;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The sidecar starts, forwards requests to itself by mutual TLS, and ends, where its image is made:
 * the JVM keeps what it loaded, linked and learned in an ahead-of-time cache (JEP 483, 514, 515),
 * which halves the time to the first answer. A cache is good for this very runtime and these very
 * jars; the JVM ignores one that is not.
 */
final class Rehearsal {

    /** The module that is rehearsed. */
    static final String SIDECAR = "mesh-agent";

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int REQUESTS = 3_000;
    private static final int OK = 200;

    private final Path java;
    private final BootArchive application;
    private final Path folder;

    /**
     * @param home of the runtime that the image has
     * @param folder an existing one, for what the rehearsal writes
     */
    Rehearsal(Path home, BootArchive application, Path folder) {
        this.java = home.resolve("bin/java");
        this.application = application;
        this.folder = folder;
    }

    /**
     * Rehearses.
     *
     * @return the cache
     * @throws IOException when the program does not serve, with its last words
     */
    Path cache() throws IOException, InterruptedException {
        Path cache = folder.resolve("run.aot");
        Path log = folder.resolve("rehearsal.log");
        HttpServer backend = backend();
        Process process = null;
        try {
            int proxyPort = freePort();
            process = start(cache, log, backend.getAddress().getPort(), proxyPort);
            send(process, log, proxyPort);
            process.destroy();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    || !Files.isRegularFile(cache)) {
                throw new IOException("no ahead-of-time cache was made:\n" + end(log));
            }
            return cache;
        } finally {
            backend.stop(0);
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    private static HttpServer backend() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] answer = "rehearsed".getBytes(StandardCharsets.UTF_8);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(OK, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private Process start(Path cache, Path log, int backendPort, int proxyPort) throws IOException {
        int meshPort = freePort();
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.add("-XX:AOTCacheOutput=" + cache);
        command.addAll(LaunchArguments.options(application));
        command.addAll(List.of("-cp", application.classPath(application.folder().toString())));
        command.add(application.mainClass());
        command.addAll(
                List.of(
                        "--server.port=0",
                        "--weft.mesh.namespace=rehearsal",
                        "--weft.mesh.workload=sidecar",
                        "--weft.mesh.service-account=sidecar",
                        "--weft.mesh.config-file=" + configuration(meshPort),
                        "--weft.mesh.state-dir=" + folder.resolve("state"),
                        "--weft.mesh.outbound-port=" + proxyPort,
                        "--weft.mesh.inbound[0].port=8080",
                        "--weft.mesh.inbound[0].protocol=http",
                        "--weft.mesh.inbound[0].app-port=" + backendPort,
                        "--weft.mesh.inbound[0].mesh-port=" + meshPort,
                        "--weft.mesh.ports.health=0",
                        "--weft.mesh.ports.metrics=0"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private Path configuration(int meshPort) throws IOException {
        try (InputStream template =
                Rehearsal.class.getResourceAsStream("/rehearsal/" + SIDECAR + ".json")) {
            if (template == null) {
                throw new IOException("rehearsal/" + SIDECAR + ".json is not on the class path");
            }
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8);
            return Files.writeString(
                    folder.resolve("rehearsal.json"),
                    text.replace("\"@MESH_PORT@\"", String.valueOf(meshPort)));
        }
    }

    private static void send(Process process, Path log, int proxyPort)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://backend.rehearsal:8080/items/1")).build();
        ProxySelector proxy =
                ProxySelector.of(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int served = 0;
        String last = "no answer";
        try (HttpClient client = HttpClient.newBuilder().proxy(proxy).build()) {
            while (served < REQUESTS && process.isAlive() && System.nanoTime() < deadline) {
                try {
                    HttpResponse<String> response =
                            client.send(request, HttpResponse.BodyHandlers.ofString());
                    served += response.statusCode() == OK ? 1 : 0;
                    last = response.statusCode() + " " + response.body();
                } catch (IOException e) {
                    TimeUnit.MILLISECONDS.sleep(20); // It does not listen yet.
                }
            }
        }
        if (served < REQUESTS) {
            throw new IOException(
                    "rehearsal: "
                            + served
                            + " of "
                            + REQUESTS
                            + " requests were served, last: "
                            + last
                            + "\n"
                            + end(log));
        }
    }

    private static String end(Path log) throws IOException {
        String text = Files.readString(log);
        return text.substring(Math.max(0, text.length() - 4_000));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
