package io.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandLineTest {

    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: api, namespace: shop}
            spec:
              selector: {app: api}
              ports:
              - {name: http, port: 80, targetPort: 8080}
            """;

    private static final String POLICY =
            """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: only-web, namespace: shop}
            spec:
              selector: {matchLabels: {app: api}}
              rules:
              - from:
                - source: {principals: ["cluster.local/ns/shop/sa/web"]}
              - when:
                - key: request.auth.claims[role]
                  values: [admin]
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: shop}
            spec: {mtls: {mode: STRICT}}
            ---
            apiVersion: security.istio.io/v1
            kind: RequestAuthentication
            metadata: {name: tokens, namespace: shop}
            spec:
              jwtRules: [{issuer: https://auth, jwksUri: https://auth/keys}]
            """;

    private static final String BROKEN =
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: api, namespace: shop}
            spec:
              hosts: [api]
              http:
              - route:
                - destination: {host: api}
                  weight: fifty
            """
                    + "---\n"
                    + SERVICE;

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void saysThatAllIsWell() throws Exception {
        Path file = write("service.yaml", SERVICE);
        assertThat(run("analyze", "--color=false", file.toString())).isZero();
        assertThat(out.toString().strip())
                .isEqualTo("✔ No validation issues found when analyzing " + file + ".");
    }

    @Test
    void fails79WithTheLineOfTheErrorAndItsMend() throws Exception {
        Path file = write("routes.yaml", BROKEN);
        assertThat(run("analyze", "--color=false", file.toString())).isEqualTo(79);
        assertThat(out.toString())
                .contains("Error [IST0106] (VirtualService shop/api " + file + ":9)")
                .contains("Schema validation error: WFT0101, ")
                .contains("mend");
    }

    @Test
    void asJsonItHasIstiosKeysAndDoesNotFail() throws Exception {
        Path file = write("routes.yaml", BROKEN);
        assertThat(run("analyze", "-o", "json", file.toString())).isZero();
        JsonNode finding = JsonMapper.shared().readTree(out.toString()).get(0);
        assertThat(finding.propertyNames())
                .containsExactly(
                        "code", "documentationUrl", "level", "message", "origin", "reference");
        assertThat(finding.path("reference").asString()).isEqualTo(file + ":9");
    }

    @Test
    void asYamlItIsTheSame() throws Exception {
        Path file = write("routes.yaml", BROKEN);
        assertThat(run("analyze", "-o", "yaml", file.toString())).isZero();
        assertThat(out.toString())
                .contains("- code: \"IST0106\"\n")
                .contains("  level: \"Error\"\n");
    }

    @Test
    void suppressesACodeForAResource() throws Exception {
        Path file = write("routes.yaml", BROKEN);
        String routes = "=VirtualService *.shop";
        assertThat(run("analyze", file.toString(), "-S", "IST0106" + routes)).isZero();
        assertThat(run("analyze", file.toString(), "-S", "IST0106=Gateway *.shop")).isEqualTo(79);
    }

    @Test
    void consulsHclFilesOfAFolderAreRead() throws Exception {
        write(
                "splitter.hcl",
                """
                Kind = "service-splitter"
                Name = "web"
                Splits = [{ Weight = 90 }, { Weight = 20 }]
                """);
        assertThat(run("analyze", folder.toString())).isEqualTo(79);
        assertThat(out.toString()).contains("ServiceSplitter").contains("splitter.hcl");
    }

    @Test
    void whatIsNoYamlIsBadData() throws Exception {
        assertThat(run("analyze", write("x.yaml", "a: [1, 2\n").toString())).isEqualTo(65);
    }

    @Test
    void aFileThatIsNotThereIsBadDataInOneLine() {
        assertThat(run("analyze", folder.resolve("nowhere.yaml").toString())).isEqualTo(65);
        assertThat(err.toString()).hasLineCount(1).contains("nowhere.yaml");
    }

    @Test
    void anUnknownCommandIsAWrongCallWithASuggestion() {
        assertThat(run("analize")).isEqualTo(64);
        assertThat(err.toString()).contains("Did you mean: analyze?");
    }

    @Test
    void anUnknownFormatIsAWrongCall() {
        assertThat(run("analyze", "-o", "xml", ".")).isEqualTo(64);
    }

    @Test
    void withoutAControlPlaneStatusIsUnavailable() {
        assertThat(run("status", "--control-plane", "http://127.0.0.1:1")).isEqualTo(69);
        assertThat(err.toString()).hasLineCount(1);
    }

    @Test
    void showsForEachProxyWhetherItIsInSync() throws Exception {
        HttpServer server =
                serve(
                        Map.of(
                                "/api/v1/workloads",
                                """
                                [{"instance":"api-0","namespace":"shop","version":"0.1.0",
                                  "identity":"spiffe://cluster.local/ns/shop/sa/api","connected":true,
                                  "inSync":true,"acknowledgedRevision":"7",
                                  "acknowledgedCommit":"0123456789abcdef","resources":4},
                                 {"instance":"web-0","namespace":"shop","connected":true,"inSync":false,
                                  "acknowledgedRevision":"6","acknowledgedCommit":"","resources":9,
                                  "refusal":{"reason":"no such cluster"}}]
                                """));
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            assertThat(run("proxy-status", "-o", "wide", "--control-plane", url)).isZero();
            assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
                    .containsExactly(
                            "NAME VERSION IDENTITY CONFIG COMMIT RESOURCES REFUSED",
                            "api-0.shop 0.1.0 spiffe://cluster.local/ns/shop/sa/api SYNCED 01234567 4"
                                    + " -",
                            "web-0.shop - - STALE 9 no such cluster");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void explainsWhoIsLetInAndByWhichLine() throws Exception {
        write("service.yaml", SERVICE);
        write("policy.yaml", POLICY);
        assertThat(explain("shop/web")).isZero();
        assertThat(out.toString())
                .contains("100.0 %  api.shop.svc.cluster.local:80")
                .contains("server: STRICT")
                .contains("decision  allowed")
                .contains("AuthorizationPolicy shop/only-web " + folder.resolve("policy.yaml"));
    }

    @Test
    void explainsWhoIsDenied() throws Exception {
        write("service.yaml", SERVICE);
        write("policy.yaml", POLICY);
        assertThat(explain("shop/stranger")).isZero();
        assertThat(out.toString()).contains("decision  denied 403");
    }

    @Test
    void takesTheClaimsOfATokenAsVerifiedWhenOnlyFilesAreAsked() throws Exception {
        write("service.yaml", SERVICE);
        write("policy.yaml", POLICY);
        String claims = "{\"iss\":\"https://auth\",\"sub\":\"ann\",\"role\":\"admin\"}";
        Path token =
                Files.writeString(
                        Files.createTempFile("token", ".jwt"),
                        "e30."
                                + Base64.getUrlEncoder()
                                        .withoutPadding()
                                        .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                                + ".sig\n");
        try {
            assertThat(explain("shop/stranger", "--token", token.toString())).isZero();
            assertThat(out.toString()).contains("assumed").contains("decision  allowed");
        } finally {
            Files.delete(token);
        }
    }

    @Test
    void anExplanationAsJsonNamesTheDecision() throws Exception {
        write("service.yaml", SERVICE);
        write("policy.yaml", POLICY);
        assertThat(explain("shop/web", "-o", "json")).isZero();
        assertThat(
                        JsonMapper.shared()
                                .readTree(out.toString())
                                .path("decision")
                                .path("result")
                                .asString())
                .isEqualTo("ALLOWED");
    }

    private int explain(String from, String... more) {
        String[] args = new String[8 + more.length];
        String[] fixed = {
            "explain", "--from", from, "--to", "api:80", "GET", "/x", folder.toString()
        };
        System.arraycopy(fixed, 0, args, 0, fixed.length);
        System.arraycopy(more, 0, args, fixed.length, more.length);
        return run(args);
    }

    private int run(String... args) {
        CommandLine line = Weft.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    private static HttpServer serve(Map<String, String> documents) throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        documents.forEach((path, document) ->
                server.createContext(
                        path,
                        exchange -> {
                            byte[] body = document.getBytes(StandardCharsets.UTF_8);
                            exchange.sendResponseHeaders(200, body.length);
                            exchange.getResponseBody().write(body);
                            exchange.close();
                        }));
        server.start();
        return server;
    }
}
