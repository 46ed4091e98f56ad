package io.weft.testkit.workloadapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.epoll.Epoll;
import io.spiffe.bundle.jwtbundle.JwtBundleSet;
import io.spiffe.exception.JwtSvidException;
import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import io.spiffe.svid.jwtsvid.JwtSvid;
import io.spiffe.svid.x509svid.X509Svid;
import io.spiffe.svid.x509svid.X509SvidValidator;
import io.spiffe.workloadapi.DefaultWorkloadApiClient;
import io.spiffe.workloadapi.DefaultX509Source;
import io.spiffe.workloadapi.WorkloadApiClient;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Workload API through the library java-spiffe. */
@Timeout(120)
class JavaSpiffeTest {

    private static final TrustDomain DOMAIN = TrustDomain.parse("cluster.local");

    @TempDir Path directory;

    @BeforeEach
    void needsEpoll() {
        Assumptions.assumeTrue(Epoll.isAvailable(), "epoll is not available");
    }

    private WorkloadApiClient client(JoinedWorkload workload) throws Exception {
        return DefaultWorkloadApiClient.newClient(
                DefaultWorkloadApiClient.ClientOptions.builder()
                        .spiffeSocketPath("unix:" + workload.socket)
                        .build());
    }

    @Test
    void aWorkloadGetsItsCertificateAndSeesEveryRotation() throws Exception {
        try (JoinedWorkload workload = new JoinedWorkload(directory);
                DefaultX509Source source =
                        DefaultX509Source.newSource(
                                DefaultX509Source.X509SourceOptions.builder()
                                        .spiffeSocketPath("unix:" + workload.socket)
                                        .build())) {
            X509Svid first = source.getX509Svid();
            assertThat(first.getSpiffeId()).isEqualTo(SpiffeId.parse(JoinedWorkload.ID));
            assertThat(first.getLeaf()).isEqualTo(workload.proxy.tls().svid().leaf());
            assertThat(first.getPrivateKey()).isEqualTo(workload.proxy.tls().svid().key());
            X509SvidValidator.verifyChain(first.getChain(), source);

            workload.rotate();
            JoinedWorkload.await(
                    "another certificate",
                    () -> !source.getX509Svid().getLeaf().equals(first.getLeaf()));
            X509Certificate second = source.getX509Svid().getLeaf();
            assertThat(second.getNotAfter()).isAfter(first.getLeaf().getNotAfter());

            workload.announceRoot();
            JoinedWorkload.await("both roots", () -> roots(source) == 2);
        }
    }

    private static int roots(DefaultX509Source source) {
        try {
            return source.getBundleForTrustDomain(DOMAIN).getX509Authorities().size();
        } catch (io.spiffe.exception.BundleNotFoundException e) {
            return 0;
        }
    }

    @Test
    void aWorkloadGetsTokensThatOthersVerify() throws Exception {
        try (JoinedWorkload workload = new JoinedWorkload(directory);
                WorkloadApiClient client = client(workload)) {
            JwtSvid token = client.fetchJwtSvid("billing", "audit");
            assertThat(token.getSpiffeId()).isEqualTo(SpiffeId.parse(JoinedWorkload.ID));
            assertThat(token.getAudience()).containsExactlyInAnyOrder("billing", "audit");

            JwtBundleSet bundles = client.fetchJwtBundles();
            JwtSvid.parseAndValidate(token.getToken(), bundles, Set.of("billing"));
            JwtSvid validated = client.validateJwtSvid(token.getToken(), "audit");
            assertThat(validated.getClaims()).containsEntry("sub", JoinedWorkload.ID);

            assertThat(client.fetchJwtSvid("billing", "audit").getToken())
                    .as("kept while it is young")
                    .isEqualTo(token.getToken());
            assertThat(
                            client.fetchX509Bundles()
                                    .getBundleForTrustDomain(DOMAIN)
                                    .getX509Authorities())
                    .hasSize(1);
            refusesBadTokens(workload, client, token.getToken());
        }
    }

    private static void refusesBadTokens(
            JoinedWorkload workload, WorkloadApiClient client, String token) throws Exception {
        String[] parts = token.split("\\.");
        char last = parts[2].charAt(10);
        String forged =
                token.substring(0, token.length() - parts[2].length() + 10)
                        + (last == 'A' ? 'B' : 'A')
                        + parts[2].substring(11);
        for (List<String> bad :
                List.of(
                        List.of(token, "somebody else"),
                        List.of(forged, "billing"),
                        List.of(parts[0] + "." + parts[1] + ".", "billing"),
                        List.of("rubbish", "billing"))) {
            assertThatThrownBy(() -> client.validateJwtSvid(bad.get(0), bad.get(1)))
                    .as("%s for %s", bad.get(0), bad.get(1))
                    .isInstanceOf(JwtSvidException.class);
        }
        assertThatThrownBy(() ->
                        client.fetchJwtSvid(
                                SpiffeId.parse("spiffe://cluster.local/ns/blog/sa/web"), "billing"))
                .as("a token of another identity")
                .isInstanceOf(JwtSvidException.class);
        workload.control.authority().changes().deny(JoinedWorkload.ID, "stolen");
        JoinedWorkload.await(
                "the deny-list",
                () -> workload.proxy.tls().trust().denied().contains(JoinedWorkload.ID));
        assertThatThrownBy(() -> client.validateJwtSvid(token, "billing"))
                .as("a token of an identity that is denied")
                .isInstanceOf(JwtSvidException.class);
    }
}
