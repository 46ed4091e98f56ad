package io.weft.blog.launcher;

import io.weft.testkit.junit.Mesh;
import io.weft.testkit.junit.MeshTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The blog's own policies, tried over real sidecars with mutual TLS in this process: what {@code
 * docs/testkit.md} shows.
 */
@MeshTest(
        topology =
                """
                workloads:
                - {name: blog-frontend, namespace: blog, ports: [{name: http, port: 3000}]}
                - {name: blog-api-v1, namespace: blog, service: blog-api, serviceAccount: blog-api,
                   labels: {app: blog-api, version: v1}, ports: [{name: http, port: 8080}]}
                - {name: blog-api-v2, namespace: blog, service: blog-api, serviceAccount: blog-api,
                   labels: {app: blog-api, version: v2}, ports: [{name: http, port: 8080}]}
                - {name: stranger, namespace: elsewhere}
                jwtIssuers:
                - {issuer: "https://auth.example.com", jwksUri: "https://auth.example.com/.well-known/jwks.json"}
                """,
        resources = "/samples/istio/mesh/istio-security.yaml")
class BlogPoliciesTest {

    private static final String ISSUER = "https://auth.example.com";

    @Test
    void everybodyOfTheMeshMayRead(Mesh mesh) {
        mesh.request("stranger.elsewhere", "blog-api.blog:8080")
                .get("/api/v1/articles")
                .expectStatus(200)
                .expectDecidedBy("AuthorizationPolicy blog/jwt-authz");
    }

    @Test
    void onlyWhoMayEditDeletes(Mesh mesh) {
        String reader = mesh.token(ISSUER, "bob", Map.of("role", "reader", "aud", "blog-api"));
        String editor = mesh.token(ISSUER, "ann", Map.of("role", "editor", "aud", "blog-api"));
        mesh.request("stranger.elsewhere", "blog-api.blog:8080")
                .method("DELETE", "/api/v1/articles/1")
                .bearer(reader)
                .expectStatus(403);
        mesh.request("stranger.elsewhere", "blog-api.blog:8080")
                .method("DELETE", "/api/v1/articles/1")
                .bearer(editor)
                .expectStatus(200);
    }

    @Test
    void nobodyGetsInWithoutMutualTls(Mesh mesh) {
        mesh.request("blog-frontend.blog", "blog-api:8080").direct().expectNoAnswer();
    }
}
