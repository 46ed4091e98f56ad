package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.DiagnosticCode;
import io.weft.compiler.diagnostic.IstioCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The list of codes in the documentation is the list of codes in the program. */
class DiagnosticsDocTest {

    private static final Path DOCS = Path.of("../docs/diagnostics");
    private static final Pattern FENCED =
            Pattern.compile("```(yaml|hex)\n(.*?)```", Pattern.DOTALL);

    /** They ask a live cluster, an installation of Istio, or several clusters. */
    private static final Set<String> NOT_LOOKED_FOR =
            Set.of("IST0136", "IST0141", "IST0143", "IST0168", "IST0169", "IST0170");

    /**
     * Running policy tests takes the engine: mesh-preview does. No configuration makes a check
     * fail: AnalysisTest does.
     */
    private static final Set<DiagnosticCode> TESTED_ELSEWHERE =
            Set.of(Code.POLICY_TEST_FAILED, IstioCode.INTERNAL_ERROR);

    private static final String START = "<!-- codes: written by DiagnosticsDocTest -->\n";

    @Test
    void everyCodeStandsInTheTable() throws IOException {
        Path file = DOCS.resolve("README.md");
        String text = Files.readString(file);
        int start = text.indexOf(START) + START.length();
        assertThat(start).as("marker in " + file).isGreaterThanOrEqualTo(START.length());
        String expected = text.substring(0, start) + tables();
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, expected);
        }
        assertThat(Files.readString(file)).isEqualTo(expected);
    }

    @Test
    void everyPageIsAboutACode() throws IOException {
        try (Stream<Path> pages = Files.list(DOCS)) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(
                                            Stream.of("README.md"),
                                            codes().map(code -> code.id() + ".md"))
                                    .toList());
        }
    }

    static Stream<DiagnosticCode> codes() {
        return Stream.concat(Stream.of(Code.values()), Stream.of(IstioCode.values()));
    }

    @ParameterizedTest
    @MethodSource("codes")
    void aPagesExampleProducesItsCodeAndTheMendDoesNot(DiagnosticCode code) throws IOException {
        String page = Files.readString(DOCS.resolve(code.id() + ".md"));
        assertThat(page).startsWith("# " + code.id() + ": ");
        List<Block> blocks = blocks(page);
        if (NOT_LOOKED_FOR.contains(code.id())) {
            assertThat(blocks).isEmpty();
            assertThat(page).contains("It is not looked for here: ");
            return;
        }
        assertThat(page).contains("\nMend:");
        if (TESTED_ELSEWHERE.contains(code)) {
            return;
        }
        SourceFile example =
                switch (code) {
                    case Code.TOO_LARGE -> repeated("# too large\n", 1_000_000);
                    case Code.MORE -> repeated("kind: Service\n---\n", 1_001);
                    default -> blocks.getFirst().file();
                };
        assertThat(found(example)).as("the example").anyMatch(d -> d.code() == code);
        for (Block mend : blocks.stream().skip(1).toList()) {
            assertThat(found(mend.file())).as("the mend").noneMatch(d -> d.code() == code);
        }
    }

    /** What is too long for a page. */
    private static SourceFile repeated(String text, int times) {
        return new SourceFile("mesh/example.yaml", text.repeat(times));
    }

    private static List<Diagnostic> found(SourceFile file) {
        List<Diagnostic> found =
                new ArrayList<>(
                        MeshCompiler.compile(List.of(file), CompilerOptions.DEFAULT).diagnostics());
        found.addAll(
                MeshCompiler.analyze(List.of(file), CompilerOptions.DEFAULT, List.of())
                        .diagnostics());
        return found;
    }

    /** A fenced block: YAML, or bytes in hexadecimal. */
    private record Block(String language, String text) {

        SourceFile file() {
            return language.equals("hex")
                    ? SourceFile.decode(
                            "mesh/example.yaml", HexFormat.ofDelimiter(" ").parseHex(text.strip()))
                    : new SourceFile("mesh/example.yaml", text);
        }
    }

    private static List<Block> blocks(String page) {
        return FENCED.matcher(page)
                .results()
                .map(block -> new Block(block.group(1), block.group(2)))
                .toList();
    }

    private static String tables() {
        StringBuilder text =
                new StringBuilder("\n## Weft's own\n\n| Code | Meaning |\n|---|---|\n");
        for (Code code : Code.values()) {
            String id = "[" + code.id() + "](" + code.id() + ".md)";
            text.append("| ").append(id).append(" | ").append(code.title()).append(" |\n");
        }
        text.append("\n## Istio's\n\n| Code | Level | Name | Meaning |\n|---|---|---|---|\n");
        for (IstioCode code : IstioCode.values()) {
            text.append("| [").append(code.id()).append("](").append(code.id()).append(".md) | ");
            text.append(code.level().title());
            text.append(" | ").append(code.messageName()).append(" | ");
            text.append(code.title().replace("|", "\\|")).append(" |\n");
        }
        return text.toString();
    }
}
