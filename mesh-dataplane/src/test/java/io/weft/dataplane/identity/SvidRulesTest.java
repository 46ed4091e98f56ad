package io.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dataplane.testing.TestAuthority;
import io.weft.dataplane.testing.TestAuthority.LeafSpec;
import io.weft.model.SpiffeId;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

class SvidRulesTest {

    private static final TestAuthority MESH = TestAuthority.of("cluster.local");
    private static final TestAuthority FOREIGN = TestAuthority.of("evil.example");
    private static final SpiffeId ID = MESH.id("blog", "api");
    private static final String URI = ID.uri();

    @Test
    void acceptsAGoodSvid() throws Exception {
        assertThat(verify(new LeafSpec().uri(URI))).isEqualTo(ID);
    }

    @Test
    void acceptsDnsNamesBesideTheOneUri() throws Exception {
        assertThat(verify(new LeafSpec().uri(URI).dns("policy-service"))).isEqualTo(ID);
    }

    @Test
    void refusesALeafWithoutAnyUri() {
        refused(new LeafSpec().dns("api.blog"), "0 URI SANs");
    }

    @Test
    void refusesTwoUris() {
        refused(new LeafSpec().uri(URI).uri(MESH.id("blog", "admin").uri()), "2 URI SANs");
    }

    @Test
    void refusesACertificateAuthority() {
        refused(new LeafSpec().uri(URI).authority(), "is a CA");
    }

    @Test
    void refusesALeafThatMaySignCertificates() {
        refused(
                new LeafSpec().uri(URI).keyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign),
                "keyCertSign");
    }

    @Test
    void refusesALeafWithoutDigitalSignature() {
        refused(new LeafSpec().uri(URI).keyUsage(KeyUsage.keyEncipherment), "digitalSignature");
        refused(new LeafSpec().uri(URI).keyUsage(0), "digitalSignature");
    }

    @Test
    void refusesAServerOnlyCertificateOfAClient() throws Exception {
        LeafSpec spec = new LeafSpec().uri(URI).purposes(KeyPurposeId.id_kp_serverAuth);
        refused(spec, "extended key usage");
        X509Certificate[] chain = {MESH.odd(ID, spec).leaf()};
        assertThat(SvidRules.verify(chain, SvidRules.Role.SERVER, trust(), Instant.now()))
                .isEqualTo(ID);
    }

    @Test
    void refusesNulAndNonAsciiInTheUri() {
        refused(new LeafSpec().uri(URI + "\0.evil"), "expected: a SPIFFE ID");
        refused(new LeafSpec().uri("spiffe://cluster.local/ns/blog/sa/ap\u00e9"), "a SPIFFE ID");
        refused(new LeafSpec().uri("spiffe://CLUSTER.local/ns/blog/sa/api"), "a SPIFFE ID");
        refused(new LeafSpec().uri(URI + "?x=1"), "a SPIFFE ID");
        refused(new LeafSpec().uri("https://cluster.local/ns/blog/sa/api"), "a SPIFFE ID");
    }

    @Test
    void refusesAnIdentityOfThisTrustDomainSignedByTheRootOfAnother() {
        X509Certificate[] chain = {FOREIGN.odd(ID, new LeafSpec().uri(URI)).leaf()};
        TrustBundles both =
                TrustBundles.parse(
                        Map.of("cluster.local", MESH.rootPem(), "evil.example", FOREIGN.rootPem()));
        assertThatThrownBy(
                        () -> SvidRules.verify(chain, SvidRules.Role.CLIENT, both, Instant.now()))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("not signed by the roots of its trust domain");
    }

    @Test
    void refusesATrustDomainWithoutABundle() {
        X509Certificate[] chain = {FOREIGN.svid(FOREIGN.id("blog", "api")).leaf()};
        assertThatThrownBy(() ->
                        SvidRules.verify(chain, SvidRules.Role.CLIENT, trust(), Instant.now()))
                .hasMessageContaining("trust domain is not trusted here");
    }

    @Test
    void judgesValidityByTheClockThatIsGiven() throws Exception {
        Instant start = Instant.now();
        X509Certificate[] chain = {MESH.svid(ID, start, Duration.ofHours(1)).leaf()};
        assertThat(verifyAt(chain, start.plusSeconds(3500))).isEqualTo(ID);
        assertThatThrownBy(() -> verifyAt(chain, start.plusSeconds(3700)))
                .hasMessageContaining("expired");
        assertThatThrownBy(() -> verifyAt(chain, start.minusSeconds(100)))
                .hasMessageContaining("not valid before");
    }

    @Test
    void anExpiredRootIsNoRoot() {
        Instant later = Instant.now().plus(Duration.ofDays(4000));
        X509Certificate[] chain = {
            MESH.svid(ID, later.minusSeconds(60), Duration.ofHours(1)).leaf()
        };
        assertThatThrownBy(() -> verifyAt(chain, later)).hasMessageContaining("root");
    }

    @Test
    void acceptsEitherRootWhileRootsAreRotated() throws Exception {
        TestAuthority next = TestAuthority.of("cluster.local");
        TrustBundles both =
                TrustBundles.parse(Map.of("cluster.local", MESH.rootPem() + next.rootPem()));
        for (TestAuthority authority : new TestAuthority[] {MESH, next}) {
            X509Certificate[] chain = {authority.svid(ID).leaf()};
            assertThat(SvidRules.verify(chain, SvidRules.Role.CLIENT, both, Instant.now()))
                    .isEqualTo(ID);
        }
    }

    private static TrustBundles trust() {
        return TrustBundles.parse(MESH.bundle());
    }

    private static SpiffeId verifyAt(X509Certificate[] chain, Instant now)
            throws CertificateException {
        return SvidRules.verify(chain, SvidRules.Role.CLIENT, trust(), now);
    }

    private static SpiffeId verify(LeafSpec spec) throws CertificateException {
        return verifyAt(new X509Certificate[] {MESH.odd(ID, spec).leaf()}, Instant.now());
    }

    private static void refused(LeafSpec spec, String reason) {
        assertThatThrownBy(() -> verify(spec))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining(reason);
    }
}
