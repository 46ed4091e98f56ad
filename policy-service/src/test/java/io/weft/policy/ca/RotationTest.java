package io.weft.policy.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.Secret;
import io.weft.model.SpiffeId;
import io.weft.policy.server.TestKeys;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The authority's document: rotation, deny-list, outer authorities, several replicas. */
@Timeout(60)
class RotationTest {

    private static final SpiffeId WEB = new SpiffeId("cluster.local", "blog", "web");
    private static final CaSettings SETTINGS = CaSettings.forTrustDomain("cluster.local");

    @TempDir Path directory;
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private final InstantSource clock = () -> now;

    private CertificateAuthority open() {
        return open(SETTINGS);
    }

    private CertificateAuthority open(CaSettings settings) {
        return CertificateAuthority.open(
                settings, StateDirectory.open(directory.resolve("state")), clock);
    }

    private CertificateAuthority replica(String name) {
        return CertificateAuthority.open(
                SETTINGS.withVault(SharedDirectory.at(directory.resolve("shared"))),
                StateDirectory.open(directory.resolve(name)),
                clock);
    }

    private static List<X509Certificate> issued(CertificateAuthority authority) throws Exception {
        return Pem.readCertificates(
                authority
                        .issue(TestKeys.csr(TestKeys.ec("secp256r1"), WEB.uri()), WEB, "test")
                        .chainPem());
    }

    private SvidVerifier verifier(CertificateAuthority authority) {
        return new SvidVerifier("cluster.local", authority::roots, authority::isDenied, clock);
    }

    @Test
    void everyPhaseTrustsWhatTheOneBeforeHasSigned() throws Exception {
        CertificateAuthority authority = open();
        X509Certificate oldRoot = authority.roots().getFirst();
        List<X509Certificate> byOld = issued(authority);

        authority.changes().announce();
        assertThat(authority.roots()).hasSize(2).first().isEqualTo(oldRoot);
        assertThat(verifier(authority).peer(issued(authority)).root())
                .as("the old one still signs")
                .isEqualTo(ActiveAuthority.fingerprint(oldRoot));

        authority.changes().switchOver();
        assertThat(authority.roots()).hasSize(2).last().isEqualTo(oldRoot);
        List<X509Certificate> byNew = issued(authority);
        assertThat(verifier(authority).peer(byNew).root())
                .isNotEqualTo(ActiveAuthority.fingerprint(oldRoot));
        assertThat(verifier(authority).verify(byOld)).isEqualTo(WEB);
        assertThat(verifier(open()).verify(byOld)).as("after a restart").isEqualTo(WEB);
        assertThat(
                        new SvidVerifier("cluster.local", List.of(oldRoot), clock)
                                .verify(authority.serverCredential().chain()))
                .as("who has pinned the old root still knows the control plane")
                .isEqualTo(authority.serverIdentity());

        authority.changes().retire();
        assertThat(authority.roots()).hasSize(1).doesNotContain(oldRoot);
        assertThat(verifier(authority).verify(byNew)).isEqualTo(WEB);
        assertThatThrownBy(() -> verifier(authority).verify(byOld)).isInstanceOf(PeerRefused.class);
        assertThat(verifier(authority).verify(authority.serverCredential().chain()))
                .isEqualTo(authority.serverIdentity());
    }

    @Test
    void stepsOutOfOrderAreRefusedAndAnAnnouncementCanBeTakenBack() throws Exception {
        CertificateAuthority authority = open();
        String before = authority.trustBundlePem();
        assertThatThrownBy(() -> authority.changes().switchOver())
                .isInstanceOf(AuthorityChanges.NotNow.class)
                .hasMessageContaining("expected: phase ANNOUNCED, is STEADY");
        authority.changes().announce();
        assertThatThrownBy(() -> authority.changes().announce())
                .isInstanceOf(AuthorityChanges.NotNow.class);
        assertThatThrownBy(() -> authority.changes().retire())
                .isInstanceOf(AuthorityChanges.NotNow.class);
        authority.changes().cancel();
        assertThat(authority.trustBundlePem()).isEqualTo(before);
        authority.changes().announce();
        authority.changes().switchOver();
        assertThatThrownBy(() -> authority.changes().cancel())
                .as("what signs cannot be taken back")
                .isInstanceOf(AuthorityChanges.NotNow.class);
    }

