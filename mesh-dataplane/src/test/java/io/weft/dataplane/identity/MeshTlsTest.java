package io.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.TestAuthority;
import io.weft.dataplane.testing.TestAuthority.LeafSpec;
import io.weft.dataplane.testing.TlsClient;
import io.weft.dataplane.testing.TlsPair;
import io.weft.engine.AdjustableClock;
import io.weft.engine.MeshClock;
import io.weft.model.SpiffeId;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MeshTlsTest {

    private static final TestAuthority MESH = TestAuthority.of("cluster.local");
    private static final SpiffeId API = MESH.id("blog", "api");
    private static final SpiffeId WEB = MESH.id("blog", "web");

    private final MeshClock clock = MeshClock.system();

    @Test
    void usesOpenSslHere() {
        assertThat(OpenSsl.isAvailable()).isTrue();
        assertThat(MESH.tls(API).provider()).isEqualTo("OPENSSL");
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void eachSideLearnsTheIdentityOfTheOther(SslProvider provider) throws Exception {
        MeshTls api = MeshTls.of(MESH.svid(API), MESH.bundle(), clock, provider);
        MeshTls web = MeshTls.of(MESH.svid(WEB), MESH.bundle(), clock, provider);
        try (TlsPair pair = TlsPair.connect(api.meshServer(), web.meshClient(true))) {
            assertThat(api.peer(pair.serverSession())).isEqualTo(WEB);
            assertThat(web.peer(pair.clientSession())).isEqualTo(API);
            assertThat(pair.serverSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(pair.clientProtocol()).isEqualTo("h2");
        }
        try (TlsPair pair = TlsPair.connect(api.meshServer(), web.meshClient(false))) {
            assertThat(pair.clientProtocol()).isEqualTo("http/1.1");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void aClientOfAnotherTrustDomainIsRefused(SslProvider provider) {
        TestAuthority foreign = TestAuthority.of("evil.example");
        MeshTls api = MeshTls.of(MESH.svid(API), MESH.bundle(), clock, provider);
        MeshTls evil =
                MeshTls.of(
                        foreign.svid(foreign.id("blog", "web")),
                        Map.of("cluster.local", MESH.rootPem()),
                        clock,
                        provider);
        refused(api.meshServer(), evil.meshClient(true));
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void aServerOfAnotherTrustDomainIsRefused(SslProvider provider) {
        TestAuthority foreign = TestAuthority.of("evil.example");
        MeshTls evil =
                MeshTls.of(
                        foreign.odd(API, new LeafSpec().uri(API.uri())),
                        MESH.bundle(),
                        clock,
                        provider);
        MeshTls web = MeshTls.of(MESH.svid(WEB), MESH.bundle(), clock, provider);
        refused(evil.meshServer(), web.meshClient(true));
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void aClientWithoutCertificateIsRefused(SslProvider provider) throws Exception {
        MeshTls api = MeshTls.of(MESH.svid(API), MESH.bundle(), clock, provider);
        SslContext anonymous =
                SslContextBuilder.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .endpointIdentificationAlgorithm(null)
                        .build();
        refused(api.meshServer(), anonymous);
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void aPeerWithTwoUrisIsRefused(SslProvider provider) {
        MeshTls api = MeshTls.of(MESH.svid(API), MESH.bundle(), clock, provider);
        LeafSpec two = new LeafSpec().uri(WEB.uri()).uri(MESH.id("blog", "admin").uri());
        MeshTls odd = MeshTls.of(MESH.odd(WEB, two), MESH.bundle(), clock, provider);
        refused(api.meshServer(), odd.meshClient(true));
    }

    @Test
    void aPeerThatHasExpiredByTheMeshClockIsRefused() {
        AdjustableClock adjustable = AdjustableClock.running();
        MeshTls api = MeshTls.of(MESH.svid(API), MESH.bundle(), adjustable);
        MeshTls web = MESH.tls(WEB);
        adjustable.advance(Duration.ofHours(2));
        refused(api.meshServer(), web.meshClient(true));
    }

    @Test
    void aRenewedSvidIsShownToNewConnectionsWhileOldOnesStay() throws Exception {
        MeshTls api = MESH.tls(API);
        MeshTls web = MESH.tls(WEB);
        try (TlsPair old = TlsPair.connect(api.meshServer(), web.meshClient(true))) {
            Svid renewed = MESH.svid(API);
            api.identity(renewed);
            try (TlsPair fresh = TlsPair.connect(api.meshServer(), web.meshClient(true))) {
                assertThat(fresh.clientSession().getPeerCertificates()[0].getEncoded())
                        .isEqualTo(renewed.leaf().getEncoded());
            }
            assertThat(old.echo("still open")).isEqualTo("still open");
        }
    }

    @Test
    void aRootThatIsTakenAwayIsNotTrustedByNewConnections() throws Exception {
        TestAuthority next = TestAuthority.of("cluster.local");
        MeshTls api = MESH.tls(API);
        MeshTls web =
                MeshTls.of(
                        next.svid(WEB),
                        Map.of("cluster.local", MESH.rootPem() + next.rootPem()),
                        clock);
        refused(api.meshServer(), web.meshClient(true));
        api.trust(Map.of("cluster.local", MESH.rootPem() + next.rootPem()));
        try (TlsPair pair = TlsPair.connect(api.meshServer(), web.meshClient(true))) {
            assertThat(api.peer(pair.serverSession())).isEqualTo(WEB);
            api.trust(MESH.bundle());
            assertThat(api.peer(pair.serverSession()))
                    .as("asked again after its root was taken away")
                    .isNull();
        }
        refused(api.meshServer(), web.meshClient(true));
    }

    @ParameterizedTest
    @CsvSource({"JDK, TLSv1.3", "JDK, TLSv1.2", "OPENSSL, TLSv1.3", "OPENSSL, TLSv1.2"})
    void noConnectionResumesAnother(SslProvider provider, String version) throws Exception {
        MeshTls api = MeshTls.of(MESH.svid(API), MESH.bundle(), clock, provider);
        Svid web = MESH.svid(WEB);
        SslContext resuming =
                SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .protocols(version)
                        .keyManager(web.key(), web.chain())
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .endpointIdentificationAlgorithm(null)
                        .build();
        SslContext server = api.meshServer();
        long last = 0;
        for (int i = 0; i < 3; i++) {
            try (TlsPair pair = TlsPair.connect(server, resuming)) {
                assertThat(pair.echo("so that a ticket could arrive")).isNotEmpty();
                long created = pair.clientSession().getCreationTime();
                assertThat(created).as("a session of its own").isGreaterThan(last);
                last = created;
                Await.until("the next millisecond", () -> System.currentTimeMillis() > created);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void nobodyBecomesAnotherByShakingHandsAgain(SslProvider provider) throws Exception {
        MeshTls api = MeshTls.of(MESH.svid(API), MESH.bundle(), clock, provider);
        SSLContext client = TlsClient.context(MESH.svid(WEB));
        try (TlsPair pair = TlsPair.connect(api.meshServer(), client, "TLSv1.2")) {
            assertThat(pair.echo("before")).isEqualTo("before");
            assertThat(pair.serverSession().getProtocol()).isEqualTo("TLSv1.2");
            assertThatThrownBy(
                            () -> {
                                pair.shakeHandsAgain();
                                if (pair.echo("after").isEmpty()) {
                                    throw new java.io.IOException("closed");
                                }
                            })
                    .isInstanceOf(java.io.IOException.class);
        }
    }

    @Test
    void aClientThatCouldResumeIsNotOfferedAnythingElseEither() throws Exception {
        MeshTls web = MeshTls.of(MESH.svid(WEB), MESH.bundle(), clock, SslProvider.JDK);
        Svid api = MESH.svid(API);
        SslContext giving =
                SslContextBuilder.forServer(api.key(), api.chain())
                        .sslProvider(SslProvider.JDK)
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .clientAuth(io.netty.handler.ssl.ClientAuth.REQUIRE)
                        .build();
        SslContext client = web.meshClient(false);
        try (TlsPair first = TlsPair.connect(giving, client)) {
            assertThat(first.echo("so that a ticket arrives")).isNotEmpty();
        }
        web.trust(Map.of("cluster.local", TestAuthority.of("cluster.local").rootPem()));
        refused(giving, client);
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void aResumingClientDoesNotGetPastARootThatWasTakenAway(SslProvider provider) throws Exception {
        TestAuthority next = TestAuthority.of("cluster.local");
        MeshTls api =
                MeshTls.of(
                        MESH.svid(API),
                        Map.of("cluster.local", MESH.rootPem() + next.rootPem()),
                        clock,
                        provider);
        Svid web = next.svid(WEB);
        SslContext resuming =
                SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .keyManager(web.key(), web.chain())
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .endpointIdentificationAlgorithm(null)
                        .build();
        try (TlsPair first = TlsPair.connect(api.meshServer(), resuming)) {
            assertThat(first.echo("so that a ticket could arrive")).isNotEmpty();
            assertThat(api.peer(first.serverSession())).isEqualTo(WEB);
        }
        api.trust(MESH.bundle());
        try (TlsPair second = TlsPair.connect(api.meshServer(), resuming)) {
            second.echo("goes through only if the session was resumed");
            assertThat(api.peer(second.serverSession())).as("resumed, so asked again").isNull();
        } catch (java.io.IOException e) {
            assertThat(e).as("a full handshake, so refused").hasMessageContaining("closed");
        }
    }

    @Test
    void theControlPlanesClientAcceptsTheControlPlaneAlone() throws Exception {
        SpiffeId controlPlane = MESH.id("weft-system", "policy-service");
        SSLContext client = MESH.tls(API).controlPlaneClient();
        MeshTls impostor = MESH.tls(MESH.id("blog", "policy-service"));
        try (TlsPair pair = TlsPair.connect(MESH.tls(controlPlane).meshServer(), client)) {
            assertThat(pair.echo("hello")).isEqualTo("hello");
        }
        assertThatThrownBy(() -> TlsPair.connect(impostor.meshServer(), client).close())
                .isInstanceOf(SSLException.class);
    }

    private static void refused(SslContext server, SslContext client) {
        assertThatThrownBy(
                        () -> {
                            try (TlsPair pair = TlsPair.connect(server, client)) {
                                pair.echo("never");
                            }
                        })
                .isInstanceOf(java.io.IOException.class);
    }
}
