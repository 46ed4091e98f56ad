package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.testkit.lab.control.Answer;
import io.weft.testkit.lab.control.ControlApi;
import io.weft.testkit.lab.control.Explanations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sends random requests, asks what would become of them, and compares. */
class ExplainAgreesTest {

    private static final int ROUNDS = 250;
    private static final long SEED = 20260101;
    private static final String ISSUER = "https://auth.example.com";
    static final String TOPOLOGY =
            """
            workloads:
            - {name: blog-frontend, namespace: blog, ports: [{name: http, port: 3000}]}
            - {name: static-files, namespace: blog}
            - {name: user-service, namespace: blog, ports: [{name: http, port: 9090}]}
            - {name: blog-api-v1, namespace: blog, service: blog-api, serviceAccount: blog-api,
               labels: {app: blog-api, version: v1}, ports: [{name: http, port: 8080}]}
            - {name: blog-api-v2, namespace: blog, service: blog-api, serviceAccount: blog-api,
               labels: {app: blog-api, version: v2}, ports: [{name: http, port: 8080}]}
            - {name: curl, namespace: other}
            gateways:
            - {name: istio-ingressgateway, namespace: istio-system, labels: {istio: ingressgateway}, ports: [80, 443]}
            certificates:
            - {name: blog-tls-secret, namespace: istio-system, dnsNames: [blog.example.com]}
            jwtIssuers:
            - {issuer: "https://auth.example.com", jwksUri: "https://auth.example.com/.well-known/jwks.json"}
            """;

    private final Random random = new Random(SEED);

    @Test
    void whatIsExplainedIsWhatHappens() throws IOException {
        try (Lab lab = Lab.start("topology.yaml", TOPOLOGY, policies())) {
            List<String> tokens = tokens(lab);
            List<String> differences = new ArrayList<>();
            int refused = 0;
            for (int i = 0; i < ROUNDS; i++) {
                Sent request = random(tokens);
                Explanations.Answer explained = lab.api().explain(request.order());
                Answer answer = request.to(lab);
                refused += Objects.equals(answer.status(), 200) ? 0 : 1;
                String difference = difference(explained, answer);
                if (difference != null) {
                    differences.add(difference + "\n  " + request.order() + "\n  " + answer);
                }
            }
            assertThat(differences).isEmpty();
            // Neither all nor nothing is refused, or this would prove nothing.
            assertThat(refused).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
        }
    }

