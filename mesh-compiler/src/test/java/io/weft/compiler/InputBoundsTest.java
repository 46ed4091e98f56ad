package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is large, deep or made to hurt ends in time and in memory, with a diagnostic. */
class InputBoundsTest {

    private static final String HEAD =
            "apiVersion: networking.istio.io/v1\nkind: VirtualService\n"
                    + "metadata: {name: api, namespace: shop}\nspec:\n  hosts: [api]\n  http:\n";
    private static final int MB = 1 << 20;

    static Stream<Arguments> inputs() {
        return Stream.of(
                Arguments.of("many items", Code.TOO_COMPLEX, "a:\n" + "- a\n".repeat(600_000)),
                Arguments.of("many equal keys", Code.TOO_COMPLEX, "a: 1\n".repeat(300_000)),
                Arguments.of(
                        "many documents", Code.NOT_A_RESOURCE, "kind: x\n---\n".repeat(20_000)),
                Arguments.of("many unknown fields", Code.UNKNOWN_FIELD, fields(30_000)),
                Arguments.of("many routes", null, routes(5_000, "{prefix: /a/%dx}")),
                Arguments.of("many equal routes", null, routes(5_000, "{regex: /a}")),
                Arguments.of("many hosts", null, hosts(10_000)),
                Arguments.of("brackets", Code.TOO_COMPLEX, "a: " + "[".repeat(3 * MB)),
                Arguments.of("braces", Code.TOO_COMPLEX, "{".repeat(3 * MB)),
                Arguments.of("dashes", Code.TOO_COMPLEX, "- ".repeat(MB)),
                Arguments.of("question marks", Code.TOO_COMPLEX, "? ".repeat(MB)),
                Arguments.of("deep indentation", Code.TOO_COMPLEX, indented(3000)),
                Arguments.of("a huge number", Code.TOO_COMPLEX, targetPort("9".repeat(2 * MB))),
                Arguments.of("a long number", Code.INVALID_VALUE, targetPort("9".repeat(MB))),
                Arguments.of(
                        "a huge text",
                        Code.TOO_COMPLEX,
                        targetPort("'" + "x".repeat(2 * MB) + "'")),
                Arguments.of("a huge key", Code.TOO_COMPLEX, "x".repeat(2 * MB) + ": 1"),
                Arguments.of(
                        "a long duration", Code.INVALID_DURATION, timeout("9".repeat(MB) + "s")),
                Arguments.of(
                        "repeats",
                        Code.INVALID_REGEX,
                        regex("((((a{1000}){1000}){1000}){1000}){1000}")),
                Arguments.of(
                        "groups",
                        Code.INVALID_REGEX,
                        regex("(".repeat(100_000) + ")".repeat(100_000))),
                Arguments.of("alternatives", Code.INVALID_REGEX, regex("(a|b)*".repeat(200_000))),
                Arguments.of(
                        "negations", Code.INVALID_VALUE, filter("not ".repeat(300_000) + "a == b")),
                Arguments.of(
                        "parentheses", Code.INVALID_VALUE, filter("(".repeat(300_000) + "a == b")),
                Arguments.of("anchors", Code.TOO_COMPLEX, anchors(100_000)),
                Arguments.of("an alias to itself", Code.TOO_COMPLEX, "a: &a [*a]\n"),
                Arguments.of("comments", null, "#\n".repeat(MB)),
                Arguments.of("blank lines", null, "\n".repeat(3 * MB)),
                Arguments.of("separators", null, "---\n".repeat(MB)),
                Arguments.of(
                        "directives",
                        Code.NOT_A_RESOURCE,
                        "%YAML 1.2\n".repeat(100_000) + "---\na: 1\n"),
                Arguments.of("quotes", Code.NOT_A_RESOURCE, "\"".repeat(3 * MB)),
                Arguments.of("a zero character", Code.YAML_SYNTAX, "a: \u0000\n"),
                Arguments.of("half a character", Code.YAML_SYNTAX, "a: \ud800\n"));
    }

    private static String fields(int count) {
        return HEAD.replace("  http:\n", "") + numbered(count, "  x%d: 1\n");
    }

    private static String routes(int count, String uri) {
        return HEAD
                + numbered(
                        count,
                        "  - {match: [{uri: " + uri + "}], route: [{destination: {host: a}}]}\n");
    }

    private static String hosts(int count) {
        return HEAD.replace("[api]", "[" + numbered(count, "h%d,") + "]")
                + "  - {route: [{destination: {host: a}}]}\n";
    }

    private static String anchors(int count) {
        return numbered(count, "a%1$d: &a%1$d [*a%1$d]\n").replaceFirst("\\[.*?]", "[]");
    }

    private static String indented(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> " ".repeat(i) + "a:\n")
                .collect(Collectors.joining());
    }

    private static String numbered(int count, String form) {
        return IntStream.range(0, count)
                .mapToObj(i -> form.contains("%") ? form.formatted(i) : form)
                .collect(Collectors.joining());
    }

    private static String timeout(String value) {
        return HEAD + "  - {timeout: " + value + ", route: [{destination: {host: api}}]}\n";
    }

    private static String regex(String value) {
        return HEAD
                + "  - {match: [{uri: {regex: '"
                + value
                + "'}}], route: [{destination: {host: api}}]}\n";
    }

    private static String filter(String value) {
        return "apiVersion: consul.hashicorp.com/v1alpha1\nkind: ServiceResolver\n"
                + "metadata: {name: a, namespace: shop}\nspec:\n  subsets:\n    v1: {filter: '"
                + value
                + "'}\n";
    }

    private static String targetPort(String value) {
        return "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\nspec:\n"
                + "  ports:\n  - {port: 80, targetPort: "
                + value
                + "}\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inputs")
    void endsInTimeWithFewDiagnosticsThatHaveAPlace(
            String name, @Nullable Code expected, String text) {
        List<Diagnostic> found =
                Assertions.assertTimeoutPreemptively(
                        Duration.ofSeconds(60),
                        () ->
                                MeshCompiler.analyze(
                                                List.of(new SourceFile("mesh/a.yaml", text)),
                                                CompilerOptions.DEFAULT,
                                                List.of())
                                        .diagnostics());
        if (expected != null) {
            assertThat(found)
                    .filteredOn(d -> d.line() > 0 && d.column() > 0)
                    .anyMatch(d ->
                            d.code() == expected
                                    || d.message().contains(" error: " + expected.id() + ", "));
        }
        assertThat(found).hasSizeLessThan(3 * Diagnostics.MAX_OF_FILE);
        assertThat(found).allMatch(d -> d.format().length() < 4_000);
    }
}
