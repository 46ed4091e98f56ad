package io.weft.dataplane;

import static io.weft.dataplane.testing.Resources.cluster;
import static io.weft.dataplane.testing.Resources.endpoint;
import static io.weft.dataplane.testing.Resources.endpoints;
import static io.weft.dataplane.testing.Resources.route;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.table;
import static io.weft.dataplane.testing.Resources.to;
import static io.weft.dataplane.testing.Resources.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.Http2Client;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.Resources;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.TlsClient;
import io.weft.dataplane.testing.Wire;
import io.weft.engine.MeshClock;
import io.weft.model.AppProtocol;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.route.Timeouts;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No connection serves on when the certificate with which it was made has ended. */
@Timeout(60)
class CertificateEndTest {

    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final String GET = "GET / HTTP/1.1\r\nHost: server.ns:8080\r\n\r\n";

    private final MeshPair mesh = new MeshPair();
    private TestApp app;
    private MeshPair.Node server;

    @BeforeEach
    void start() {
        app = mesh.closing(TestApp.http1(mesh.apps, seen -> TestApp.text(200, "hello")));
        server = mesh.start("server", s -> s.inbound(binding()).outboundPort(-1));
        server.source()
                .publish(
                        set(
                                workload(
                                        "server",
                                        OutboundPolicy.ALLOW_ANY,
                                        Resources.port(
                                                8080,
                                                AppProtocol.HTTP,
                                                MtlsMode.STRICT,
                                                AuthzProgram.ALLOW_ALL))));
    }

    private InboundBinding binding() {
        return InboundBinding.of(8080, "http", AppProtocol.HTTP, app.port());
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    private MeshTls caller(Duration life) {
        return MeshTls.of(
                mesh.authority.svid(mesh.id("client"), Instant.now(), life),
                mesh.authority.bundle(),
                MeshClock.system());
    }

    private int port() {
        return server.plane().inboundPorts().get(8080);
    }

    private SSLSocket connected() throws Exception {
        return TlsClient.connect(
                port(), mesh.authority.svid(mesh.id("client"), Instant.now(), SHORT));
    }

    @Test
    void anIdleConnectionIsClosedWhenThePeersCertificateEnds() throws Exception {
        try (SSLSocket socket = connected()) {
            Wire wire = new Wire(socket);
            assertThat(wire.send(GET).reply().status()).isEqualTo(200);
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().read()).as("closed by the other side").isNegative();
        }
        assertThat(app.seen()).hasSize(1);
    }

    @Test
    void aRequestUnderWayIsAnsweredAndIsTheLast() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        app.behave(seen -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return TestApp.text(200, "late");
        });
        try (SSLSocket socket = connected()) {
            Instant end =
                    ((X509Certificate) socket.getSession().getLocalCertificates()[0])
                            .getNotAfter()
                            .toInstant();
            Wire wire = new Wire(socket);
            wire.send(GET);
            wire.send(GET);
            Await.until("the end", () -> Instant.now().isAfter(end.plusMillis(200)));
            over.countDown();
            Wire.Reply reply = wire.reply();
            assertThat(reply.body()).isEqualTo("late");
            assertThat(reply.head()).containsIgnoringCase("connection: close");
            assertThat(wire.readAll()).as("the second one").isEmpty();
        }
        assertThat(app.seen()).hasSize(1);
    }

    @Test
    void anHttp2ConnectionIsToldToGoAwayAndClosed() throws Exception {
        try (Http2Client client =
                Http2Client.secured(mesh.apps, port(), caller(SHORT).meshClient(true))) {
            assertThat(
                            client.send("GET", "server.ns:8080", "/", "")
                                    .get(5, TimeUnit.SECONDS)
                                    .status())
                    .isEqualTo(200);
            assertThat(client.closed().await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = AppProtocol.class,
            names = {"HTTP", "HTTP2"})
    void whoRenewsInTimeLosesNoRequest(AppProtocol protocol) throws Exception {
        MeshTls tls = caller(SHORT);
        MeshPair.Node client = mesh.start("client", tls, MeshClock.system(), null, s -> s);
        client.source()
                .publish(
                        set(
                                workload("client", OutboundPolicy.ALLOW_ANY),
                                table(
                                        "server.ns:8080",
                                        protocol,
                                        route(
                                                Match.ALWAYS,
                                                List.of(),
                                                Timeouts.NONE,
                                                null,
                                                to(8080, "", 1))),
                                cluster(8080, protocol),
                                endpoints(
                                        8080,
                                        endpoint(
                                                "server-0", port(), mesh.id("server"), Map.of()))));
        Instant end = tls.svid().notAfter();
        Instant half = end.minus(SHORT.dividedBy(2));
        boolean renewed = false;
        int sent = 0;
        try (Wire wire = new Wire(client.plane().outboundPort())) {
            while (Instant.now().isBefore(end.plusSeconds(1))) {
                assertThat(wire.send(GET).reply().status()).isEqualTo(200);
                sent++;
                if (!renewed && Instant.now().isAfter(half)) {
                    tls.identity(mesh.authority.svid(mesh.id("client")));
                    renewed = true;
                }
            }
        }
        assertThat(app.seen()).hasSize(sent);
        assertThat(server.log().lines()).allMatch(line -> line.status() == 200);
    }
}
