package io.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DiffAndTestCommandTest {

    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: api, namespace: shop}
            spec:
              selector: {app: api}
              ports: [{name: http, port: 80}]
            """;

    private static final String STRICT =
            """
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: shop}
            spec: {mtls: {mode: STRICT}}
            """;

    private static final String TEST =
            """
            ---
            apiVersion: policy.weft.io/v1
            kind: PolicyTest
            metadata: {name: api, namespace: shop}
            spec:
              tests:
              - name: plain text is refused & told
                from: {outside: true}
                request: {to: api:80}
                expect: {decision: denied}
            """;

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine line = Weft.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }

    private String write(String name, String text) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text).getParent().toString();
    }

    @Test
    void testsThatHoldExitWithZeroAndThoseThatFailWithOneAndTheDecidingLine() throws Exception {
        String good = write("good/a.yaml", SERVICE + STRICT + TEST);
        String bad = write("bad/a.yaml", SERVICE + TEST);
        assertThat(run("test", "--color=false", good)).isZero();
        assertThat(out.toString()).contains("✔ plain text is refused", "1 test, every one holds");
        assertThat(run("test", "--color=false", bad)).isEqualTo(1);
        assertThat(out.toString())
                .contains("✘ plain text is refused & told  " + bad + "/a.yaml:13")
                .contains("expected    denied")
                .contains("got         allowed with 200")
                .contains("decided by  Default ");
    }

    @Test
    void junitIsWellFormedAndJsonCounts() throws Exception {
        String bad = write("bad/a.yaml", SERVICE + TEST);
        assertThat(run("test", "-o", "junit", bad)).isEqualTo(1);
        assertThat(out.toString())
                .contains("<testsuites tests=\"1\" failures=\"1\">")
                .contains("name=\"plain text is refused &amp; told\"")
                .contains("<failure message=\"decision: allowed with 200 (expected: denied)");
        out.getBuffer().setLength(0);
        run("test", "-o", "json", bad);
        JsonNode json = JsonMapper.shared().readTree(out.toString());
        assertThat(json.path("failures").asInt()).isEqualTo(1);
        assertThat(json.path("results").get(0).path("passed").asBoolean()).isFalse();
    }

    @Test
    void nothingToTestAndBrokenFilesAreBadData() throws Exception {
        assertThat(run("test", write("none/a.yaml", SERVICE))).isEqualTo(65);
        assertThat(err.toString()).contains("no policy test");
        String broken = write("broken/a.yaml", SERVICE + TEST.replace("denied", "perhaps"));
        assertThat(run("test", broken)).isEqualTo(65);
        assertThat(err.toString()).contains("WFT0104").contains("a.yaml:");
    }

    @Test
    void foldersAreComparedByWhatTheyMean() throws Exception {
        String before = write("before/a.yaml", SERVICE);
        String same = write("same/a.yaml", "# a remark\n" + SERVICE);
        String after = write("after/a.yaml", SERVICE + STRICT);
        assertThat(run("diff", before, same)).isZero();
        assertThat(out.toString().strip()).isEqualTo("no change in the compiled model");
        assertThat(run("diff", "--color=false", before, after)).isEqualTo(1);
        assertThat(out.toString())
                .contains(
                        "PeerAuthentication shop/default a.yaml:11: mTLS mode of inbound port 80:")
                .contains("PERMISSIVE → STRICT")
                .contains("for shop/api");
        out.getBuffer().setLength(0);
        assertThat(run("diff", "-o", "json", before, after)).isEqualTo(1);
        JsonNode json = JsonMapper.shared().readTree(out.toString());
        assertThat(json.path("same").asBoolean()).isFalse();
        assertThat(json.path("changes").get(0).path("reference").asString()).isEqualTo("a.yaml:11");
        out.getBuffer().setLength(0);
        assertThat(run("diff", "-o", "yaml", before, after)).isEqualTo(1);
        assertThat(out.toString()).startsWith("same: false\nchanges:\n  - kind: \"changed\"\n");
    }

    @Test
    void aSideThatDoesNotCompileIsBadData() throws Exception {
        String before = write("before/a.yaml", SERVICE);
        String broken = write("broken/a.yaml", SERVICE + STRICT.replace("STRICT", "SOFT"));
        assertThat(run("diff", before, broken)).isEqualTo(65);
        assertThat(err.toString()).contains("would be refused");
        assertThat(run("diff", before, folder.resolve("nowhere").toString())).isEqualTo(65);
    }

    @Test
    void aFolderInGitTellsItsCommit() throws Exception {
        write("repo/mesh/a.yaml", SERVICE);
        Path repo = folder.resolve("repo");
        git(repo, "init", "-q");
        git(repo, "add", "-A");
        git(repo, "commit", "-q", "-m", "one");
        GitFolder found = GitFolder.around(repo.resolve("mesh")).orElseThrow();
        String commit = found.commit("HEAD").orElseThrow();
        assertThat(found.files(commit, List.of("mesh"))).containsExactly("mesh/a.yaml");
        assertThat(new String(found.read(commit, "mesh/a.yaml"))).isEqualTo(SERVICE);
        String path = repo.resolve("mesh").toString();
        assertThat(found.describe(List.of(path))).contains(commit.substring(0, 8));
        write("repo/mesh/a.yaml", SERVICE + STRICT);
        assertThat(found.describe(List.of(path)).orElseThrow())
                .endsWith("with uncommitted changes");
        assertThat(found.commit("nope")).isEmpty();
    }

    private static void git(Path repo, String... args) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of("git", "-c", "user.name=a", "-c", "user.email=a@example.com"));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).directory(repo.toFile()).inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }
}
