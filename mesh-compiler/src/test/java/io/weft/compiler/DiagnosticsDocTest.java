package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.IstioCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of codes in the documentation is the list of codes in the program. */
class DiagnosticsDocTest {

    private static final Path DOCS = Path.of("../docs/diagnostics");
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
            List<String> names =
                    pages.map(page -> page.getFileName().toString())
                            .filter(name -> !name.equals("README.md"))
                            .map(name -> name.replaceFirst("\\.md$", ""))
                            .toList();
            assertThat(names).isNotEmpty();
            assertThat(Stream.of(Code.values()).map(Code::id)).containsAll(names);
        }
    }

    private static String tables() {
        StringBuilder text = new StringBuilder("\n## Weft's own\n\n| Code | Meaning |\n|---|---|\n");
        for (Code code : Code.values()) {
            boolean page = Files.exists(DOCS.resolve(code.id() + ".md"));
            String id = page ? "[" + code.id() + "](" + code.id() + ".md)" : code.id();
            text.append("| ").append(id).append(" | ").append(code.title()).append(" |\n");
        }
        text.append("\n## Istio's\n\n| Code | Level | Name | Meaning |\n|---|---|---|---|\n");
        for (IstioCode code : IstioCode.values()) {
            text.append("| ").append(code.id()).append(" | ").append(code.level().title());
            text.append(" | ").append(code.messageName()).append(" | ");
            text.append(code.title().replace("|", "\\|")).append(" |\n");
        }
        return text.toString();
    }
}
