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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CaCommandTest {

    private static final String STATUS =
            """
            {"authority": {"trustDomain": "cluster.local", "phase": "ANNOUNCED", "signedBy": "aa",
              "roots": [{"fingerprint": "aa", "subject": "CN=old", "notAfter": "2036-01-01T00:00:00Z"},
                        {"fingerprint": "bb", "subject": "CN=new", "notAfter": "2036-02-01T00:00:00Z"}],
              "denied": [{"subject": "3f", "reason": "stolen", "at": "2026-01-01T00:00:00Z"}]},
             "waitingFor": "1 workload(s) have not acknowledged the new root: blog/web-0",
             "problem": "", "federation": [{"trustDomain": "partner.example", "roots": 1, "problem": ""}],
             "workloads": [{"instance": "web-0", "namespace": "blog", "connected": true,
              "trustsAll": false, "signedBy": "aa"}]}
            """;

    @TempDir Path directory;
    private HttpServer server;
    private Path token;
    private int status = 200;
    private String answer = STATUS;
    private final List<String> asked = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws Exception {
        token = Files.writeString(directory.resolve("token"), "secret-of-the-operator\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext(
                "/",
                exchange -> {
                    asked.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Authorization")
                                    + " "
                                    + new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8));
                    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--control-plane=http://127.0.0.1:" + server.getAddress().getPort());
        all.add("--operator-token-file=" + token);
        CommandLine line = Weft.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(all.toArray(String[]::new));
    }

    @Test
    void statusTellsRootsAndWhoLagsBehind() {
        assertThat(run("ca", "status")).isZero();
        assertThat(out.toString())
                .contains(
                        "phase:        ANNOUNCED",
                        "waits: 1 workload(s) have not acknowledged",
                        "web-0.blog   yes         no           yes",
                        "3f       2026-01-01T00:00:00Z   stolen",
                        "partner.example");
        assertThat(asked).containsExactly("GET /api/v1/ca Bearer secret-of-the-operator ");
    }

    @Test
    void changesAreSentAsTheApiWantsThem() {
        assertThat(run("ca", "rotate", "--force")).isZero();
        assertThat(run("ca", "rotate", "--cancel")).isZero();
        assertThat(run("ca", "deny", "3f", "--reason", "stolen")).isZero();
        assertThat(run("ca", "allow", "spiffe://d/ns/a/sa/b")).isZero();
        assertThat(asked.get(0)).startsWith("POST /api/v1/ca/rotation?force=true ");
        assertThat(asked.get(1)).startsWith("DELETE /api/v1/ca/rotation ");
        assertThat(asked.get(2))
                .startsWith("POST /api/v1/ca/denied ")
                .contains("\"subject\":\"3f\"", "\"reason\":\"stolen\"");
        assertThat(asked.get(3))
                .startsWith("DELETE /api/v1/ca/denied?subject=spiffe%3A%2F%2Fd%2Fns%2Fa%2Fsa%2Fb ");
    }

    @Test
    void aRefusalIsToldInTheControlPlanesWords() {
        status = 409;
        answer = "{\"detail\": \"rotation: certificates of the old root live until noon\"}";
        assertThat(run("ca", "rotate")).isEqualTo(ExitCodes.BAD_DATA);
        assertThat(err.toString())
                .contains("rotation: certificates of the old root live until noon");
    }

    @Test
    void aTokenIsPrintedAloneSoThatItCanBePiped() {
        answer = "{\"token\": \"weft.a.b\", \"expiresAt\": \"2026-01-01T00:00:00Z\"}";
        assertThat(run("token", "create", "-n", "blog", "--service-account", "web", "--ttl", "2d"))
                .isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("weft.a.b\n");
        assertThat(asked.getFirst()).contains("\"expiresInSeconds\":172800");
        assertThat(run("token", "create", "-n", "a", "--service-account", "b", "--ttl", "soon"))
                .isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void aMissingTokenFileIsNamedAndNothingIsAsked() throws Exception {
        Files.delete(token);
        assertThat(run("ca", "status")).isEqualTo(ExitCodes.BAD_DATA);
        assertThat(err.toString()).contains("operator token: " + token);
        assertThat(asked).isEmpty();
    }
}
