package io.weft.dataplane.attack;

import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.identity.Svid;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.Resources;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.TestAuthority;
import io.weft.dataplane.testing.TestAuthority.LeafSpec;
import io.weft.dataplane.testing.TlsClient;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.SpiffeId;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Certificates that must not be accepted, shown to a running sidecar; the application behind it is
 * asked what it saw.
 */
@Timeout(60)
class IdentityAttackTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: server.ns:8080\r\n\r\n";

    private final MeshPair mesh = new MeshPair();
    private final TestAuthority foreign = TestAuthority.of("partner.example");
    private final SpiffeId caller = mesh.id("client");
    private final MeshTls tls = mesh.authority.tls(mesh.id("server"));
    private TestApp app;
    private MeshPair.Node server;

    @BeforeEach
    void start() {
        app = mesh.closing(TestApp.http1(mesh.apps, seen -> TestApp.text(200, "hello")));
        server =
                mesh.start(
                        "server",
                        tls,
                        io.weft.engine.MeshClock.system(),
                        null,
                        s ->
                                s.inbound(
                                                InboundBinding.of(
                                                        8080, "http", AppProtocol.HTTP, app.port()))
                                        .outboundPort(-1));
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

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    private int port() {
        return server.plane().inboundPorts().get(8080);
    }

    private Svid odd(LeafSpec spec) {
        return mesh.authority.odd(caller, spec);
    }

    private LeafSpec good() {
        return new LeafSpec().uri(caller.uri());
    }

    private void assertPasses(Svid certificate) throws Exception {
        int before = app.seen().size();
        try (SSLSocket socket = TlsClient.connect(port(), certificate)) {
            assertThat(new Wire(socket).send(GET).reply().status()).isEqualTo(200);
        }
        assertThat(app.seen()).hasSize(before + 1);
    }

    /** With TLS 1.3 the refusal comes after the client's own success. */
    private void assertRefused(String what, @Nullable Svid certificate) throws Exception {
        int before = app.seen().size();
        String answer = "";
        try (SSLSocket socket = TlsClient.connect(port(), certificate)) {
            answer = new Wire(socket).send(GET).readAll();
        } catch (IOException e) {
            // As it must be.
        }
        assertThat(answer).as(what).isEmpty();
        assertThat(app.seen()).as(what).hasSize(before);
    }

    @Test
    void onlyAnSvidOfTheMeshComesIn() throws Exception {
        assertPasses(mesh.authority.svid(caller));
        assertPasses(odd(good().dns("client.ns")));
        assertRefused("no certificate", null);
        assertRefused("no URI", odd(new LeafSpec().dns("client.ns")));
        assertRefused("two URIs", odd(good().uri(mesh.id("admin").uri())));
        assertRefused("the same URI twice", odd(good().uri(caller.uri())));
        assertRefused("another scheme", odd(new LeafSpec().uri("https://cluster.local/ns/a/sa/b")));
        assertRefused("another shape", odd(new LeafSpec().uri("spiffe://cluster.local/client")));
        assertRefused(
                "dots in the path",
                odd(new LeafSpec().uri("spiffe://cluster.local/ns/../sa/client")));
        assertRefused("upper case", odd(new LeafSpec().uri("SPIFFE://cluster.local/ns/a/sa/b")));
        assertRefused("a query", odd(new LeafSpec().uri(caller.uri() + "?x")));
        assertPasses(mesh.authority.svid(caller));
    }

    @Test
    void whatIsAnAuthorityOrForAnotherPurposeIsNoWorkload() throws Exception {
        assertRefused("an authority", odd(good().authority()));
        assertRefused(
                "may sign certificates",
                odd(good().keyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign)));
        assertRefused(
                "may sign lists",
                odd(good().keyUsage(KeyUsage.digitalSignature | KeyUsage.cRLSign)));
        assertRefused("may not sign", odd(good().keyUsage(KeyUsage.keyEncipherment)));
        assertRefused("no usage at all", odd(good().keyUsage(0)));
        assertRefused("for servers only", odd(good().purposes(KeyPurposeId.id_kp_serverAuth)));
        assertRefused("for mail", odd(good().purposes(KeyPurposeId.id_kp_emailProtection)));
    }

    @Test
    void timesAndRootsMustFit() throws Exception {
        Instant now = Instant.now();
        assertRefused(
                "expired", odd(good().from(now.minusSeconds(7200)).until(now.minusSeconds(5))));
        assertRefused(
                "not valid yet", odd(good().from(now.plusSeconds(60)).until(now.plusSeconds(120))));
        assertRefused("of an unknown root", foreign.odd(caller, good()));
        assertRefused("of a domain without a bundle", foreign.svid(foreign.id("ns", "client")));
        java.util.Map<String, String> both = new java.util.HashMap<>(mesh.authority.bundle());
        both.putAll(foreign.bundle());
        tls.trust(both);
        assertPasses(foreign.svid(foreign.id("ns", "client")));
        assertRefused("signed by the root of another trusted domain", foreign.odd(caller, good()));
        assertRefused(
                "of that domain, signed by ours",
                odd(new LeafSpec().uri(foreign.id("ns", "client").uri())));
        tls.trust(mesh.authority.bundle(), Set.of(caller.uri()));
        assertRefused("denied", mesh.authority.svid(caller));
    }

    @Test
    void nothingIsCutOffOrConvertedInNames() throws Exception {
        assertRefused(
                "NUL behind the name", odd(new LeafSpec().uri(caller.uri() + "\0.evil.example")));
        assertRefused(
                "NUL within", odd(new LeafSpec().uri("spiffe://cluster.local/ns/ns\0/sa/client")));
        assertRefused("a line break", odd(new LeafSpec().uri(caller.uri() + "\r\nX: y")));
        assertRefused(
                "a letter that is none of ASCII",
                odd(new LeafSpec().uri("spiffe://cluster.local/ns/ns/sa/cli\u00e9nt")));
        assertRefused(
                "escaped", odd(new LeafSpec().uri("spiffe://cluster.local/ns/ns/sa/%63lient")));
    }

    @Test
    void oldVersionsAndWeakSuitesAreNotSpoken() throws Exception {
        for (String version : new String[] {"TLSv1", "TLSv1.1"}) {
            assertThat(shakesHands(version)).as(version).isFalse();
        }
        assertThat(shakesHands("TLSv1.2")).isTrue();
        assertThat(shakesHands("TLSv1.3")).isTrue();
        SSLContext context = TlsClient.context(mesh.authority.svid(caller));
        for (String suite : context.getSupportedSSLParameters().getCipherSuites()) {
            boolean spoken = suite.matches("TLS_ECDHE_ECDSA_WITH_AES_(128|256)_GCM_SHA\\d+");
            if (spoken || !suite.contains("_WITH_")) {
                continue; // The latter are those of TLS 1.3, which are all sane, and signals.
            }
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port())) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                socket.setEnabledCipherSuites(new String[] {suite});
                socket.setSoTimeout(5_000);
                assertThat(refuses(socket)).as(suite).isTrue();
            }
        }
        assertThat(app.seen()).isEmpty();
    }

    private static boolean refuses(SSLSocket socket) {
        try {
            socket.startHandshake();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** By OpenSSL: the JDK does not offer the old ones any more. */
    private boolean shakesHands(String version) throws Exception {
        Svid svid = mesh.authority.svid(caller);
        SSLEngine engine =
                SslContextBuilder.forClient()
                        .sslProvider(SslProvider.OPENSSL)
                        .protocols(version)
                        .keyManager(svid.key(), svid.chain())
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .endpointIdentificationAlgorithm(null)
                        .build()
                        .newEngine(io.netty.buffer.ByteBufAllocator.DEFAULT);
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(5_000);
            return handshake(engine, socket);
        } finally {
            io.netty.util.ReferenceCountUtil.release(engine);
        }
    }

    private static boolean handshake(SSLEngine engine, Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        ByteBuffer nothing = ByteBuffer.allocate(0);
        ByteBuffer plain = ByteBuffer.allocate(64 * 1024);
        ByteBuffer received = ByteBuffer.allocate(64 * 1024).flip();
        try {
            engine.beginHandshake();
            while (true) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_WRAP -> {
                        ByteBuffer sent = ByteBuffer.allocate(64 * 1024);
                        engine.wrap(nothing, sent);
                        out.write(sent.array(), 0, sent.position());
                    }
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        var result = engine.unwrap(received, plain);
                        if (result.bytesConsumed() == 0
                                && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
                            received.compact();
                            int read =
                                    in.read(
                                            received.array(),
                                            received.position(),
                                            received.remaining());
                            if (read < 0) {
                                return false;
                            }
                            received.position(received.position() + read).flip();
                        }
                    }
                    case NEED_TASK -> engine.getDelegatedTask().run();
                    case FINISHED, NOT_HANDSHAKING -> {
                        return true;
                    }
                }
            }
        } catch (SSLException | java.net.SocketException e) {
            return false;
        }
    }

    @Test
    void aSecondConnectionIsNoContinuationOfTheFirst() throws Exception {
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            tls.trust(mesh.authority.bundle());
            SSLContext context = TlsClient.context(mesh.authority.svid(caller));
            long first = created(context, version);
            assertThat(created(context, version))
                    .as("another session, %s", version)
                    .isGreaterThan(first);
            tls.trust(mesh.authority.bundle(), Set.of(caller.uri()));
            int before = app.seen().size();
            String answer = "";
            try (SSLSocket socket = socket(context, version)) {
                answer = new Wire(socket).send(GET).readAll();
            } catch (IOException e) {
                // As it must be.
            }
            assertThat(answer).isEmpty();
            assertThat(app.seen()).hasSize(before);
        }
    }

    private SSLSocket socket(SSLContext context, String version) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port());
        socket.setEnabledProtocols(new String[] {version});
        socket.setSoTimeout(5_000);
        return socket;
    }

    /** The time of the session's creation; a session that is resumed keeps its own. */
    private long created(SSLContext context, String version) throws Exception {
        try (SSLSocket socket = socket(context, version)) {
            assertThat(new Wire(socket).send(GET).reply().status()).isEqualTo(200);
            long created = socket.getSession().getCreationTime();
            // The clock of sessions counts milliseconds.
            io.weft.dataplane.testing.Await.until(
                    "the next millisecond", () -> System.currentTimeMillis() > created);
            return created;
        }
    }
}
