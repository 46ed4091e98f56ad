package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.status.ResourceStatus;
import io.weft.model.wire.MeshCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Translation by example: {@code golden/CASE/in.yaml} (policies) and {@code ask.txt} (which seed
 * files, which workloads, and whose configuration) give {@code out.json}. {@code
 * -Dgolden.update=true} writes the results anew.
 */
class GoldenTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    static Stream<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(GOLDEN)) {
            return folders.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void compilesToWhatIsWritten(String name) throws IOException {
        Path folder = GOLDEN.resolve(name);
        String actual = render(folder) + "\n";
        Path expected = folder.resolve("out.json");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(expected, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(expected));
    }

    private static String render(Path folder) throws IOException {
        Scenario scenario = new Scenario();
        Path policies = folder.resolve("in.yaml");
        if (Files.exists(policies)) {
            scenario.yaml(Files.readString(policies));
        }
        Map<String, Object> configs = new LinkedHashMap<>();
        List<String> asks = Files.readAllLines(folder.resolve("ask.txt"));
        for (String line : asks) {
            if (line.startsWith("seed ")) {
                scenario.seed(line.substring(5).strip().split("\\s+"));
            } else if (line.startsWith("workload ")) {
                scenario.workload(line.substring(9));
            }
        }
        for (String line : asks) {
            if (line.startsWith("for ")) {
                String[] words = line.substring(4).strip().split("\\s+");
                configs.put(
                        words[0],
                        scenario.config(words[0], Arrays.copyOfRange(words, 1, words.length)));
            }
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(
                "diagnostics",
                scenario.compile().diagnostics().stream().map(Diagnostic::format).toList());
        all.put("configurations", configs);
        List<ResourceStatus> statuses = scenario.statuses();
        if (!statuses.isEmpty()) {
            all.put("statuses", statuses);
        }
        return new MeshCodec().writePretty(all);
    }
}
