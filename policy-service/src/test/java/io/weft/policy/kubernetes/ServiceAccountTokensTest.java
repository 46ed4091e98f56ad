package io.weft.policy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.Secret;
import io.weft.model.wire.JoinRequest;
import io.weft.policy.join.JoinRefused;
import io.weft.policy.join.WorkloadAttestor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceAccountTokensTest {

    private static final String WEB = "system:serviceaccount:blog:web";

    private TestCluster cluster;
    private ServiceAccountTokens tokens;

    @BeforeEach
    void start() {
        cluster = new TestCluster();
        tokens = new ServiceAccountTokens(cluster.client, "cluster.local", "weft-ca");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static JoinRequest claim(Secret token, String namespace, String account) {
        return new JoinRequest(token, namespace, account, "csr");
    }

    @Test
    void aTokenForThisAudienceProvesItsServiceAccountAgainAndAgain() throws Exception {
        JoinRequest request = claim(cluster.tokenOf("blog", "web"), "blog", "web");
        assertThat(tokens.handles(request)).isTrue();
        for (int i = 0; i < 2; i++) {
            WorkloadAttestor.Proof proof = tokens.attest(request);
            proof.redeem();
            assertThat(proof.identity().uri()).isEqualTo("spiffe://cluster.local/ns/blog/sa/web");
            assertThat(proof.describe())
                    .isEqualTo("kubernetes-token/uid-1")
                    .doesNotContain(request.token().reveal());
        }
    }

    @Test
    void aTokenProvesNothingElse() {
        assertRefused(cluster.token(WEB, "weft-ca", false), "blog", "web", "not authenticated");
        assertRefused(cluster.token(WEB, "vault", true), "blog", "web", "not authenticated");
        assertRefused(
                new Secret("eyJ.never.issued"), "blog", "web", "not authenticated");
        Secret good = cluster.tokenOf("blog", "web");
        assertRefused(good, "blog", "admin", "another identity");
        assertRefused(good, "shop", "web", "another identity");
        assertRefused(
                cluster.token("blog:web", "weft-ca", true), "blog", "web", "another identity");
        assertRefused(
                cluster.token("system:serviceaccount:blog:web:x", "weft-ca", true),
                "blog",
                "web",
                "another identity");
    }

    @Test
    void anAnswerThatDoesNotNameTheAudienceIsNotEnough() {
        // As of an authenticator that ignores audiences: any pod's token would do.
        cluster.server.clearExpectations();
        cluster.server
                .expect()
                .post()
                .withPath(TestCluster.REVIEWS)
                .andReturn(
                        201,
                        "{\"kind\":\"TokenReview\",\"apiVersion\":\"authentication.k8s.io/v1\","
                                + "\"status\":{\"authenticated\":true,\"user\":{\"username\":\""
                                + WEB
                                + "\"}}}")
                .always();
        assertRefused(new Secret("eyJ.any.one"), "blog", "web", "expected: weft-ca");
    }

    @Test
    void anApiServerThatCannotBeAskedRefuses() {
        cluster.server.clearExpectations();
        cluster.server
                .expect()
                .post()
                .withPath(TestCluster.REVIEWS)
                .andReturn(503, "")
                .always();
        assertRefused(new Secret("eyJ.any.one"), "blog", "web", "cannot be asked");
    }

    @Test
    void joinTokensAreForOthersToCheck() {
        assertThat(tokens.handles(claim(new Secret("weft.abc.def"), "blog", "web"))).isFalse();
        assertThat(tokens.handles(claim(new Secret(""), "blog", "web"))).isFalse();
    }

    private void assertRefused(Secret token, String namespace, String account, String reason) {
        assertThatThrownBy(() -> tokens.attest(claim(token, namespace, account)))
                .isInstanceOf(JoinRefused.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining(token.reveal());
    }
}
