package io.weft.cli.running;

import com.sun.net.httpserver.HttpServer;
import io.weft.cli.Weft;
import io.weft.dataplane.DataPlaneSettings;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.admin.AdminSurface;
import io.weft.dataplane.assembly.IdentitySource;
import io.weft.dataplane.assembly.MeshProxy;
import io.weft.dataplane.assembly.ProxyPorts;
import io.weft.dataplane.assembly.ProxySettings;
import io.weft.dataplane.identity.JoinSettings;
import io.weft.dataplane.telemetry.LineSink;
import io.weft.model.AppProtocol;
import io.weft.policy.PolicyServiceApplication;
import io.weft.policy.server.PolicyServer;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** A control plane with its API, two sidecars and an application, all in this process. */
public final class RunningMesh implements AutoCloseable {

    private static final String OPERATOR = "an-operators-token";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String POLICIES =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: api, namespace: shop}
            spec:
              selector: {app: api}
              ports: [{name: http, port: 80, targetPort: 8080}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: api-routes, namespace: shop}
            spec:
              hosts: [api]
              http:
              - name: flaky
                match: [{uri: {prefix: /flaky}}]
                retries: {attempts: 2, perTryTimeout: 2s, retryOn: 5xx}
                route: [{destination: {host: api, port: {number: 80}}}]
              - route: [{destination: {host: api, subset: v1}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: api-rule, namespace: shop}
            spec:
              host: api
              subsets: [{name: v1, labels: {version: v1}}]
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: shop}
            spec: {mtls: {mode: STRICT}}
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: only-web, namespace: shop}
            spec:
              selector: {matchLabels: {app: api}}
              rules:
              - from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]
                to: [{operation: {methods: [GET]}}]
            """;

    private final ConfigurableApplicationContext control;
    private final HttpServer application;
    private final List<MeshProxy> proxies = new ArrayList<>();
    private final String url;
    private final Path token;
    private final HttpClient caller;
    private final AtomicInteger flaky = new AtomicInteger();

    /** What a command printed, and how it ended. */
    public record Ran(int code, String out, String err) {

        /** Lines with single blanks between their cells. */
        public List<String> lines() {
            return out.lines().map(line -> line.replaceAll(" +", " ").strip()).toList();
        }

        /** Cells of the first line. */
        public List<String> titles() {
            return titles(out.lines().findFirst().orElse(""));
        }

        /** Cells of a line of titles, which are two blanks apart at least. */
        public static List<String> titles(String line) {
            return Arrays.asList(line.strip().split(" {2,}"));
        }
    }

    private RunningMesh(Path directory) throws Exception {
        Path policies = Files.createDirectories(directory.resolve("policies"));
        Files.writeString(policies.resolve("shop.yaml"), POLICIES);
        token = Files.writeString(directory.resolve("token"), OPERATOR);
        application =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        application.createContext(
                "/",
                exchange -> {
                    boolean fails =
                            exchange.getRequestURI().getPath().startsWith("/flaky")
                                    && flaky.getAndIncrement() % 2 == 0;
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(fails ? 503 : 200, 2);
                    exchange.getResponseBody().write(new byte[] {'o', 'k'});
                    exchange.close();
                });
        application.start();
        control =
                PolicyServiceApplication.start(
                        "--server.port=0",
                        "--weft.policy.state-dir=" + directory.resolve("state"),
                        "--weft.policy.join-port=0",
                        "--weft.policy.mesh-port=0",
                        "--weft.policy.api.operator-token=" + OPERATOR,
                        "--weft.policy.directory=" + policies);
        url = "http://127.0.0.1:" + control.getEnvironment().getProperty("local.server.port");
        MeshProxy api =
                proxy(
                        directory,
                        DataPlaneSettings.forWorkload("shop", "api")
                                .labels(Map.of("app", "api", "version", "v1"))
                                .outboundPort(-1)
                                .inbound(
                                        InboundBinding.of(
                                                8080,
                                                "http",
                                                AppProtocol.HTTP,
                                                application.getAddress().getPort()))
                                .build());
        MeshProxy web = proxy(directory, DataPlaneSettings.forWorkload("shop", "web").build());
        proxies.add(api);
        proxies.add(web);
        caller =
                HttpClient.newBuilder()
                        .proxy(
                                ProxySelector.of(
                                        new InetSocketAddress(
                                                "127.0.0.1", web.plane().outboundPort())))
                        .build();
        eventually("the application is reached", () -> get("/") == 200);
    }

    /** Starts everything, and returns when a request has passed. */
    public static RunningMesh start(Path directory) throws Exception {
        return new RunningMesh(directory);
    }

    private MeshProxy proxy(Path directory, DataPlaneSettings settings) throws Exception {
        PolicyServer server = control.getBean(PolicyServer.class);
        String body =
                JsonMapper.shared()
                        .writeValueAsString(
                                Map.of(
                                        "namespace",
                                        "shop",
                                        "serviceAccount",
                                        settings.serviceAccount()));
        HttpResponse<String> made =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(url + "/api/v1/tokens"))
                                        .header("authorization", "Bearer " + OPERATOR)
                                        .header("content-type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofString(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        String join = JsonMapper.shared().readTree(made.body()).path("token").asString("");
        Path state = Files.createDirectories(directory.resolve(settings.instance()));
        return MeshProxy.start(
                ProxySettings.of(
                                settings,
                                new IdentitySource.Joined(
                                        JoinSettings.withToken(
                                                settings.identity(),
                                                List.of("127.0.0.1:" + server.joinPort()),
                                                server.authority()
                                                        .trustBundles()
                                                        .get("cluster.local"),
                                                join),
                                        state,
                                        PATIENCE),
                                new ProxySettings.Configuration.Stream(
                                        List.of("127.0.0.1:" + server.meshPort()), state),
                                new ProxyPorts(0, -1, -1))
                        .accessLog(LineSink.to(OutputStream.nullOutputStream()))
                        .build());
    }

    /** The status of a request from web to api through both sidecars. */
    public int get(String path) {
        return send("GET", path);
    }

    public int send(String method, String path) {
        try {
            return caller.send(
                            HttpRequest.newBuilder(URI.create("http://api.shop" + path))
                                    .method(method, HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (java.io.IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** A condition that shall hold soon. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits until it holds. */
    public static void eventually(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time: " + what);
            }
            Thread.sleep(50);
        }
    }

    /** Administration port of web's sidecar. */
    public String adminOfWeb() {
        return "http://127.0.0.1:" + proxies.getLast().port(AdminSurface.ADMIN);
    }

    public String url() {
        return url;
    }

    /** Runs a command against the control plane, as its operator. */
    public Ran weft(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--control-plane=" + url);
        all.add("--operator-token-file=" + token);
        return run(all);
    }

    /** Runs a command. */
    public static Ran run(List<String> words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Weft.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        int code = line.execute(words.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    @Override
    public void close() {
        proxies.forEach(MeshProxy::close);
        control.close();
        application.stop(0);
    }
}
