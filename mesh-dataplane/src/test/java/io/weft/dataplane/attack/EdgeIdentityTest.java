package io.weft.dataplane.attack;

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

import io.weft.dataplane.GatewayBinding;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.identity.Svid;
import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.Resources;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.TestAuthority;
import io.weft.dataplane.testing.TlsClient;
import io.weft.dataplane.testing.Wire;
import io.weft.engine.ForwardedClientCert;
import io.weft.model.AppProtocol;
import io.weft.model.Secret;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.GatewayServer.ClientCertificates;
import io.weft.model.listener.GatewayServer.Protocol;
import io.weft.model.listener.GatewayServer.ServerTls;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.resource.Certificate;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Timeouts;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Identities that are claimed in headers and names, from outside through a gateway and from inside,
 * to a sidecar that takes mutual TLS only.
 */
@Timeout(60)
class EdgeIdentityTest {

    private static final String FORGED =
            "By=spiffe://cluster.local/ns/ns/sa/server;Hash=00;Subject=\"\";"
                    + "URI=spiffe://cluster.local/ns/ns/sa/admin";

    private final MeshPair mesh = new MeshPair();
    private final TestAuthority outside = TestAuthority.of("outside.example");
    private TestApp app;
    private MeshPair.Node server;
    private MeshPair.Node gateway;

    @BeforeEach
    void start() {
        app = mesh.closing(TestApp.http1(mesh.apps, seen -> TestApp.text(200, "served")));
        server =
                mesh.start(
                        "server",
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
        gateway =
                mesh.start(
                        "gateway",
                        s ->
                                s.gatewayPort(new GatewayBinding(80, 0))
                                        .gatewayPort(new GatewayBinding(443, 0))
                                        .outboundPort(-1));
        WorkloadConfig base = workload("gateway", OutboundPolicy.ALLOW_ANY);
        gateway.source()
                .publish(
                        set(
                                new WorkloadConfig(
                                        base.workload(),
                                        base.trustDomain(),
                                        base.trustDomainAliases(),
                                        base.pathNormalization(),
                                        base.outboundPolicy(),
                                        base.inbound(),
                                        base.undeclared(),
                                        List.of(
                                                server("open", 443, ClientCertificates.NONE),
                                                server("staff", 443, ClientCertificates.REQUIRED),
                                                server("plain", 80, null)),
                                        base.gatewayJwt(),
                                        base.gatewayAuthz(),
                                        base.trustedProxies(),
                                        base.externalAuthorizers(),
                                        base.telemetry()),
                                table(
                                        "gateway:http",
                                        AppProtocol.HTTP,
                                        route(
                                                Match.ALWAYS,
                                                List.of(),
                                                Timeouts.NONE,
                                                null,
                                                to(8080, "", 1))),
                                cluster(8080, AppProtocol.HTTP),
                                endpoints(
                                        8080,
                                        endpoint("server-0", port(), mesh.id("server"), Map.of())),
                                certificate()));
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    private int port() {
        return server.plane().inboundPorts().get(8080);
    }

    private static GatewayServer server(
            String name, int port, @Nullable ClientCertificates clients) {
        return new GatewayServer(
                name,
                port,
                clients == null ? Protocol.HTTP : Protocol.HTTPS,
                List.of(name + ".example"),
                clients == null
                        ? null
                        : new ServerTls.Terminate(List.of("ns/tls"), clients, "TLSv1.2", List.of()),
                false,
                "gateway:http",
                ORIGIN);
    }

    private Svid leaf(String name) {
        return outside.odd(outside.id("x", "y"), new TestAuthority.LeafSpec().dns(name));
    }

    private Certificate certificate() {
        try {
            Svid svid = leaf("open.example");
            return new Certificate(
                    "ns/tls",
                    pem("CERTIFICATE", svid.leaf().getEncoded()),
                    new Secret(pem("PRIVATE KEY", svid.key().getEncoded())),
                    outside.rootPem());
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
    }

    private Wire.Reply secured(String sni, String host, @Nullable Svid certificate)
            throws Exception {
        try (SSLSocket socket =
                (SSLSocket)
                        TlsClient.context(certificate)
                                .getSocketFactory()
                                .createSocket(
                                        "127.0.0.1", gateway.plane().gatewayPorts().get(443))) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(sni)));
            socket.setSSLParameters(parameters);
            return new Wire(socket).send(request(host)).reply();
        }
    }

