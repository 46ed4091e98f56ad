package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line as a process of its own. */
class LabMainTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private Path folder = Path.of(".");

    private Process start(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LabMain.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    @Test
    void tellsThatItIsReadyAnswersAndEndsWithItsInput() throws Exception {
        Path topology = Files.writeString(folder.resolve("t.yaml"), "workloads: [{name: a}]\n");
        Process lab = start("--topology", topology.toString());
        try (BufferedReader out = lab.inputReader(StandardCharsets.UTF_8)) {
            JsonNode ready = JSON.readTree(out.readLine());
            assertThat(ready.path("ready").asBoolean()).isTrue();
            assertThat(ready.path("workloads").asInt()).isEqualTo(1);
            URI control = URI.create(ready.path("control").asString());
            String order =
                    "{\"from\": {\"workload\": \"a\", \"namespace\": \"default\"},"
                            + " \"to\": {\"host\": \"a\", \"port\": 80}, \"path\": \"/x\"}";
            JsonNode answer = JSON.readTree(post(control.resolve("/request"), order).body());
            assertThat(answer.path("status").asInt()).isEqualTo(200);
            assertThat(answer.path("echo").path("path").asString()).isEqualTo("/x");
            assertThat(post(control.resolve("/request"), "{\"frm\": 1}").statusCode())
                    .isEqualTo(400);
            lab.getOutputStream().close();
            assertThat(lab.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(lab.exitValue()).isZero();
            Assertions.assertThatThrownBy(() -> post(control.resolve("/request"), order))
                    .isInstanceOf(ConnectException.class);
        } finally {
            lab.destroyForcibly();
        }
    }

    private static HttpResponse<String> post(URI uri, String body)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void wrongInputIsOneLineForEachProblemAndExitCode65() throws Exception {
        Path topology =
                Files.writeString(
                        folder.resolve("bad.yaml"), "workloads:\n- {name: a, colour: red}\n");
        Process lab = start("--topology", topology.toString());
        List<String> lines = lab.errorReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(lab.waitFor()).isEqualTo(65);
        assertThat(lines)
                .singleElement()
                .asString()
                .contains("workloads[0].colour")
                .contains("bad.yaml:2")
                .contains("mend:");
    }

    @Test
    void wrongPoliciesAreExitCode65AndWrongUseIs64() throws Exception {
        Path topology = Files.writeString(folder.resolve("t.yaml"), "workloads: [{name: a}]\n");
        Path policies =
                Files.writeString(
                        folder.resolve("p.yaml"),
                        "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n"
                                + "metadata: {name: p, namespace: n}\nspec: {action: HMM}\n");
        Process lab = start("--topology", topology.toString(), "--resources", policies.toString());
        String errors = new String(lab.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(lab.waitFor()).isEqualTo(65);
        assertThat(errors).contains("p.yaml:4").contains("HMM");
        assertThat(start("--topologie", "x").waitFor()).isEqualTo(64);
    }
}
