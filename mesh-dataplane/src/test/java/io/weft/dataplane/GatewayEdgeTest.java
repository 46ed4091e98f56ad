package io.weft.dataplane;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static io.weft.dataplane.testing.Resources.cluster;
import static io.weft.dataplane.testing.Resources.endpoint;
import static io.weft.dataplane.testing.Resources.endpoints;
import static io.weft.dataplane.testing.Resources.route;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.table;
import static io.weft.dataplane.testing.Resources.to;
import static io.weft.dataplane.testing.Resources.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.dataplane.identity.Pem;
import io.weft.dataplane.identity.Svid;
import io.weft.dataplane.testing.Caller;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.TestAuthority;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.Secret;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.listener.ForwardClientCert;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.GatewayServer.ClientCertificates;
import io.weft.model.listener.GatewayServer.Protocol;
import io.weft.model.listener.GatewayServer.ServerTls;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.resource.Certificate;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Timeouts;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Certificates, pass-through, trusted proxies and TLS to the outside, over real sockets. */
class GatewayEdgeTest {

    private static final char[] NO_PASSWORD = new char[0];

    private final MeshPair mesh = new MeshPair();
    private final TestAuthority outside = TestAuthority.of("outside.example");
    private final TestAuthority clients = TestAuthority.of("clients.example");
    private TestApp app;
    private MeshPair.Node gateway;
    private @Nullable ForwardClientCert forwardClientCert;

