package io.weft.preview;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.engine.MeshClock;
import io.weft.preview.test.PolicyTestRunner;
import io.weft.preview.test.TestReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests in the demo's repositories hold, and would notice what they are there to notice. */
class SamplePolicyTestsTest {

    private static final Path SAMPLES = Path.of("../blog-demo/launcher/src/main/resources/samples");

    @ParameterizedTest
    @ValueSource(strings = {"istio", "smi", "consul"})
    void theDemosOwnTestsHold(String dialect) throws IOException {
        TestReport report = run(sample(dialect));
        assertThat(report.results()).isNotEmpty();
        assertThat(report.failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"istio", "smi", "consul"})
    void lettingEverybodyInFailsThem(String dialect) throws IOException {
        List<SourceFile> open =
                sample(dialect).stream()
                        .filter(file -> !file.path().contains("security"))
                        .map(file ->
                                new SourceFile(
                                        file.path(),
                                        file.text()
                                                .replace("action: deny", "action: allow")
                                                .replace("kind: TrafficTarget", "kind: Ignored")
                                                .replace("access.smi-spec.io/", "example.com/")))
                        .toList();
        assertThat(run(open).passed()).isFalse();
    }

    @Test
    void thePageOfTheCodeHasAnExampleThatFailsAndAMendThatHolds() throws IOException {
        String[] parts = Files.readString(Path.of("../docs/diagnostics/WFT0701.md")).split("```");
        assertThat(parts).hasSize(5);
        assertThat(run(page(parts[1])).passed()).isFalse();
        assertThat(run(page(parts[3])).passed()).isTrue();
    }

    private static List<SourceFile> page(String block) {
        return List.of(new SourceFile("mesh/example.yaml", block.replaceFirst("yaml\n", "")));
    }

    private static TestReport run(List<SourceFile> files) {
        CompiledPolicies policies = MeshCompiler.compile(files, CompilerOptions.DEFAULT);
        assertThat(policies.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
        return new PolicyTestRunner(policies, MeshClock.system()).run();
    }

    private static List<SourceFile> sample(String dialect) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        for (Path root : List.of(SAMPLES.resolve("common"), SAMPLES.resolve(dialect))) {
            try (Stream<Path> below = Files.walk(root.resolve("mesh"))) {
                below.filter(file -> file.toString().endsWith(".yaml"))
                        .sorted()
                        .map(file -> new SourceFile(root.relativize(file).toString(), read(file)))
                        .forEach(files::add);
            }
        }
        return files;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).replace("@AUTH_PORT@", "9443");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
