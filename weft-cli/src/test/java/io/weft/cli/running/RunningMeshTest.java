package io.weft.cli.running;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.running.RunningMesh.Ran;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class RunningMeshTest {

    private static final String HOST = "api.shop.svc.cluster.local";

    @TempDir static Path directory;
    private static RunningMesh mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = RunningMesh.start(directory);
        RunningMesh.eventually("all proxies are in sync", () -> mesh.weft("check").code() == 0);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    private static JsonNode json(Ran ran) {
        return JsonMapper.shared().readTree(ran.out());
    }

    @Test
    void proxyStatusNamesEachProxyWithItsVersionAndWhatItHasAskedFor() {
        Ran ran = mesh.weft("proxy-status");
        assertThat(ran.code()).isZero();
        assertThat(ran.titles())
                .containsExactly("NAME", "CLUSTER", "ISTIOD", "VERSION", "SUBSCRIBED TYPES");
        assertThat(ran.lines()).hasSize(3);
        assertThat(ran.lines().get(1))
                .matches("api-0\\.shop Kubernetes \\S+ 0\\.\\S+ 2 \\(LDS,SDS\\)");
        assertThat(ran.lines().get(2))
                .matches("web-0\\.shop Kubernetes \\S+ 0\\.\\S+ 5 \\(CDS,EDS,LDS,RDS,SDS\\)");
    }

    @Test
    void proxyStatusTellsForEachKindHowFarItHasCome() {
        assertThat(mesh.weft("proxy-status", "--verbosity=much").code()).isEqualTo(64);
        Ran ran = mesh.weft("proxy-status", "-v", "web-0.shop");
        assertThat(ran.titles())
                .containsExactly(
                        "NAME", "CLUSTER", "CDS", "EDS", "LDS", "RDS", "SDS", "ISTIOD", "VERSION");
        assertThat(ran.lines().get(1)).contains("SYNCED SYNCED SYNCED SYNCED SYNCED");
        assertThat(mesh.weft("ps", "-o", "wide").out())
                .contains("spiffe://cluster.local/ns/shop/sa/web");
        assertThat(mesh.weft("ps", "-o", "yaml").out()).contains("- instance: \"api-0\"");
        assertThat(mesh.weft("ps", "nobody").code()).isEqualTo(65);
        assertThat(mesh.weft("ps", "-o", "xml").code()).isEqualTo(64);
    }

    @Test
    void clustersNameTheirDestinationRule() {
        Ran ran = mesh.weft("proxy-config", "cluster", "deploy/web", "-n", "shop");
        assertThat(ran.titles())
                .containsExactly(
                        "SERVICE FQDN", "PORT", "SUBSET", "DIRECTION", "TYPE", "DESTINATION RULE");
        assertThat(ran.lines())
                .contains(
                        HOST + " 80 - outbound EDS api-rule.shop",
                        HOST + " 80 v1 outbound EDS api-rule.shop");
        assertThat(mesh.weft("pc", "c", "shop/web", "--subset", "v1").lines()).hasSize(2);
        assertThat(
                        json(mesh.weft("pc", "c", "web-0.shop", "-o", "json"))
                                .get(0)
                                .path("host")
                                .asString())
                .isEqualTo(HOST);
    }

    @Test
    void routesSayInWordsWhatTheyMatchAndWhichVirtualServiceTheyAreOf() {
        Ran ran = mesh.weft("proxy-config", "route", "web-0.shop");
        assertThat(ran.titles())
                .containsExactly("NAME", "VHOST NAME", "DOMAINS", "MATCH", "VIRTUAL SERVICE");
        assertThat(ran.out()).contains("path begins with /flaky").contains("api-routes.shop");
        assertThat(mesh.weft("pc", "r", "web-0.shop", "--verbose=false").lines())
                .containsExactly("NAME VIRTUAL HOSTS", "api.shop:80 1");
    }

    @Test
    void theProxyItselfTellsHowItsEndpointsDoAndWhatItHasBound() throws Exception {
        String admin = "--admin=" + mesh.adminOfWeb();
        List<String> words = List.of("proxy-config", "endpoint", admin);
        Ran live = RunningMesh.run(words);
        assertThat(live.titles()).containsExactly("ENDPOINT", "STATUS", "OUTLIER CHECK", "CLUSTER");
        assertThat(live.lines().get(1))
                .matches("127\\.0\\.0\\.1:\\d+ HEALTHY OK " + HOST + ":80.*");
        assertThat(RunningMesh.run(List.of("pc", "l", admin)).out()).contains("outbound: Route");
        Ran secret = RunningMesh.run(List.of("pc", "secret", admin));
        assertThat(secret.titles()).startsWith("RESOURCE NAME", "TYPE", "STATUS", "VALID CERT");
        assertThat(secret.lines().get(1)).startsWith("default Cert Chain ACTIVE true ");
        assertThat(secret.out()).contains("ROOTCA");

        Path dump = directory.resolve("dump.json");
        Files.writeString(dump, page(mesh.adminOfWeb() + "/config_dump"));
        assertThat(RunningMesh.run(List.of("pc", "c", "-f", dump.toString())).out())
                .contains("api-rule.shop");
        assertThat(RunningMesh.run(List.of("pc", "c", "-f", "nowhere.json")).code()).isEqualTo(65);
        assertThat(RunningMesh.run(List.of("pc", "c", "--admin=http://127.0.0.1:1")).code())
                .isEqualTo(69);
        assertThat(mesh.weft("pc", "c").code()).isEqualTo(64);
    }

    private static String page(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void theSerialNumberThatTheControlPlaneSawIsTheProxysOwn() {
        String seen =
                json(mesh.weft("pc", "s", "web-0.shop", "-o", "json"))
                        .get(0)
                        .path("serialNumber")
                        .asString();
        String own =
                json(RunningMesh.run(
                                List.of("pc", "s", "--admin=" + mesh.adminOfWeb(), "-o", "json")))
                        .get(0)
                        .path("serialNumber")
                        .asString();
        assertThat(seen).isNotEmpty().isEqualTo(own);
    }

    @Test
    void authzCheckListsWhatIsEnforced() {
        Ran ran = mesh.weft("authz", "check", "deploy/api", "-n", "shop");
        assertThat(ran.titles()).containsExactly("ACTION", "AuthorizationPolicy", "RULES");
        assertThat(ran.lines()).contains("ALLOW only-web.shop 1");
        assertThat(mesh.weft("authz", "check", "deploy/api", "-n", "shop", "--where").out())
                .contains("shop.yaml:");
        assertThat(mesh.weft("authz", "check", "shop/web").err()).contains("everything is allowed");
    }

    @Test
    void tlsCheckTellsWhetherBothSidesFitAndWhoSaysSo() {
        Ran ran = mesh.weft("authn", "tls-check", "web-0.shop", "api.shop");
        assertThat(ran.code()).isZero();
        assertThat(ran.lines())
                .containsExactly(
                        "HOST:PORT STATUS SERVER CLIENT AUTHN POLICY DESTINATION RULE",
                        HOST + ":80 OK STRICT mTLS default/shop api-rule/shop");
    }

    @Test
    void intentionCheckAnswersInAWordAndTellsTheDecidingLineBeside() {
        Ran allowed = mesh.weft("intention", "check", "web", "api", "-n", "shop");
        assertThat(allowed.code()).isZero();
        assertThat(allowed.out().strip()).isEqualTo("Allowed");
        assertThat(allowed.err()).contains("AuthorizationPolicy shop/only-web");
        Ran denied = mesh.weft("intention", "check", "web", "api", "-n", "shop", "--method", "PUT");
        assertThat(denied.code()).isEqualTo(1);
        assertThat(denied.out().strip()).isEqualTo("Denied");
        assertThat(mesh.weft("intention", "check", "web", "nobody").code()).isEqualTo(65);
    }

    @Test
    void describeTellsWhatHoldsForAPodAndForAService() {
        assertThat(mesh.weft("describe", "pod", "api-0.shop").out())
                .contains("mTLS: STRICT (PeerAuthentication shop/default shop.yaml:")
                .contains("ALLOW only-web.shop, 1 rule (shop.yaml:");
        assertThat(mesh.weft("describe", "svc", "api", "-n", "shop").out())
                .contains("Service: " + HOST)
                .contains("api-0 v1")
                .contains(
                        "path begins with /flaky -> "
                                + HOST
                                + ":80 (VirtualService shop/api-routes")
                .contains("DestinationRule shop/api-rule");
    }

    @Test
    void troubleshootFindsWhatKeepsAProxyFromAnUpstream() {
        assertThat(mesh.weft("troubleshoot", "upstreams", "web-0.shop").lines())
                .containsExactly("UPSTREAM CLUSTERS ENDPOINTS", "api.shop:80 2 2");
        Ran good = mesh.weft("troubleshoot", "proxy", "web-0.shop");
        assertThat(good.code()).as(good.out()).isZero();
        assertThat(good.out()).contains("✓ certificate is valid until");
        Ran bad = mesh.weft("troubleshoot", "proxy", "web-0.shop", "--upstream", "nobody:80");
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out()).contains("! nobody:80: was not asked for yet");
    }

    @Test
    void checkSaysWhatIsWellAndFailsWithoutAControlPlane() {
        Ran ran = mesh.weft("check", "--color=false");
        assertThat(ran.out())
                .contains("weft-proxies\n------------\n√ all proxies are connected\n")
                .endsWith("Status check results are √\n");
        Ran down =
                RunningMesh.run(
                        List.of("check", "--color=false", "--control-plane=http://127.0.0.1:1"));
        assertThat(down.code()).isEqualTo(1);
        assertThat(down.out()).contains("× can ask the control plane");
    }

    @Test
    void statCountsByWorkloadServiceAndPod() throws Exception {
        mesh.get("/");
        RunningMesh.eventually(
                "the sidecars have reported",
                () -> mesh.weft("stat", "svc/api", "-n", "shop").out().contains("100.00%"));
        assertThat(mesh.weft("stat", "pods", "-n", "shop").lines().get(1))
                .startsWith("api-0 Running 1/1 ");
        assertThat(mesh.weft("stat", "deploy/api").lines().get(1)).startsWith("shop api 1/1 ");
        JsonNode value = json(mesh.weft("stat", "svc", "api", "-o", "json")).get(0);
        assertThat(value.path("meshed").asString()).isEqualTo("1/1");
        assertThat(value.path("success").asDouble()).isEqualTo(1);
    }

    @Test
    void routesTellEffectiveAndActualSuccessApart() throws Exception {
        List<Ran> ran = new ArrayList<>();
        whileCalling(
                "/flaky",
                () ->
                        ran.add(
                                mesh.weft(
                                        "routes",
                                        "deploy/web",
                                        "-n",
                                        "shop",
                                        "--to",
                                        "svc/api",
                                        "-t",
                                        "3s",
                                        "-o",
                                        "wide")));
        assertThat(ran.getFirst().titles())
                .containsExactly(
                        "ROUTE",
                        "SERVICE",
                        "EFFECTIVE_SUCCESS",
                        "EFFECTIVE_RPS",
                        "ACTUAL_SUCCESS",
                        "ACTUAL_RPS",
                        "LATENCY_P50",
                        "LATENCY_P95",
                        "LATENCY_P99");
        assertThat(ran.getFirst().lines().get(1))
                .as("every second try fails, and is tried again")
                .matches("flaky " + HOST + " 100\\.00% \\S+rps 50\\.00% .*");
    }

    @Test
    void topShowsWhatComesMostOften() throws Exception {
        List<Ran> ran = new ArrayList<>();
        whileCalling(
                "/often",
                () -> ran.add(mesh.weft("top", "deploy/api", "-n", "shop", "--duration", "3s")));
        assertThat(ran.getFirst().titles())
                .containsExactly(
                        "Source",
                        "Destination",
                        "Method",
                        "Path",
                        "Count",
                        "Best",
                        "Worst",
                        "Last",
                        "Success Rate");
        assertThat(ran.getFirst().out())
                .contains("shop/web")
                .contains("/often")
                .contains("100.00%");
    }

    private static void whileCalling(String path, Runnable command) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread calls =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!over.get()) {
                                mesh.get(path);
                                java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
                            }
                        });
        try {
            command.run();
        } finally {
            over.set(true);
            calls.join();
        }
    }

    @Test
    void edgesNameBothIdentities() throws Exception {
        mesh.get("/");
        RunningMesh.eventually(
                "an edge is there", () -> mesh.weft("edges", "-n", "shop").out().contains("√"));
        assertThat(mesh.weft("edges", "-n", "shop", "-o", "wide").out())
                .contains("SERVER_ID")
                .contains("spiffe://cluster.local/ns/shop/sa/api");
    }

    @Test
    void aBugReportHoldsWhatHelpsAndNoKey() throws Exception {
        Path file = directory.resolve("report.zip");
        Ran ran = mesh.weft("bug-report", "-f", file.toString(), "--admin", mesh.adminOfWeb());
        assertThat(ran.code()).as(ran.err()).isZero();
        Map<String, String> entries = new TreeMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                entries.put(
                        entry.getName(),
                        new String(
                                zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(entries.keySet())
                .contains(
                        "weft-bug-report/versions.txt",
                        "weft-bug-report/status.json",
                        "weft-bug-report/diagnostics.json",
                        "weft-bug-report/config/shop/web.json")
                .anyMatch(name -> name.endsWith("/config_dump.json"));
        assertThat(String.join("", entries.values()))
                .doesNotContain("PRIVATE KEY")
                .doesNotContain("an-operators-token");
    }

    @Test
    void dashboardPrintsTheConsolesAddress() {
        assertThat(mesh.weft("dashboard", "--browser=false").out().strip())
                .isEqualTo(mesh.url() + "/");
    }

    @Test
    void explainAsksTheControlPlaneAndNamesTheLine() {
        Ran ran =
                mesh.weft(
                        "explain",
                        "--from",
                        "shop/web",
                        "--to",
                        "api.shop:80",
                        "DELETE",
                        "/",
                        "--color=false");
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("route     VirtualService shop/api-routes shop.yaml:")
                .contains("mTLS      mutual TLS")
                .contains("decision  denied 403: no rule allows it")
                .contains("decided by AuthorizationPolicy shop/only-web shop.yaml:");
    }

    @Test
    void analyzeAsksTheControlPlaneWithoutFiles() {
        Ran ran = mesh.weft("analyze", "-A", "-o", "json");
        assertThat(ran.code()).isZero();
        assertThat(json(ran).isArray()).isTrue();
    }

    @Test
    void proxiesAreListedAndReadAsConsulDoes() {
        assertThat(mesh.weft("proxy", "list").lines())
                .containsExactly("Namespace Name Type", "shop api-0 Sidecar", "shop web-0 Sidecar");
        assertThat(mesh.weft("proxy", "read", "web-0.shop", "--clusters").lines().getFirst())
                .startsWith("NAME SERVICE FQDN");
    }
}
