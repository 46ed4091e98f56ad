package io.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.weft.cli.shell.ExitCodes;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What live traffic looks like in a terminal. */
class LiveCommandsTest {

    private static final String GRAPH =
            """
            {"seconds": 60, "edges": [{"id": {
              "source": {"namespace": "blog", "workload": "web", "version": "v1"},
              "service": "api.blog.svc.cluster.local",
              "target": {"namespace": "blog", "workload": "api", "version": "v2"},
              "protocol": "http"}, "mutualTls": true, "principal": "spiffe://x/ns/blog/sa/web"}]}
            """;
    private static final String WORKLOADS =
            """
            [{"instance": "api-0", "namespace": "blog", "workload": "api", "connected": true},
             {"instance": "api-1", "namespace": "blog", "workload": "api", "connected": false},
             {"instance": "web-0", "namespace": "blog", "workload": "web", "connected": true}]
            """;
    private static final String LOADS =
            """
            {"blog/api": {"requests": 200, "errors": 1, "denied": 3, "rate": 3.36, "p50": 4.0,
              "p95": 11.3, "p99": 22.6, "opened": 0, "received": 600, "sent": 1200}}
            """;
    private static final String FATE =
            """
            {"number": 7, "decidedBy": "AuthorizationPolicy blog/deny a.yaml:3", "edge": {"inbound": true,
              "mutualTls": true, "source": {"namespace": "blog", "workload": "web"},
              "target": {"namespace": "blog", "workload": "api"}},
             "fate": {"method": "GET", "authority": "api", "path": "/a\\u001b[2J", "status": 403, "grpc": -1,
              "flags": "-", "durationMicros": 321, "sent": 19, "headers": ["x-user: jo"]}}
            """
                    .replace("\n", "");

    @TempDir Path directory;
    private HttpServer server;
    private final Map<String, String> answers = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws Exception {
        Files.writeString(directory.resolve("token"), "of-the-operator\n");
        answers.put("/api/v1/graph", GRAPH);
        answers.put("/api/v1/workloads", WORKLOADS);
        answers.put("/api/v1/loads", LOADS);
        answers.put("/api/v1/tap", FATE + "\n" + FATE + "\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    asked.add(exchange.getRequestURI() + " " + body);
                    byte[] answer =
                            answers.getOrDefault(exchange.getRequestURI().getPath(), "")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(answer.length == 0 ? 404 : 200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int weft(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--control-plane=http://127.0.0.1:" + server.getAddress().getPort());
        CommandLine line = Weft.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(all.toArray(String[]::new));
    }

    private List<String> lines() {
        return out.toString().lines().map(line -> line.replaceAll(" +", " ")).toList();
    }

    @Test
    void edgesHaveLinkerdsColumns() {
        assertThat(weft("edges", "-n", "blog")).isZero();
        assertThat(lines()).containsExactly("SRC DST SRC_NS DST_NS SECURED", "web api blog blog √");
        assertThat(asked.getFirst()).contains("seconds=60", "namespace=blog");
    }

    @Test
    void statTellsSuccessRateAndLatencyOfEachWorkload() {
        assertThat(weft("stat", "-n", "blog", "-t", "5m")).isZero();
        assertThat(lines())
                .containsExactly(
                        "NAME MESHED SUCCESS RPS LATENCY_P50 LATENCY_P95 LATENCY_P99 TCP_CONN",
                        "api 1/2 98.00% 3.4rps 4ms 11ms 23ms 0",
                        "web 1/1 - - - - - -");
        assertThat(asked.getLast()).contains("seconds=300");
    }

    @Test
    void statOfAllNamespacesNamesThem() {
        assertThat(weft("stat", "deploy/api")).isZero();
        assertThat(lines().getFirst()).startsWith("NAMESPACE NAME");
        assertThat(lines()).hasSize(2);
    }

    @Test
    void tapShowsEachRequestWithTheLineThatDecidedAndNoControlCharacters() {
        int code =
                weft(
                        "tap",
                        "deploy/api",
                        "-n",
                        "blog",
                        "--path",
                        "/a",
                        "--operator-token-file=" + directory.resolve("token"));
        assertThat(code).isZero();
        assertThat(out.toString().lines())
                .hasSize(2)
                .first()
                .asString()
                .isEqualTo(
                        "req id=7 proxy=in  src=blog/web dst=blog/api tls=true :method=GET"
                                + " :authority=api :path=/a?[2J :status=403 duration=321µs"
                                + " response-length=19B [x-user: jo]"
                                + " decided-by=\"AuthorizationPolicy blog/deny a.yaml:3\"");
        assertThat(asked.getFirst()).contains("\"kind\":\"workload\"", "\"path\":\"/a\"");
    }

    @Test
    void whatIsAskedWronglyIsOneLine() {
        assertThat(weft("stat", "deploy/nobody")).isEqualTo(ExitCodes.BAD_DATA);
        assertThat(weft("stat", "-t", "3h")).isEqualTo(ExitCodes.USAGE);
        assertThat(weft("tap", "galaxy/api")).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString())
                .contains("no such deploy")
                .contains("'3h' (expected: 1s to 10m)")
                .contains("expected: deploy/NAME, svc/NAME, pod/NAME or ns/NAME");
    }
}
