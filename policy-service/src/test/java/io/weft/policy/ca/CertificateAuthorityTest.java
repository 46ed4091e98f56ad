package io.weft.policy.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.engine.AdjustableClock;
import io.weft.model.SpiffeId;
import io.weft.policy.server.TestKeys;
import io.weft.policy.state.StartFailure;
import io.weft.policy.state.StateDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {

    private static final SpiffeId WEB = new SpiffeId("cluster.local", "blog", "web");
    private static final CaSettings SETTINGS = CaSettings.forTrustDomain("cluster.local");

    @TempDir Path directory;
    private final AdjustableClock clock =
            AdjustableClock.stoppedAt(Instant.parse("2026-11-22T12:00:00Z"));

    private CertificateAuthority open() {
        return open(SETTINGS);
    }

    private CertificateAuthority open(CaSettings settings) {
        return CertificateAuthority.open(
                settings, StateDirectory.open(directory.resolve("state")), clock::now);
    }

    private static List<X509Certificate> chain(IssuedSvid svid) {
        return Pem.readCertificates(svid.chainPem());
    }

    @Test
    void issuesAnSvidThatFollowsTheProfile() throws Exception {
        CertificateAuthority authority = open();
        IssuedSvid svid =
                authority.issue(TestKeys.csr(TestKeys.ec("secp256r1"), WEB.uri()), WEB, "test");
        X509Certificate leaf = chain(svid).getFirst();

        assertThat(leaf.getSubjectAlternativeNames())
                .containsExactly(List.of(6, "spiffe://cluster.local/ns/blog/sa/web"));
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getKeyUsage())
                .containsExactly(true, false, false, false, false, false, false, false, false);
        assertThat(leaf.getExtendedKeyUsage())
                .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(leaf.getNotBefore().toInstant()).isEqualTo("2026-11-22T11:59:00Z");
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo("2026-11-22T13:00:00Z");
        assertThat(leaf.getSerialNumber().bitLength()).isEqualTo(128);
        assertThat(
                        new SvidVerifier("cluster.local", authority.roots(), clock::now)
                                .verify(chain(svid)))
                .isEqualTo(WEB);
    }

    @Test
    void refusesEveryCsrThatAsksForAnythingElse() throws Exception {
        CertificateAuthority authority = open();
        KeyPair keys = TestKeys.ec("secp256r1");
        String uri = WEB.uri();
        GeneralName own = new GeneralName(GeneralName.uniformResourceIdentifier, uri);
        GeneralName dns = new GeneralName(GeneralName.dNSName, "admin.example.com");
        String valid = TestKeys.csr(keys, uri);

        for (String csr :
                List.of(
                        TestKeys.csr(keys, "spiffe://cluster.local/ns/blog/sa/admin"),
                        TestKeys.csr(keys, "spiffe://other.domain/ns/blog/sa/web"),
                        TestKeys.csr(keys, uri, uri),
                        TestKeys.csr(keys, uri + "\0.evil"),
                        TestKeys.csr(keys, uri.toUpperCase()),
                        TestKeys.csr(keys, keys, "SHA256withECDSA", List.of(own, dns)),
                        TestKeys.csr(keys, keys, "SHA256withECDSA", List.of(dns)),
                        TestKeys.csr(keys, keys, "SHA1withECDSA", List.of(own)),
                        TestKeys.csr(
                                keys, TestKeys.ec("secp256r1"), "SHA256withECDSA", List.of(own)),
                        TestKeys.csr(TestKeys.ec("secp384r1"), uri),
                        TestKeys.csr(TestKeys.rsa(1024), uri),
                        valid.replace("A", "B"),
                        valid.substring(0, valid.length() / 2),
                        "",
                        "x".repeat(20_000))) {
            assertThatThrownBy(() -> authority.issue(csr, WEB, "test"))
                    .as(csr)
                    .isInstanceOf(CsrRefused.class)
                    .hasMessageContaining("csr: ");
        }
        assertThat(authority.issuedCount()).isZero();
        assertThatCode(() -> authority.issue(valid, WEB, "test")).doesNotThrowAnyException();
        assertThatCode(() -> authority.issue(TestKeys.csr(TestKeys.rsa(2048), uri), WEB, "test"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() ->
                        authority.issue(valid, new SpiffeId("other.domain", "blog", "web"), "test"))
                .isInstanceOf(CsrRefused.class);
    }

    @Test
    void keepsItsKeysInFilesThatOnlyTheOwnerReads() throws Exception {
        CertificateAuthority first = open();
        assertThat(open().trustBundlePem()).isEqualTo(first.trustBundlePem());
        try (Stream<Path> files = Files.list(directory.resolve("state/ca"))) {
            assertThat(files)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("authority.json", ".lock");
        }
        try (Stream<Path> files = Files.list(directory.resolve("state/ca"))) {
            assertThat(files)
                    .allSatisfy(file ->
                            assertThat(Files.getPosixFilePermissions(file))
                                    .isEqualTo(PosixFilePermissions.fromString("rw-------")));
        }
        assertThat(Files.getPosixFilePermissions(directory.resolve("state/ca")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void renewsTheIntermediateInTimeAndRefusesToStartWithAnExpiredRoot() {
        CertificateAuthority first = open();
        clock.advance(Duration.ofDays(300));
        CertificateAuthority second = open();
        assertThat(second.expiresAt()).isAfter(first.expiresAt());
        assertThat(second.trustBundlePem()).isEqualTo(first.trustBundlePem());

        clock.advance(Duration.ofDays(3650));
        assertThatThrownBy(this::open)
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("authority.json expired at");
    }

    @Test
    void refusesToStartWithWhatItCannotUse() throws Exception {
        OuterAuthority outer = OuterAuthority.at(clock.now());
        CaSettings.KeyFiles good = outer.files(directory.resolve("outer"), outer.rootPem());
        OuterAuthority another = OuterAuthority.at(clock.now());
        CaSettings.KeyFiles other = another.files(directory.resolve("other"), another.rootPem());

        assertStartFails(
                new CaSettings.KeyFiles(good.chain(), other.key(), good.roots()),
                "does not belong to");
        assertStartFails(
                new CaSettings.KeyFiles(good.chain(), good.key(), other.roots()),
                "does not lead to any of the trust roots");
        assertStartFails(
                new CaSettings.KeyFiles(good.chain(), directory.resolve("none.pem"), good.roots()),
                "none.pem cannot be read (no such file");
        Files.writeString(directory.resolve("rubbish.pem"), "rubbish");
        assertStartFails(
                new CaSettings.KeyFiles(directory.resolve("rubbish.pem"), good.key(), good.roots()),
                "none found");
        Files.writeString(directory.resolve("half.pem"), "half a fi");
        assertStartFails(
                new CaSettings.KeyFiles(good.chain(), directory.resolve("half.pem"), good.roots()),
                "half.pem cannot be read");
        assertThatCode(() -> open(with(good))).doesNotThrowAnyException();

        OuterAuthority later = OuterAuthority.at(clock.now().plus(Duration.ofDays(1)));
        assertStartFails(
                later.files(directory.resolve("later"), later.rootPem()), "is valid only from");
        clock.advance(Duration.ofDays(4000));
        assertStartFails(good, "expired at");
    }

    @Test
    void aDocumentThatACrashCutShortIsNeverReplacedByAnotherAuthority() throws Exception {
        String before = open().trustBundlePem();
        Path document = directory.resolve("state/ca/authority.json");
        byte[] whole = Files.readAllBytes(document);
        for (int length = 0; length < whole.length; length++) {
            // A crash while the next one is written leaves this beside the document.
            Path next = directory.resolve("state/ca/.authority.json123.new");
            Files.write(next, Arrays.copyOf(whole, length));
            if (length % 97 == 0) {
                assertThat(open().trustBundlePem()).isEqualTo(before);
            }
            // A disk that lost the end of it: refused with the reason, and left as it is.
            Files.write(document, Arrays.copyOf(whole, length));
            assertThatThrownBy(this::open)
                    .as("cut at %d", length)
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("authority.json cannot be read");
            assertThat(Files.size(document)).isEqualTo(length);
            Files.write(document, whole);
        }
        assertThat(open().trustBundlePem()).isEqualTo(before);
    }

    @Test
    void anUnreadableDirectoryIsTheReasonThatIsTold() throws Exception {
        Path state = directory.resolve("state");
        open();
        Files.delete(state.resolve("ca/authority.json"));
        Files.createDirectory(state.resolve("ca/authority.json"));
        assertThatThrownBy(this::open)
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("authority.json cannot be used");
    }

    private void assertStartFails(CaSettings.KeyFiles files, String message) {
        assertThatThrownBy(() -> open(with(files)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(message);
    }

    private static CaSettings with(CaSettings.KeyFiles files) {
        return new CaSettings(
                SETTINGS.trustDomain(),
                SETTINGS.svidLifetime(),
                SETTINGS.issuesPerMinute(),
                SETTINGS.serverNames(),
                files);
    }

    @Test
    void renewsItsOwnCertificateInTime() {
        CertificateAuthority authority = open();
        ServerCredential first = authority.serverCredential();
        clock.advance(Duration.ofHours(15));
        assertThat(authority.serverCredential()).isSameAs(first);
        clock.advance(Duration.ofHours(2));
        ServerCredential second = authority.serverCredential();
        assertThat(second).isNotSameAs(first);
        assertThat(second.chain().getFirst().getNotAfter())
                .isAfter(first.chain().getFirst().getNotAfter());
    }

    @Test
    void aPeerMustShowAnSvidOfThisTrustDomainThatIsValidNow() throws Exception {
        CertificateAuthority authority = open();
        SvidVerifier verifier = new SvidVerifier("cluster.local", authority.roots(), clock::now);
        List<X509Certificate> good =
                chain(
                        authority.issue(
                                TestKeys.csr(TestKeys.ec("secp256r1"), WEB.uri()), WEB, "test"));

        assertThatThrownBy(() -> verifier.verify(List.of(good.getFirst())))
                .as("without its intermediate")
                .isInstanceOf(PeerRefused.class);
        assertThatThrownBy(() -> verifier.verify(good.subList(1, 2)))
                .as("an authority as a leaf")
                .isInstanceOf(PeerRefused.class);
        assertThatThrownBy(() ->
                        new SvidVerifier("other.domain", authority.roots(), clock::now)
                                .verify(good))
                .as("another trust domain")
                .isInstanceOf(PeerRefused.class)
                .hasMessageContaining("trust domain");
        List<X509Certificate> server = authority.serverCredential().chain();
        assertThat(verifier.verify(server)).isEqualTo(authority.serverIdentity());
        List<X509Certificate> long1 = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            long1.add(good.getFirst());
        }
        assertThatThrownBy(() -> verifier.verify(long1)).isInstanceOf(PeerRefused.class);

        clock.advance(Duration.ofMinutes(61));
        assertThatThrownBy(() -> verifier.verify(good)).isInstanceOf(PeerRefused.class);
    }
}
