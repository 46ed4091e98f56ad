package io.weft.policy.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.policy.ca.Pem;
import io.weft.policy.server.PolicyServer;
import io.weft.policy.server.PolicyServerSettings;
import io.weft.policy.state.StateDirectory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes of two trust domains that fetch each other's bundle. */
@Timeout(60)
class FederationTest {

    @TempDir Path directory;
    private volatile Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> Instant.now().plus(ahead);
    private PolicyServer partner;

    @BeforeEach
    void startPartner() {
        partner =
                PolicyServer.start(
                        PolicyServerSettings.in(directory.resolve("partner"))
                                .mesh("partner.example", "istio-system")
                                .clock(clock));
    }

    @AfterEach
    void stop() {
        partner.close();
    }

    private ForeignDomain overSpiffe(String endpoint) throws Exception {
        Path first = directory.resolve("partner.json");
        if (!Files.exists(first)) {
            Files.writeString(first, partner.spiffeBundle());
        }
        return new ForeignDomain(
                "partner.example",
                first,
                URI.create("https://127.0.0.1:" + partner.joinPort() + "/v1/bundle"),
                endpoint);
    }

    private ForeignBundles bundles(ForeignDomain domain) throws Exception {
        return new ForeignBundles(
                List.of(domain),
                StateDirectory.open(directory.resolve("ours")),
                clock,
                SSLContext.getDefault());
    }

    @Test
    void aBundleIsFetchedFollowedAndKeptThroughAnOutage() throws Exception {
        ForeignDomain domain =
                overSpiffe("spiffe://partner.example/ns/weft-system/sa/policy-service");
        ForeignBundles ours = bundles(domain);
        assertThat(ours.pem()).isEmpty();
        assertThat(ours.refresh()).isTrue();
        assertThat(ours.pem())
                .containsEntry("partner.example", partner.authority().trustBundlePem());
        assertThat(ours.refresh()).as("nothing is due").isFalse();

        partner.authority().changes().announce();
        ahead = Duration.ofMinutes(6);
        assertThat(ours.refresh()).as("within the refresh hint").isTrue();
        assertThat(Pem.readCertificates(ours.pem().get("partner.example"))).hasSize(2);

        String before = ours.pem().get("partner.example");
        partner.close();
        ahead = Duration.ofMinutes(12);
        assertThat(ours.refresh()).isFalse();
        assertThat(ours.pem()).containsEntry("partner.example", before);
        assertThat(ours.status().getFirst().problem()).isNotEmpty();
        assertThat(bundles(domain).pem())
                .as("after a restart")
                .containsEntry("partner.example", before);
    }

    @Test
    void anEndpointThatIsNotWhoItShouldBeIsNotBelieved() throws Exception {
        ForeignBundles ours = bundles(overSpiffe("spiffe://partner.example/ns/other/sa/other"));
        assertThat(ours.refresh()).isFalse();
        assertThat(ours.pem()).isEmpty();
        ForeignBundles web =
                bundles(
                        new ForeignDomain(
                                "partner.example",
                                null,
                                URI.create(
                                        "https://127.0.0.1:" + partner.joinPort() + "/v1/bundle"),
                                null));
        assertThat(web.refresh()).as("no web certificate").isFalse();
        assertThat(web.pem()).isEmpty();
    }

    @Test
    void ourOwnBundleIsNeverReplacedAndTheirsIsToldToWorkloads() throws Exception {
        Path file = Files.writeString(directory.resolve("p.json"), partner.spiffeBundle());
        try (PolicyServer server =
                PolicyServer.start(
                        PolicyServerSettings.in(directory.resolve("server"))
                                .foreignDomains(
                                        List.of(
                                                new ForeignDomain(
                                                        "partner.example", file, null, null),
                                                new ForeignDomain(
                                                        "cluster.local", file, null, null))))) {
            var joined = io.weft.policy.server.TestWorkload.joined(server, "blog", "web", "web-0");
            assertThat(joined.trustBundles())
                    .containsEntry("partner.example", partner.authority().trustBundlePem())
                    .containsEntry("cluster.local", server.authority().trustBundlePem());
            joined.close();
        }
    }

    @Test
    void aDocumentSurvivesTheRoundTripAndRubbishIsRefused() {
        SpiffeBundle bundle = SpiffeBundle.parse(partner.spiffeBundle());
        assertThat(SpiffeBundle.parse(bundle.toJson())).isEqualTo(bundle);
        assertThat(bundle.roots()).isEqualTo(partner.authority().roots());
        for (String rubbish :
                List.of(
                        "",
                        "[]",
                        "{}",
                        "{\"keys\": []}",
                        "{\"keys\": [{\"use\": \"jwt-svid\", \"kty\": \"EC\"}]}",
                        "{\"keys\": [{\"use\": \"x509-svid\"}]}",
                        "{\"keys\": [{\"use\": \"x509-svid\", \"x5c\": [\"AAAA\"]}]}",
                        "{\"keys\": [{\"use\": \"x509-svid\", \"x5c\": [\"?\"]}]}")) {
            assertThatThrownBy(() -> SpiffeBundle.parse(rubbish))
                    .as(rubbish)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("bundle: ");
        }
    }
}
