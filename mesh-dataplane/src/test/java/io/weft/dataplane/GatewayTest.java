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

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.dataplane.identity.Pem;
import io.weft.dataplane.identity.Svid;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.TestAuthority;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.Secret;
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
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayTest {

    private final MeshPair mesh = new MeshPair();
    private final TestAuthority outside = TestAuthority.of("outside.example");
    private TestApp app;
    private MeshPair.Node gateway;

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
        publish(certificate("blog.example.com"));
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    private Certificate certificate(String... names) {
        TestAuthority.LeafSpec spec = new TestAuthority.LeafSpec();
        for (String name : names) {
            spec.dns(name);
        }
        Svid svid = outside.odd(outside.id("x", "y"), spec);
        return new Certificate(
                "ns/blog-tls", Pem.encode(svid.chain()), new Secret(Pem.encode(svid.key())), "");
    }

    private void publish(Certificate certificate) {
        List<MeshResource> all = new ArrayList<>();
        WorkloadConfig base = workload("gateway", OutboundPolicy.ALLOW_ANY);
        all.add(
                new WorkloadConfig(
                        base.workload(),
                        base.trustDomain(),
                        base.trustDomainAliases(),
                        base.pathNormalization(),
                        base.outboundPolicy(),
                        base.inbound(),
                        base.undeclared(),
                        List.of(
                                new GatewayServer(
                                        "http",
                                        80,
                                        Protocol.HTTP,
                                        List.of("blog.example.com"),
                                        null,
                                        true,
                                        "gateway:80",
                                        ORIGIN),
                                new GatewayServer(
                                        "plain",
                                        80,
                                        Protocol.HTTP,
                                        List.of("*.plain.example"),
                                        null,
                                        false,
                                        "gateway:80",
                                        ORIGIN),
                                new GatewayServer(
                                        "https",
                                        443,
                                        Protocol.HTTPS,
                                        List.of("blog.example.com"),
                                        new ServerTls.Terminate(
                                                List.of("ns/blog-tls"),
                                                ClientCertificates.NONE,
                                                "TLSv1.2",
                                                List.of()),
                                        false,
                                        "gateway:443",
                                        ORIGIN)),
                        base.gatewayJwt(),
                        base.gatewayAuthz(),
                        base.trustedProxies(),
                        base.externalAuthorizers(),
                        base.telemetry()));
        all.add(
                table(
                        "gateway:80",
                        AppProtocol.HTTP,
                        route(Match.ALWAYS, List.of(), Timeouts.NONE, null, to(8080, "", 1))));
        all.add(
                table(
                        "gateway:443",
                        AppProtocol.HTTP,
                        route(Match.ALWAYS, List.of(), Timeouts.NONE, null, to(8080, "", 1))));
        all.add(cluster(8080, AppProtocol.HTTP));
        all.add(endpoints(8080, endpoint("s", app.port(), null, Map.of())));
        all.add(certificate);
        gateway.source().publish(set(all.toArray(MeshResource[]::new)));
    }

    private SSLSocket tls(String name) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket("127.0.0.1", gateway.plane().gatewayPorts().get(443));
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    @Test
    void redirectsPlainHttpToHttps() throws Exception {
        try (Wire wire = new Wire(gateway.plane().gatewayPorts().get(80))) {
            Wire.Reply reply =
                    wire.send("GET /a?b=c HTTP/1.1\r\nHost: blog.example.com\r\n\r\n").reply();
            assertThat(reply.status()).isEqualTo(301);
            assertThat(reply.head().toLowerCase(java.util.Locale.ROOT))
                    .contains("location: https://blog.example.com/a?b=c");
        }
    }

    @Test
    void theCallerIsWhoTheLoadBalancersHeaderNamesAndNobodyComesInWithoutOne() throws Exception {
        gateway =
                mesh.start(
                        "gateway",
                        s -> s.gatewayPort(new GatewayBinding(80, 0, true)).outboundPort(-1));
        publish(certificate("blog.example.com"));
        String request = "GET / HTTP/1.1\r\nHost: a.plain.example\r\n\r\n";
        int port = gateway.plane().gatewayPorts().get(80);
        try (Wire wire = new Wire(port)) {
            Wire.Reply reply =
                    wire.send("PROXY TCP4 198.51.100.7 203.0.113.1 4711 80\r\n" + request).reply();
            assertThat(reply.body()).isEqualTo("served");
        }
        assertThat(app.seen().getFirst().header("x-forwarded-for")).isEqualTo("198.51.100.7");
        try (Wire wire = new Wire(port)) {
            assertThat(wire.send(request).isRefused()).isTrue();
        }
        assertThat(app.seen()).hasSize(1);
    }

    @Test
    void servesHttpsWithTheCertificateOfTheNameAndCleansWhatTheOutsideClaims() throws Exception {
        try (SSLSocket socket = tls("blog.example.com");
                Wire wire = new Wire(socket)) {
            Wire.Reply reply =
                    wire.send(
                                    "GET / HTTP/1.1\r\n"
                                            + "Host: blog.example.com\r\n"
                                            + "X-Forwarded-For: 6.6.6.6\r\n"
                                            + "X-Envoy-Internal: true\r\n"
                                            + "X-Forwarded-Client-Cert: forged\r\n"
                                            + "X-Weft-Peer: forged\r\n"
                                            + "X-Request-Id: forged\r\n\r\n")
                            .reply();
            assertThat(reply.body()).isEqualTo("served");
            assertThat(
                            ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                                    .getSubjectAlternativeNames()
                                    .toString())
                    .contains("blog.example.com");
        }
        TestApp.Seen seen = app.seen().getFirst();
        assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(seen.header("x-forwarded-proto")).isEqualTo("https");
        assertThat(seen.has("x-envoy-internal")).isFalse();
        assertThat(seen.has("x-forwarded-client-cert")).isFalse();
        assertThat(seen.has("x-weft-peer")).isFalse();
        assertThat(seen.header("x-request-id")).isNotEqualTo("forged");
    }

    @Test
    void showsARenewedCertificateToTheNextConnection() throws Exception {
        publish(certificate("blog.example.com", "renewed.example.com"));
        try (SSLSocket socket = tls("blog.example.com")) {
            socket.startHandshake();
            assertThat(
                            ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                                    .getSubjectAlternativeNames()
                                    .toString())
                    .contains("renewed.example.com");
        }
    }

    @Test
    void refusesNamesThatNoServerHas() throws Exception {
        try (Wire wire = new Wire(gateway.plane().gatewayPorts().get(80))) {
            assertThat(wire.send("GET / HTTP/1.1\r\nHost: other.example\r\n\r\n").reply().status())
                    .isEqualTo(404);
            assertThat(
                            wire.send("GET / HTTP/1.1\r\nHost: a.plain.example\r\n\r\n")
                                    .reply()
                                    .status())
                    .isEqualTo(200);
        }
        try (SSLSocket socket = tls("other.example")) {
            org.assertj.core.api.Assertions.assertThatThrownBy(socket::startHandshake)
                    .isInstanceOf(java.io.IOException.class);
        }
        assertThat(gateway.log().await(3).failure()).contains("other.example");
    }
}
