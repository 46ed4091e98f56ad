package io.weft.dataplane;

import static io.weft.dataplane.testing.Resources.cluster;
import static io.weft.dataplane.testing.Resources.endpoint;
import static io.weft.dataplane.testing.Resources.endpoints;
import static io.weft.dataplane.testing.Resources.port;
import static io.weft.dataplane.testing.Resources.route;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.table;
import static io.weft.dataplane.testing.Resources.to;
import static io.weft.dataplane.testing.Resources.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.config.MemorySource;
import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.ExchangeView;
import io.weft.dataplane.testing.TestAuthority;
import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import io.weft.model.AppProtocol;
import io.weft.model.SpiffeId;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.route.Timeouts;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Certificates are replaced all the time, and the root in between, while requests go on; every few
 * requests make a new connection. {@code -Drotation.seconds=600 -Drotation.every=1000} is the long
 * run.
 */
class RotationUnderLoadTest {

    private static final Duration LENGTH =
            Duration.ofSeconds(Integer.getInteger("rotation.seconds", 4));
    private static final Duration EVERY =
            Duration.ofMillis(Integer.getInteger("rotation.every", 100));
    private static final int CALLERS = 8;
    private static final int REQUESTS_PER_CONNECTION = 20;
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".getBytes(StandardCharsets.US_ASCII);

    private final TestAuthority oldRoot = TestAuthority.of("cluster.local");
    private final TestAuthority newRoot = TestAuthority.of("cluster.local");
    private final SpiffeId serverId = oldRoot.id("ns", "server");
    private final SpiffeId clientId = oldRoot.id("ns", "client");
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();

    private DataPlane start(
            String name, MeshTls tls, MemorySource source, DataPlaneSettings.Builder b) {
        ExchangeLog counting =
                new ExchangeLog() {
                    @Override
                    public void finished(ExchangeView view) {
                        if (name.equals("client") && view.status() != 200) {
                            failed.incrementAndGet();
                        }
                    }

                    @Override
                    public void opened(ExchangeView connection) {
                        // Only ends count.
                    }
                };
        return DataPlane.start(
                b.build(),
                new DataPlaneExtensions(
                        source, tls, counting, MeshClock.system(), RandomSource.system(), null));
    }

    @Test
    void rotationOfCertificatesAndOfTheRootLosesNoRequest() throws Exception {
        MeshTls serverTls = oldRoot.tls(serverId);
        MeshTls clientTls = oldRoot.tls(clientId);
        MemorySource serverSource = new MemorySource();
        MemorySource clientSource = new MemorySource();
        try (App app = new App();
                DataPlane server =
                        start(
                                "server",
                                serverTls,
                                serverSource,
                                DataPlaneSettings.forWorkload("ns", "server")
                                        .drainTime(Duration.ofMillis(200))
                                        .inbound(
                                                InboundBinding.of(
                                                        8080,
                                                        "http",
                                                        AppProtocol.HTTP,
                                                        app.port())));
                DataPlane client =
                        start(
                                "client",
                                clientTls,
                                clientSource,
                                DataPlaneSettings.forWorkload("ns", "client")
                                        .drainTime(Duration.ofMillis(200))
                                        .upstream(new UpstreamBinding("server.ns:8080", 0)))) {
            serverSource.publish(
                    set(
                            workload(
                                    "server",
                                    OutboundPolicy.ALLOW_ANY,
                                    port(
                                            8080,
                                            AppProtocol.HTTP,
                                            MtlsMode.STRICT,
                                            AuthzProgram.ALLOW_ALL))));
            publish(clientSource, server.inboundPorts().get(8080));
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(
                        Thread.ofPlatform()
                                .start(() -> call(client.upstreamPorts().get("server.ns:8080"))));
            }
            rotate(serverTls, clientTls);
            over.set(true);
            for (Thread each : callers) {
                each.join();
            }
        }
        System.out.printf(
                "%d requests in %d s, %d failed%n",
                answered.get(), LENGTH.toSeconds(), failed.get());
        assertThat(failed).hasValue(0);
        assertThat(answered.get()).isGreaterThan(LENGTH.toSeconds() * 10);
    }

    private static void publish(MemorySource source, int meshPort) {
        ConnectionLimits limits =
                new ConnectionLimits(
                        Integer.MAX_VALUE,
                        Integer.MAX_VALUE,
                        Integer.MAX_VALUE,
                        Integer.MAX_VALUE,
                        REQUESTS_PER_CONNECTION,
                        Duration.ofSeconds(10),
                        Duration.ofHours(1),
                        null);
        source.publish(
                set(
                        workload("client", OutboundPolicy.ALLOW_ANY),
                        table(
                                "server.ns:8080",
                                AppProtocol.HTTP,
                                route(
                                        Match.ALWAYS,
                                        List.of(),
                                        Timeouts.NONE,
                                        null,
                                        to(8080, "", 1))),
                        cluster(8080, "", AppProtocol.HTTP, limits, null),
                        endpoints(
                                8080,
                                endpoint(
                                        "server-0",
                                        meshPort,
                                        TestAuthority.of("cluster.local").id("ns", "server"),
                                        Map.of()))));
    }

    /** The order is the one of {@code weft ca rotate}: trust both, sign with the new, forget. */
    private void rotate(MeshTls server, MeshTls client) {
        long start = System.nanoTime();
        TestAuthority signer = oldRoot;
        int phase = 0;
        while (true) {
            double done = (System.nanoTime() - start) / (double) LENGTH.toNanos();
            if (done >= 1) {
                return;
            }
            if (phase == 0 && done > 0.25) {
                phase = 1;
                trust(oldRoot.rootPem() + newRoot.rootPem(), server, client);
            } else if (phase == 1 && done > 0.5) {
                phase = 2;
                signer = newRoot;
            } else if (phase == 2 && done > 0.75) {
                phase = 3;
                trust(newRoot.rootPem(), server, client);
            }
            // Never together: one end is always older than the other.
            server.identity(signer.svid(serverId));
            LockSupport.parkNanos(EVERY.toNanos() / 2);
            client.identity(signer.svid(clientId));
            LockSupport.parkNanos(EVERY.toNanos() / 2);
        }
    }

    private static void trust(String roots, MeshTls... ends) {
        for (MeshTls each : ends) {
            each.trust(Map.of("cluster.local", roots));
        }
    }

    private void call(int port) {
        byte[] request =
                "GET / HTTP/1.1\r\nHost: server.ns:8080\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (!over.get()) {
                out.write(request);
                String head = head(in);
                if (!head.startsWith("HTTP/1.1 200") || in.readNBytes(5).length != 5) {
                    failed.incrementAndGet();
                    return;
                }
                answered.incrementAndGet();
                // Handshakes of eight callers at full speed would leave nothing for other tests.
                LockSupport.parkNanos(1_000_000);
            }
        } catch (IOException e) {
            failed.incrementAndGet();
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Answers every request at once. */
    private static final class App implements AutoCloseable {

        private final ServerSocket listener =
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

        App() throws IOException {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            while (true) {
                                Socket socket = listener.accept();
                                Thread.ofVirtual().start(() -> serve(socket));
                            }
                        } catch (IOException closed) {
                            // The test is over.
                        }
                    });
        }

        private static void serve(Socket socket) {
            try (socket) {
                socket.setTcpNoDelay(true);
                InputStream in = new BufferedInputStream(socket.getInputStream());
                while (true) {
                    head(in);
                    socket.getOutputStream().write(ANSWER);
                }
            } catch (IOException closed) {
                // As it is meant to be.
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
