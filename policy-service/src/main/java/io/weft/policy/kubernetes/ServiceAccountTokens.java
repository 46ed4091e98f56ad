package io.weft.policy.kubernetes;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.weft.model.SpiffeId;
import io.weft.model.wire.JoinRequest;
import io.weft.policy.join.JoinRefused;
import io.weft.policy.join.WorkloadAttestor;
import java.util.List;

/**
 * Projected ServiceAccount tokens, checked by the API server's TokenReview. The audience is bound:
 * a token that was made for another purpose proves nothing here. Thread-safe.
 */
final class ServiceAccountTokens implements WorkloadAttestor {

    private static final String USER = "system:serviceaccount:";
    private static final int PARTS = 3;

    /** Whoever joins waits, and asks again by itself. */
    private static final RequestConfig WITHOUT_PATIENCE =
            new RequestConfigBuilder()
                    .withRequestTimeout(5_000)
                    .withRequestRetryBackoffLimit(1)
                    .build();

    private final KubernetesClient client;
    private final String trustDomain;
    private final String audience;

    ServiceAccountTokens(KubernetesClient client, String trustDomain, String audience) {
        this.client = client;
        this.trustDomain = trustDomain;
        this.audience = audience;
    }

    /** A JWT in compact form; whether it is a good one is for the API server to say. */
    @Override
    public boolean handles(JoinRequest request) {
        String token = request.token().reveal();
        return token.startsWith("ey") && token.split("\\.", -1).length == PARTS;
    }

    @Override
    public Proof attest(JoinRequest request) throws JoinRefused {
        TokenReviewStatus status = review(request.token().reveal()).getStatus();
        if (status == null || !Boolean.TRUE.equals(status.getAuthenticated())) {
            throw new JoinRefused("ServiceAccount token: not authenticated by the API server");
        }
        List<String> audiences = status.getAudiences();
        if (audiences == null || !audiences.contains(audience)) {
            throw new JoinRefused(
                    "ServiceAccount token: audiences " + audiences + " (expected: " + audience + ")");
        }
        String user = String.valueOf(status.getUser().getUsername());
        String expected = USER + request.namespace() + ":" + request.serviceAccount();
        if (!user.equals(expected)) {
            throw new JoinRefused(
                    "ServiceAccount token: of another identity than the one that is claimed");
        }
        try {
            return new TokenProof(
                    new SpiffeId(trustDomain, request.namespace(), request.serviceAccount()),
                    String.valueOf(status.getUser().getUid()));
        } catch (IllegalArgumentException e) {
            throw new JoinRefused(String.valueOf(e.getMessage()));
        }
    }

    private TokenReview review(String token) throws JoinRefused {
        TokenReview asked =
                new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(audience)
                        .endSpec()
                        .build();
        try {
            return client.adapt(NamespacedKubernetesClient.class)
                    .withRequestConfig(WITHOUT_PATIENCE)
                    .call(one -> one.tokenReviews().create(asked));
        } catch (KubernetesClientException e) {
            throw new JoinRefused(
                    "ServiceAccount token: the API server cannot be asked: " + e.getMessage());
        }
    }

    /** The token lives as long as it lives: nothing is used up. */
    private record TokenProof(SpiffeId identity, String uid) implements Proof {

        @Override
        public String describe() {
            return "kubernetes-token/" + uid;
        }

        @Override
        public void redeem() {
            // a projected token may be shown again, after a restart for example
        }
    }
}