    @Test
    void whatIsDeniedGetsNothingAndIsAcceptedByNobody() throws Exception {
        CertificateAuthority authority = open();
        List<X509Certificate> stolen = issued(authority);
        List<X509Certificate> other = issued(authority);
        String serial = stolen.getFirst().getSerialNumber().toString(16);

        authority.changes().deny(serial.toUpperCase(java.util.Locale.ROOT), "stolen laptop");
        assertThatThrownBy(() -> verifier(authority).verify(stolen))
                .isInstanceOf(PeerRefused.class)
                .hasMessageContaining("deny-list");
        assertThat(verifier(authority).verify(other)).isEqualTo(WEB);

        authority.changes().deny(WEB.uri(), "compromised");
        assertThatThrownBy(() -> verifier(authority).verify(other)).isInstanceOf(PeerRefused.class);
        assertThatThrownBy(() -> issued(authority))
                .isInstanceOf(CsrRefused.class)
                .hasMessageContaining("deny-list");
        assertThat(open().denied()).as("after a restart").hasSize(2);

        authority.changes().allow(WEB.uri());
        assertThat(verifier(authority).verify(issued(authority))).isEqualTo(WEB);
        assertThatThrownBy(() -> authority.changes().deny("web", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hexadecimal serial number or a SPIFFE ID");
    }

    @Test
    void replicasThatStartTogetherShareOneAuthority() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Callable<String>> starts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "replica-" + i;
                starts.add(() -> replica(name).trustBundlePem());
            }
            List<String> bundles = new ArrayList<>();
            for (Future<String> each : pool.invokeAll(starts)) {
                bundles.add(each.get());
            }
            assertThat(bundles).hasSize(4);
            assertThat(bundles.stream().distinct()).hasSize(1);
        }
    }

    @Test
    void areplicaFollowsWhatAnotherOneChanges() throws Exception {
        CertificateAuthority one = replica("one");
        CertificateAuthority other = replica("other");
        List<String> told = new ArrayList<>();
        other.onChange(() -> told.add(other.view().phase().name()));
        one.changes().announce();
        other.tick();
        assertThat(told).containsExactly("ANNOUNCED");
        assertThat(other.trustBundlePem()).isEqualTo(one.trustBundlePem());
        // It decides on what holds now, not on what it had read.
        one.changes().switchOver();
        assertThatThrownBy(() -> other.changes().switchOver())
                .isInstanceOf(AuthorityChanges.NotNow.class);
        other.changes().deny("ab12", "by the other");
        one.tick();
        assertThat(one.denied()).extracting(Denial::subject).containsExactly("ab12");
        assertThat(verifier(one).verify(issued(other))).isEqualTo(WEB);
    }

    @Test
    void anUnreadableDocumentLeavesTheLastGoodAuthorityInUse() throws Exception {
        CertificateAuthority authority = open();
        Path document = directory.resolve("state/ca/authority.json");
        String good = Files.readString(document);
        Files.writeString(document, good.substring(0, 100));
        authority.tick();
        assertThat(authority.problem()).contains("authority.json", "not readable");
        assertThat(verifier(authority).verify(issued(authority))).isEqualTo(WEB);
        assertThatThrownBy(() -> authority.changes().announce()).isInstanceOf(IOException.class);
        Files.writeString(document, good);
        authority.tick();
        assertThat(authority.problem()).isEmpty();
    }

    @Test
    void anIntermediateIsRenewedWhileServing() throws Exception {
        CertificateAuthority authority = open();
        Instant before = authority.expiresAt();
        List<X509Certificate> old = issued(authority);
        now = now.plus(Duration.ofDays(250));
        authority.tick();
        assertThat(authority.expiresAt()).isAfter(before);
        assertThat(issued(authority).get(1)).isNotEqualTo(old.get(1));
        assertThat(verifier(authority).verify(issued(authority))).isEqualTo(WEB);
    }

    @Test
    void aClockThatWasSetBackBringsNoCertificates() {
        CertificateAuthority authority = open();
        now = Instant.parse("2026-11-20T12:00:00Z");
        assertThatThrownBy(() -> issued(authority))
                .isInstanceOf(CsrRefused.class)
                .hasMessageContaining("valid only from");
        now = Instant.parse("2046-11-20T12:00:00Z");
        assertThatThrownBy(() -> issued(authority))
                .isInstanceOf(CsrRefused.class)
                .hasMessageContaining("expired at");
    }

    @Test
    void aKeyStoreIsAnAuthority() throws Exception {
        OuterAuthority outer = OuterAuthority.at(now);
        Path store = outer.keyStore(directory.resolve("ca.p12"), "changeit");
        CertificateAuthority authority = open(with(store, "changeit"));
        assertThat(authority.trustBundlePem()).isEqualTo(outer.rootPem());
        assertThat(verifier(authority).verify(issued(authority))).isEqualTo(WEB);
        assertThatThrownBy(() -> open(with(store, "wrong")))
                .hasMessageContaining("ca.p12 cannot be read")
                .hasMessageNotContaining("wrong\"");
    }

    private static CaSettings with(Path store, String password) {
        return new CaSettings(
                SETTINGS.trustDomain(),
                SETTINGS.svidLifetime(),
                SETTINGS.issuesPerMinute(),
                SETTINGS.serverNames(),
                new CaSettings.KeyStoreFile(store, new Secret(password), null));
    }

    @Test
    void anotherSuppliedAuthorityIsAnnouncedAndNotSwitchedTo() throws Exception {
        String own = open().trustBundlePem();
        OuterAuthority outer = OuterAuthority.at(now);
        Path store = outer.keyStore(directory.resolve("ca.p12"), "changeit");
        CertificateAuthority authority = open(with(store, "changeit"));
        assertThat(authority.view().phase()).isEqualTo(RotationPhase.ANNOUNCED);
        assertThat(authority.trustBundlePem()).isEqualTo(own + outer.rootPem());
        assertThat(Pem.certificates(List.of(authority.roots().getFirst()))).isEqualTo(own);
        open(with(store, "changeit")).changes().switchOver();
        assertThat(open(with(store, "changeit")).view().phase()).isEqualTo(RotationPhase.SWITCHED);
    }

    @Test
    void anOuterAuthoritySignsARequestWhoseKeyStaysHere() throws Exception {
        CertificateAuthority authority = open();
        OuterAuthority outer = OuterAuthority.at(now);
        assertThatThrownBy(() -> authority.changes().take("", outer.rootPem()))
                .hasMessageContaining("nothing was asked for");
        String csr = authority.changes().request();
        String signed = outer.sign(csr, now);
        assertThatThrownBy(() -> authority.changes().take(signed, authority.trustBundlePem()))
                .hasMessageContaining("does not lead to any of the trust roots");
        authority.changes().take(signed, outer.rootPem());
        assertThat(authority.view().phase()).isEqualTo(RotationPhase.ANNOUNCED);
        authority.changes().switchOver();
        authority.changes().retire();
        assertThat(authority.trustBundlePem()).isEqualTo(outer.rootPem());
        assertThat(verifier(authority).verify(issued(authority))).isEqualTo(WEB);

        // Its next intermediate, of the same root, needs no rotation.
        String next = outer.sign(authority.changes().request(), now);
        authority.changes().take(next, outer.rootPem());
        assertThat(authority.view().phase()).isEqualTo(RotationPhase.STEADY);
        assertThat(Pem.certificates(issued(authority).subList(1, 2))).isEqualTo(next);
    }

    @Test
    void theSameRootsVouchForAliases() {
        CertificateAuthority authority = open(SETTINGS.withAliases(List.of("old.example")));
        assertThat(authority.trustBundles())
                .containsOnlyKeys("cluster.local", "old.example")
                .containsValue(authority.trustBundlePem());
    }
}
