package io.weft.policy.kubernetes;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.weft.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An API server on loopback: what is created is listed and watched, and tokens are reviewed as the
 * real one does: authenticated only when valid and made for one of the audiences that are asked for.
 */
final class TestCluster implements AutoCloseable {

    static final String REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews";

    final KubernetesMockServer server;
    final KubernetesClient client;
    private final Map<String, Account> tokens = new ConcurrentHashMap<>();
    private final KubernetesSerialization json = new KubernetesSerialization();

    TestCluster() {
        Map<ServerRequest, Queue<ServerResponse>> expectations = new ConcurrentHashMap<>();
        server =
                new KubernetesMockServer(
                        new Context(),
                        new MockWebServer(),
                        expectations,
                        new KubernetesMixedDispatcher(expectations),
                        false);
        server.init();
        server.expect().post().withPath(REVIEWS).andReply(201, this::review).always();
        client = server.createClient();
    }

    /** A projected token of a ServiceAccount, made for an audience. */
    Secret token(String user, String audience, boolean valid) {
        String token = "eyJhbGciOiJSUzI1NiJ9." + tokens.size() + ".c2lnbmF0dXJl";
        tokens.put(token, new Account(user, audience, valid));
        return new Secret(token);
    }

    Secret tokenOf(String namespace, String account) {
        return token("system:serviceaccount:" + namespace + ":" + account, "weft-ca", true);
    }

    private String review(RecordedRequest request) {
        TokenReview asked = json.unmarshal(request.getUtf8Body(), TokenReview.class);
        Account account = tokens.get(asked.getSpec().getToken());
        List<String> audiences = asked.getSpec().getAudiences();
        boolean good =
                account != null && account.valid() && audiences.contains(account.audience());
        TokenReviewBuilder answer = new TokenReviewBuilder(asked);
        if (good) {
            answer.withNewStatus()
                    .withAuthenticated(true)
                    .withAudiences(account.audience())
                    .withNewUser()
                    .withUsername(account.user())
                    .withUid("uid-1")
                    .endUser()
                    .endStatus();
        } else {
            answer.withNewStatus()
                    .withAuthenticated(false)
                    .withError("token is expired or its audience is invalid")
                    .endStatus();
        }
        return json.asJson(answer.build());
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }

    private record Account(String user, String audience, boolean valid) {}
}
