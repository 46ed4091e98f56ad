package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Each fault is one diagnostic with its place, and nothing else is disturbed. */
class BadInputTest {

    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: ok, namespace: blog}
            spec:
              ports: [{port: 80, name: http}]
            """;

    private static List<Diagnostic> compile(String text) {
        return MeshCompiler.compile(
                        List.of(new SourceFile("mesh/a.yaml", text)), CompilerOptions.DEFAULT)
                .diagnostics();
    }

    private static Diagnostic single(String text) {
        List<Diagnostic> found = compile(text);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @Test
    void aBrokenDocumentDoesNotHideTheOthers() {
        String text = SERVICE + "---\nkind: [unclosed\n---\n" + SERVICE.replace("ok", "fine");
        CompiledPolicies policies =
                MeshCompiler.compile(
                        List.of(new SourceFile("mesh/a.yaml", text)), CompilerOptions.DEFAULT);
        assertThat(policies.diagnostics())
                .singleElement()
                .satisfies(d -> {
                    assertThat(d.code()).isEqualTo(Code.YAML_SYNTAX);
                    assertThat(d.line()).isBetween(7, 9);
                });
        assertThat(policies.catalog().services()).hasSize(2);
    }

    @Test
    void aTabIsNamedAsSuch() {
        Diagnostic tab = single("apiVersion: v1\nkind: Service\nmetadata:\n\tname: x\n");
        assertThat(tab.code()).isEqualTo(Code.TAB);
        assertThat(tab.line()).isEqualTo(4);
        assertThat(tab.mend()).contains("spaces");
    }

    @Test
    void aDuplicateKeyNamesBothLines() {
        Diagnostic twice = single(SERVICE + "spec: {}\n");
        assertThat(twice.code()).isEqualTo(Code.DUPLICATE_KEY);
        assertThat(twice.line()).isEqualTo(6);
        assertThat(twice.message()).contains("line 4");
    }

    @Test
    void aliasBombsAreRefusedAtOnce() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 20; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(8)).append("*a").append(i - 1);
            bomb.append("]\n");
        }
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(single(bomb.toString()).code()).isEqualTo(Code.TOO_COMPLEX));
    }

    @Test
    void anAliasWithinItselfIsRefusedAtOnceAlsoWhereItIsMerged() {
        for (String text :
                new String[] {
                    "a: &a [*a]\n",
                    "a: &a {b: {c: *a}}\n",
                    "a: &a {<<: *a}\n",
                    "a: &a {<<: [*a, *a]}\n",
                    "a: &a\n  b: &b {<<: *a}\n  <<: *b\n",
                    "&a {x: &b {<<: *a}, <<: *b}\n"
                }) {
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(5),
                    () -> {
                        Diagnostic itself = single(text);
                        assertThat(itself.code()).as(text).isEqualTo(Code.TOO_COMPLEX);
                        assertThat(itself.message()).contains("an alias refers to itself");
                    });
        }
    }

    @Test
    void deepNestingIsRefused() {
        Diagnostic deep = single("a: " + "[".repeat(50_000));
        assertThat(deep.code()).isIn(Code.TOO_COMPLEX, Code.YAML_SYNTAX);
        assertThat(single("a: " + "[".repeat(500) + "]".repeat(500)).code())
                .isEqualTo(Code.TOO_COMPLEX);
    }

    @Test
    void aFileThatIsNotUtf8SaysWhere() {
        byte[] bytes = "kind: x\nname: \u00e4\n".getBytes(StandardCharsets.ISO_8859_1);
        CompiledPolicies policies =
                MeshCompiler.compile(
                        List.of(SourceFile.decode("mesh/l1.yaml", bytes)), CompilerOptions.DEFAULT);
        assertThat(policies.diagnostics())
                .singleElement()
                .satisfies(d -> {
                    assertThat(d.code()).isEqualTo(Code.NOT_UTF8);
                    assertThat(d.line()).isEqualTo(2);
                });
    }

    @Test
    void documentsBesideOneThatIsNotUtf8AreStillRead() {
        byte[] bytes =
                (SERVICE + "---\nkind: x\nname: \u00e4\n---\n" + SERVICE.replace("ok", "fine"))
                        .getBytes(StandardCharsets.ISO_8859_1);
        CompiledPolicies policies =
                MeshCompiler.compile(
                        List.of(SourceFile.decode("mesh/l1.yaml", bytes)), CompilerOptions.DEFAULT);
        assertThat(policies.diagnostics())
                .singleElement()
                .satisfies(d -> assertThat(d.code()).isEqualTo(Code.NOT_UTF8))
                .satisfies(d -> assertThat(d.line() + ":" + d.column()).isEqualTo("8:7"));
        assertThat(policies.catalog().services()).hasSize(2);
    }

    @Test
    void utf16IsNamedAsNotUtf8WithAndWithoutAMark() {
        for (var charset :
                List.of(
                        StandardCharsets.UTF_16,
                        StandardCharsets.UTF_16LE,
                        StandardCharsets.UTF_16BE)) {
            SourceFile file = SourceFile.decode("mesh/w.yaml", SERVICE.getBytes(charset));
            assertThat(MeshCompiler.compile(List.of(file), CompilerOptions.DEFAULT).diagnostics())
                    .singleElement()
                    .satisfies(d -> assertThat(d.code()).isEqualTo(Code.NOT_UTF8))
                    .satisfies(d -> assertThat(d.line()).isEqualTo(1));
        }
    }

    @Test
    void aByteOrderMarkWindowsLineEndsAndEmptyDocumentsAreNoProblem() {
        String text = "\ufeff" + ("---\n" + SERVICE + "---\nnull\n---\n~\n---\n\n...\n---\n{}\n");
        SourceFile file =
                SourceFile.decode(
                        "mesh/w.yaml",
                        text.replace("{}\n", "")
                                .replace("\n", "\r\n")
                                .getBytes(StandardCharsets.UTF_8));
        CompiledPolicies policies = MeshCompiler.compile(List.of(file), CompilerOptions.DEFAULT);
        assertThat(policies.diagnostics()).isEmpty();
        assertThat(policies.catalog().services())
                .singleElement()
                .satisfies(s -> assertThat(s.origin().line()).isEqualTo(2));
    }

    @Test
    void aFileAbove10MegabytesIsRefusedUnread() {
        assertThat(single("#".repeat(10 * 1024 * 1024 + 1)).code()).isEqualTo(Code.TOO_LARGE);
    }

    @Test
    void aDocumentWithoutNameOrKindSaysWhatIsMissing() {
        Diagnostic missing = single("apiVersion: v1\nmetadata: {}\n");
        assertThat(missing.code()).isEqualTo(Code.NOT_A_RESOURCE);
        assertThat(missing.fieldPath()).isEqualTo("kind, metadata.name");
        assertThat(single("- just\n- a list\n").code()).isEqualTo(Code.NOT_A_RESOURCE);
    }

    @Test
    void aWrongTypeAndAnUnknownFieldHavePathValueAndMend() {
        List<Diagnostic> found =
                compile(
                        """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: api, namespace: blog}
                        spec:
                          hosts: [api]
                          http:
                          - route:
                            - destination: {host: api}
                              weight: lots
                            timeOut: 5s
                        """);
        assertThat(found).hasSize(2);
        assertThat(found.get(0).format())
                .isEqualTo(
                        "Error [WFT0101] (VirtualService blog/api mesh/a.yaml:9)"
                                + " spec.http[0].route[0].weight: 'lots' is a text (expected: a"
                                + " whole number) (mend: write a whole number)");
        assertThat(found.get(1).code()).isEqualTo(Code.UNKNOWN_FIELD);
        assertThat(found.get(1).fieldPath()).isEqualTo("spec.http[0].timeOut");
        assertThat(found.get(1).mend()).isEqualTo("did you mean timeout?");
    }

    @Test
    void aTypoInAnAuthorizationPolicyIsAnErrorSinceItWouldAllowMore() {
        List<Diagnostic> found =
                compile(
                        """
                        apiVersion: security.istio.io/v1
                        kind: AuthorizationPolicy
                        metadata: {name: p, namespace: blog}
                        spec:
                          rules:
                          - to: [{operation: {path: ["/a"], methods: ["GET"]}}]
                        """);
        assertThat(found).singleElement().matches(Diagnostic::isError);
    }

    @Test
    void unknownKindsOfKnownGroupsAreErrorsAndForeignGroupsAreNamed() {
        String kind = "apiVersion: networking.istio.io/v1\nkind: VirtualServcie\n";
        String name = "metadata: {name: x, namespace: y}\n";
        assertThat(single(kind + name).code()).isEqualTo(Code.UNKNOWN_KIND);
        Diagnostic foreign = single("apiVersion: example.com/v1\nkind: Thing\n" + name);
        assertThat(foreign.code()).isEqualTo(Code.IGNORED_KIND);
        assertThat(foreign.isError()).isFalse();
    }

    @Test
    void aRegexThatRe2DoesNotKnowIsAnError() {
        List<Diagnostic> found =
                compile(
                        """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: api, namespace: blog}
                        spec:
                          hosts: [api]
                          http:
                          - match: [{uri: {regex: "(?=x)"}}]
                            route: [{destination: {host: api}}]
                        """);
        assertThat(found).singleElement().matches(d -> d.code() == Code.INVALID_REGEX);
    }

    @Test
    void jsonAndListsAndChineseCommentsAreRead() {
        CompiledPolicies policies =
                MeshCompiler.compile(
                        List.of(
                                new SourceFile(
                                        "mesh/a.json",
                                        """
                                        {"apiVersion": "v1", "kind": "List", "items": [
                                          {"apiVersion": "v1", "kind": "Service",
                                           "metadata": {"name": "a", "namespace": "n"},
                                           "spec": {"ports": [{"port": 80}]}}]}
                                        """),
                                new SourceFile("mesh/b.yaml", "# 服务\n" + SERVICE)),
                        CompilerOptions.DEFAULT);
        assertThat(policies.diagnostics()).isEmpty();
        assertThat(policies.catalog().services()).hasSize(2);
    }

    @Test
    void mutilatedSeedsNeverThrow() {
        Random random = new Random(7);
        String seed =
                Scenario.read(Scenario.SEED.resolve("istio-security.yaml"))
                        + "---\n"
                        + Scenario.read(Scenario.SEED.resolve("istio-traffic.yaml"))
                        + "---\n"
                        + Scenario.read(Scenario.SEED.resolve("consul.yaml"))
                        + "---\n"
                        + Scenario.read(Scenario.SEED.resolve("smi-traffic.yaml"));
        String[] pieces = {"", "{}", "[]", ": ", "- ", "null", "\"", "&a", "*a", "-1", "\n", "é"};
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder(seed);
            for (int cut = 0; cut < 1 + i % 8; cut++) {
                int from = random.nextInt(text.length());
                int to = Math.min(text.length(), from + random.nextInt(12));
                text.replace(from, to, pieces[random.nextInt(pieces.length)]);
            }
            assertThatCode(() -> compile(text.toString()))
                    .describedAs(text.toString())
                    .doesNotThrowAnyException();
        }
    }
}