    private static final String REWRITES =
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: blog-api, namespace: blog}
            spec:
              hosts: [blog-api]
              http:
              - match: [{uri: {prefix: /old}}]
                rewrite: {uri: /private}
                route: [{destination: {host: blog-api, port: {number: 8080}}}]
              - match: [{uri: {prefix: /marked}}]
                headers: {request: {set: {x-mark: "%REQ(:path)%"}, remove: [x-no]}}
                route: [{destination: {host: blog-api, port: {number: 8080}}}]
              - route: [{destination: {host: blog-api, port: {number: 8080}}}]
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: no-private, namespace: blog}
            spec:
              selector: {matchLabels: {app: blog-api}}
              action: DENY
              rules:
              - to: [{operation: {paths: ["/private*"]}}]
              - when: [{key: "request.headers[x-mark]", values: ["/marked/no"]}]
              - when: [{key: "request.headers[x-no]", values: ["*"]}]
            """;

    @Test
    void theCalleesPoliciesAreExplainedForWhatTheRouteMakesOfTheRequest() throws IOException {
        List<PolicyFile> policies = List.of(new PolicyFile("rewrites.yaml", REWRITES));
        try (Lab lab = Lab.start("topology.yaml", TOPOLOGY, policies)) {
            assertThat(outcome(lab, "/public", "x-a")).isEqualTo(200);
            assertThat(outcome(lab, "/old/1", "x-a")).as("rewritten").isEqualTo(403);
            assertThat(outcome(lab, "/private", "x-a")).isEqualTo(403);
            assertThat(outcome(lab, "/marked/yes", "x-no")).as("x-no is removed").isEqualTo(200);
            assertThat(outcome(lab, "/marked/no", "x-a")).as("x-mark is set").isEqualTo(403);
            assertThat(outcome(lab, "/public", "x-no")).isEqualTo(403);
        }
    }

    /** The status that was seen, which is also the one that was explained. */
    private static int outcome(Lab lab, String path, String header) {
        Sent request =
                Sent.from("blog-frontend.blog", "blog-api.blog", 8080)
                        .as("GET", path)
                        .with(List.of(List.of(header, "1")));
        Explanations.Answer explained = lab.api().explain(request.order());
        Answer answer = request.to(lab);
        assertThat(difference(explained, answer)).as(path).isNull();
        return Objects.requireNonNull(answer.status());
    }

    private static @org.jspecify.annotations.Nullable String difference(
            Explanations.Answer explained, Answer answer) {
        Integer status = explained.status() == 0 ? null : explained.status();
        if (!Objects.equals(status, answer.status())) {
            return "status: explained " + status + ", was " + answer.status();
        }
        boolean refused = answer.status() == null || answer.status() != 200;
        return refused && !Objects.equals(explained.decidedBy(), answer.decidedBy())
                ? "decided by: explained " + explained.decidedBy() + ", was " + answer.decidedBy()
                : null;
    }

    private Sent random(List<String> tokens) {
        String caller = one("blog-frontend.blog", "static-files.blog", "curl.other", "outside");
        String path =
                one(
                        "/",
                        "/api/v1/articles",
                        "/api/v1/articles/7?full=1",
                        "/api/v1/articlesX",
                        "/api/v1/users",
                        "/api/users/3",
                        "/static/site.css",
                        "/api/v1/../v1/articles",
                        "/api//v1/articles",
                        "/api/v1/%61rticles");
        String method = one("GET", "POST", "PUT", "DELETE", "HEAD");
        Sent request;
        if (caller.equals("outside")) {
            boolean secure = random.nextBoolean();
            String host = one("blog.example.com", "other.example.com");
            request = Sent.from(caller, host, secure ? 443 : 80);
            // The certificate's server only takes its own name.
            request = secure ? Sent.from(caller, "blog.example.com", 443).tls(null) : request;
        } else {
            String service = one("blog-api:8080", "user-service:9090", "static-files:80");
            int colon = service.indexOf(':');
            String host = service.substring(0, colon) + one(".blog", ".blog.svc.cluster.local");
            request = Sent.from(caller, host, Integer.parseInt(service.substring(colon + 1)));
            request = random.nextInt(5) == 0 ? request.direct() : request;
        }
        List<List<String>> headers = new ArrayList<>();
        if (random.nextBoolean()) {
            headers.add(
                    List.of(
                            "authorization",
                            "Bearer " + tokens.get(random.nextInt(tokens.size()))));
        }
        if (random.nextInt(3) == 0) {
            headers.add(List.of("canary", one("true", "false")));
        }
        return request.as(method, path).with(headers);
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static List<String> tokens(Lab lab) {
        return List.of(
                token(lab, "blog-api", Map.of("role", "admin"), 3600),
                token(lab, "blog-api", Map.of("role", "reader"), 3600),
                token(lab, "another", Map.of("role", "admin"), 3600),
                token(lab, "blog-api", Map.of("role", List.of("editor", "reader")), 3600),
                token(lab, "blog-api", Map.of("role", "admin"), -100),
                "not.a.token");
    }

    private static String token(
            Lab lab, String audience, Map<String, Object> claims, long seconds) {
        return Objects.requireNonNull(
                lab.api()
                        .token(
                                new ControlApi.TokenOrder(
                                        ISSUER, "ann", audience, Map.copyOf(claims), seconds, null))
                        .get("token"));
    }

    private static List<PolicyFile> policies() throws IOException {
        List<PolicyFile> files = new ArrayList<>();
        for (String name : List.of("seed-security.yaml", "seed-traffic.yaml")) {
            try (InputStream in = ExplainAgreesTest.class.getResourceAsStream(name)) {
                byte[] text = Objects.requireNonNull(in, name).readAllBytes();
                files.add(new PolicyFile(name, new String(text, StandardCharsets.UTF_8)));
            }
        }
        return files;
    }
}