    @BeforeEach
    void start() {
        app = mesh.closing(TestApp.http1(mesh.apps, seen -> TestApp.text(200, "served")));
        gateway =
                mesh.start(
                        "gateway",
                        s ->
                                s.gatewayPort(new GatewayBinding(80, 0))
                                        .gatewayPort(new GatewayBinding(443, 0))
                                        .outboundPort(-1));
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    private static Svid leaf(TestAuthority authority, String name) {
        return authority.odd(authority.id("x", "y"), new TestAuthority.LeafSpec().dns(name));
    }

    private static Certificate certificate(String resource, Svid svid, String roots) {
        return new Certificate(
                resource, Pem.encode(svid.chain()), new Secret(Pem.encode(svid.key())), roots);
    }

    private void publish(
            int trustedProxies, int appPort, List<MeshResource> more, GatewayServer... servers) {
        WorkloadConfig base = workload("gateway", OutboundPolicy.ALLOW_ANY);
        List<MeshResource> all = new ArrayList<>(more);
        all.add(
                new WorkloadConfig(
                        base.workload(),
                        base.trustDomain(),
                        base.trustDomainAliases(),
                        base.pathNormalization(),
                        base.outboundPolicy(),
                        base.inbound(),
                        base.undeclared(),
                        List.of(servers),
                        base.gatewayJwt(),
                        base.gatewayAuthz(),
                        trustedProxies,
                        base.externalAuthorizers(),
                        base.telemetry(),
                        forwardClientCert));
        all.add(
                table(
                        "gateway:http",
                        AppProtocol.HTTP,
                        route(Match.ALWAYS, List.of(), Timeouts.NONE, null, to(8080, "", 1))));
        all.add(io.weft.dataplane.testing.Resources.tcp("gateway:tcp", AppProtocol.TLS, 8080));
        all.add(cluster(8080, AppProtocol.HTTP));
        all.add(endpoints(8080, endpoint("s", appPort, null, Map.of())));
        gateway.source().publish(set(all.toArray(MeshResource[]::new)));
    }

    private static GatewayServer server(
            int port, Protocol protocol, String host, @Nullable ServerTls tls) {
        return new GatewayServer(
                "s" + port,
                port,
                protocol,
                List.of(host),
                tls,
                false,
                protocol == Protocol.TLS ? "gateway:tcp" : "gateway:http",
                ORIGIN);
    }

    private SSLSocket connect(String sni, @Nullable Svid certificate) throws Exception {
        SSLContext context = context(certificate);
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket("127.0.0.1", gateway.plane().gatewayPorts().get(443));
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(sni)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static SSLContext context(@Nullable Svid certificate) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        if (certificate != null) {
            store.setKeyEntry(
                    "own",
                    certificate.key(),
                    NO_PASSWORD,
                    certificate.chain().toArray(X509Certificate[]::new));
        }
        keys.init(store, NO_PASSWORD);
        context.init(
                keys.getKeyManagers(),
                InsecureTrustManagerFactory.INSTANCE.getTrustManagers(),
                null);
        return context;
    }

    private static String get(String host, String... headers) {
        StringBuilder text = new StringBuilder("GET / HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    @Test
    void aPortThatNoGatewayServesSaysSo() throws Exception {
        publish(0, app.port(), List.of());
        try (Wire wire = new Wire(gateway.plane().gatewayPorts().get(80))) {
            assertThat(wire.send(get("blog.example.com")).reply().status()).isEqualTo(404);
        }
        assertThat(gateway.log().await(1).flags()).isEqualTo("NR");
        assertThat(gateway.log().lines().getFirst().failure())
                .contains("no Gateway serves port 80");
        assertThatThrownBy(() -> connect("blog.example.com", null).startHandshake())
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
    }

    @Test
    void aNameThatNoServerHasIsToldInTheHandshake() throws Exception {
        publish(
                0,
                app.port(),
                List.of(),
                server(443, Protocol.TLS, "a.example", new ServerTls.Passthrough()));
        assertThatThrownBy(() -> connect("b.example", null).startHandshake())
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
    }

    @Test
    void tlsIsPassedThroughByItsNameToWhoTerminatesIt() throws Exception {
        Svid own = leaf(outside, "a.example");
        try (SSLServerSocket backend = tlsServer(own)) {
            publish(
                    0,
                    backend.getLocalPort(),
                    List.of(),
                    server(443, Protocol.TLS, "a.example", new ServerTls.Passthrough()));
            Thread.ofVirtual().start(() -> serveOnce(backend));
            try (SSLSocket socket = connect("a.example", null)) {
                socket.startHandshake();
                assertThat(((X509Certificate) socket.getSession().getPeerCertificates()[0]))
                        .isEqualTo(own.chain().getFirst());
                Wire wire = new Wire(socket);
                assertThat(wire.send(get("a.example")).reply().body()).isEqualTo("tls");
            }
        }
    }

    private static SSLServerSocket tlsServer(Svid certificate) throws Exception {
        return (SSLServerSocket)
                context(certificate)
                        .getServerSocketFactory()
                        .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static void serveOnce(SSLServerSocket server) {
        try (var accepted = server.accept()) {
            accepted.getInputStream().read(new byte[4096]);
            accepted.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntls".getBytes());
            accepted.getInputStream().read(new byte[4096]);
        } catch (java.io.IOException e) {
            // The client is content, or the handshake was refused.
        }
    }

    @Test
    void aClientCertificateMustComeFromTheRootsAndHaveAWantedName() throws Exception {
        Certificate shown =
                certificate("ns/tls", leaf(outside, "blog.example.com"), clients.rootPem());
        publish(
                0,
                app.port(),
                List.of(shown),
                server(
                        443,
                        Protocol.HTTPS,
                        "blog.example.com",
                        new ServerTls.Terminate(
                                List.of("ns/tls"),
                                ClientCertificates.REQUIRED,
                                "TLSv1.2",
                                List.of("alice.example"))));
        try (SSLSocket socket = connect("blog.example.com", leaf(clients, "alice.example"))) {
            assertThat(new Wire(socket).send(get("blog.example.com")).reply().body())
                    .isEqualTo("served");
        }
        for (Svid wrong :
                new Svid[] {
                    null, leaf(outside, "alice.example"), leaf(clients, "mallory.example")
                }) {
            try (SSLSocket socket = connect("blog.example.com", wrong)) {
                Wire wire = new Wire(socket);
                assertThatThrownBy(() -> wire.send(get("blog.example.com")).reply())
                        .isInstanceOf(java.io.IOException.class);
            }
        }
        assertThat(app.seen()).hasSize(1);
    }

    @Test
    void asManyProxiesAreBelievedAsAreTrusted() throws Exception {
        GatewayServer plain = server(80, Protocol.HTTP, "*", null);
        publish(0, app.port(), List.of(), plain);
        forwarded("X-Forwarded-For: 9.9.9.9, 8.8.8.8", "X-Forwarded-Proto: https");
        TestApp.Seen seen = app.seen().getLast();
        assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(seen.header("x-forwarded-proto")).isEqualTo("http");
        publish(1, app.port(), List.of(), plain);
        forwarded("X-Forwarded-For: 9.9.9.9, 8.8.8.8", "X-Forwarded-Proto: https");
        seen = app.seen().getLast();
        assertThat(seen.header("x-forwarded-for")).isEqualTo("9.9.9.9, 8.8.8.8,127.0.0.1");
        assertThat(seen.header("x-forwarded-proto")).isEqualTo("https");
        forwarded("X-Envoy-Internal: true", "X-Weft-Peer: forged");
        assertThat(app.seen().getLast().has("x-envoy-internal")).isFalse();
        assertThat(app.seen().getLast().has("x-weft-peer")).isFalse();
    }

    @Test
    void addressesThatAreBelievedDecideWhoTheRemoteIs() throws Exception {
        GatewayServer plain = server(80, Protocol.HTTP, "*", null);
        for (int trusted = 0; trusted < 4; trusted++) {
            publish(trusted, app.port(), List.of(), plain);
            forwarded(
                    "X-Forwarded-For: 9.9.9.9, 8.8.8.8",
                    "X-Forwarded-For: 7.7.7.7",
                    "X-Envoy-External-Address: 6.6.6.6",
                    "X-Forwarded-Host: forged.example",
                    "Forwarded: for=6.6.6.6",
                    "X-Real-IP: 6.6.6.6");
            TestApp.Seen seen = app.seen().getLast();
            assertThat(seen.header("x-envoy-external-address"))
                    .as("%s trusted", trusted)
                    .isEqualTo(List.of("127.0.0.1", "7.7.7.7", "8.8.8.8", "9.9.9.9").get(trusted));
            for (String forged : List.of("x-forwarded-host", "forwarded", "x-real-ip")) {
                assertThat(seen.has(forged)).as(forged).isFalse();
            }
        }
        // What is no address is nobody's.
        publish(1, app.port(), List.of(), plain);
        forwarded("X-Forwarded-For: unknown", "X-Forwarded-Proto: gopher");
        TestApp.Seen seen = app.seen().getLast();
        assertThat(seen.header("x-envoy-external-address")).isEqualTo("127.0.0.1");
        assertThat(seen.header("x-forwarded-proto")).isEqualTo("http");
    }

    @Test
    void theClientsCertificateIsToldAsTheModeSays() throws Exception {
        Certificate shown =
                certificate("ns/tls", leaf(outside, "blog.example.com"), clients.rootPem());
        GatewayServer optional =
                server(
                        443,
                        Protocol.HTTPS,
                        "blog.example.com",
                        new ServerTls.Terminate(
                                List.of("ns/tls"),
                                ClientCertificates.OPTIONAL,
                                "TLSv1.2",
                                List.of()));
        String sent = "By=spiffe://a/ns/b/sa/c;Hash=00;URI=spiffe://forged/ns/x/sa/y";
        Svid alice = leaf(clients, "alice.example");
        String about = ";Subject=\"O=weft\";DNS=alice.example";
        for (ForwardClientCert mode : ForwardClientCert.values()) {
            forwardClientCert = mode;
            publish(0, app.port(), List.of(shown), optional);
            String with = told(alice, sent);
            String without = told(null, sent);
            switch (mode) {
                case SANITIZE -> assertThat(with).isEmpty();
                case FORWARD_ONLY -> assertThat(with).isEqualTo(sent);
                case APPEND_FORWARD -> {
                    assertThat(with).startsWith(sent + ",Hash=").endsWith(about);
                    assertThat(told(alice, "URI=\"open")).startsWith("Hash=").endsWith(about);
                }
                case SANITIZE_SET -> {
                    assertThat(with).startsWith("Hash=").contains(";Cert=\"-----BEGIN%20CERT");
                    assertThat(with).endsWith(about).doesNotContain("forged");
                }
                case ALWAYS_FORWARD_ONLY -> assertThat(with).isEqualTo(sent);
            }
            assertThat(without)
                    .as("%s, from nobody", mode)
                    .isEqualTo(mode == ForwardClientCert.ALWAYS_FORWARD_ONLY ? sent : "");
        }
    }

    private String told(@Nullable Svid certificate, String sent) throws Exception {
        try (SSLSocket socket = connect("blog.example.com", certificate)) {
            Wire wire = new Wire(socket);
            wire.send(get("blog.example.com", "X-Forwarded-Client-Cert: " + sent));
            assertThat(wire.reply().body()).isEqualTo("served");
        }
        TestApp.Seen seen = app.seen().getLast();
        return seen.has("x-forwarded-client-cert") ? seen.header("x-forwarded-client-cert") : "";
    }

    private void forwarded(String... headers) throws Exception {
        try (Wire wire = new Wire(gateway.plane().gatewayPorts().get(80))) {
            assertThat(wire.send(get("any.example", headers)).reply().status()).isEqualTo(200);
        }
    }

    @Test
    void tlsToTheOutsideShowsACertificateAndChecksTheNameOfTheOther() throws Exception {
        Svid shown = leaf(outside, "api.example");
        Certificate roots = new Certificate("roots", "", new Secret(""), outside.rootPem());
        Certificate own = certificate("own", leaf(clients, "me.example"), "");
        try (Caller caller = new Caller();
                SSLServerSocket backend = tlsServer(shown)) {
            backend.setWantClientAuth(true);
            caller.endpoint("api", backend.getLocalPort(), Locality.UNKNOWN);
            caller.with(roots).with(own);
            caller.tls(new UpstreamTls.Origination("api.example", List.of(), "roots", "own", false))
                    .forward();
            Thread.ofVirtual().start(() -> serveOnce(backend));
            assertThat(caller.get("/").body()).isEqualTo("tls");
            refuses(caller, backend, "other.example", List.of());
            refuses(caller, backend, "api.example", List.of("other.example"));
            caller.tls(
                            new UpstreamTls.Origination(
                                    "alias.example", List.of("api.example"), "roots", null, false))
                    .forward();
            Thread.ofVirtual().start(() -> serveOnce(backend));
            assertThat(caller.get("/").body()).isEqualTo("tls");
        }
    }

    private static void refuses(
            Caller caller, SSLServerSocket backend, String sni, List<String> names)
            throws Exception {
        caller.tls(new UpstreamTls.Origination(sni, names, "roots", "own", false)).forward();
        Thread.ofVirtual().start(() -> serveOnce(backend));
        int before = caller.node.log().lines().size();
        assertThat(caller.get("/").status()).isEqualTo(503);
        assertThat(caller.node.log().await(before + 1).flags()).startsWith("UF");
    }
}