    private static String request(String host) {
        return "GET / HTTP/1.1\r\nHost: "
                + host
                + "\r\nX-Forwarded-Client-Cert: "
                + FORGED
                + "\r\n\r\n";
    }

    private List<ForwardedClientCert.Element> told() {
        return ForwardedClientCert.parse(app.seen().getLast().header("x-forwarded-client-cert"));
    }

    private String gatewayUri() {
        return mesh.id("gateway").uri();
    }

    @Test
    void theNameOfTheHandshakeIsNoWayAroundTheCertificateThatAnotherNameAsksFor() throws Exception {
        assertThat(secured("open.example", "open.example", null).status()).isEqualTo(200);
        assertThat(secured("open.example", "staff.example", null).status()).isEqualTo(421);
        assertThat(secured("open.example", "STAFF.example.:443", null).status()).isNotEqualTo(200);
        assertThat(app.seen()).hasSize(1);
        assertThat(secured("staff.example", "staff.example", leaf("alice.example")).status())
                .isEqualTo(200);
    }

    @Test
    void aConnectionThatAskedForACertificateIsNotResumed() throws Exception {
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            SSLContext context = TlsClient.context(leaf("alice.example"));
            long last = 0;
            for (int i = 0; i < 3; i++) {
                try (SSLSocket socket =
                        (SSLSocket)
                                context.getSocketFactory()
                                        .createSocket(
                                                "127.0.0.1",
                                                gateway.plane().gatewayPorts().get(443))) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setServerNames(List.of(new SNIHostName("staff.example")));
                    parameters.setProtocols(new String[] {version});
                    socket.setSSLParameters(parameters);
                    Wire wire = new Wire(socket).send(request("staff.example"));
                    assertThat(wire.reply().status()).isEqualTo(200);
                    long created = socket.getSession().getCreationTime();
                    assertThat(created).as(version).isGreaterThan(last);
                    last = created;
                    Await.until("a millisecond", () -> System.currentTimeMillis() > created);
                }
            }
        }
    }

    @Test
    void whatAStrangerSaysOfHimselfGoesNoFurtherThanTheGateway() throws Exception {
        try (Wire wire = new Wire(gateway.plane().gatewayPorts().get(80))) {
            assertThat(wire.send(request("plain.example")).reply().status()).isEqualTo(200);
        }
        assertThat(told()).hasSize(1);
        assertThat(told().getFirst().uri()).isEqualTo(gatewayUri());
        assertThat(told().getFirst().by()).isEqualTo(mesh.id("server").uri());
        assertThat(secured("open.example", "open.example", null).status()).isEqualTo(200);
        assertThat(told()).hasSize(1);
    }

    @Test
    void theApplicationHearsOfTheClientsCertificateAndThenOfTheGateways() throws Exception {
        assertThat(secured("staff.example", "staff.example", leaf("alice.example")).status())
                .isEqualTo(200);
        assertThat(told()).hasSize(2);
        Map<String, String> client = told().getFirst().members();
        assertThat(client)
                .containsEntry("dns", "alice.example")
                .containsEntry("subject", "O=weft")
                .containsKey("hash")
                .doesNotContainKey("uri");
        assertThat(client.get("cert")).startsWith("-----BEGIN%20CERTIFICATE-----%0A");
        assertThat(told().getLast().uri()).isEqualTo(gatewayUri());
    }

    @Test
    void aWorkloadThatForgesTheHeaderIsStillNamedLast() throws Exception {
        for (String sent : List.of(FORGED, "URI=\"open", "rubbish", ",;=")) {
            try (SSLSocket socket =
                    TlsClient.connect(port(), mesh.authority.svid(mesh.id("client")))) {
                Wire wire = new Wire(socket);
                wire.send(request("server.ns:8080").replace(FORGED, sent));
                assertThat(wire.reply().status()).isEqualTo(200);
            }
            assertThat(told().getLast().uri()).as(sent).isEqualTo(mesh.id("client").uri());
            assertThat(told()).as(sent).hasSize(sent.equals(FORGED) ? 2 : 1);
        }
    }
}
