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
import io.weft.preview.test.TestResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each dialect means where implementers usually err: policies, and beside them policy tests
 * whose names are the sentences that must hold.
 */
class SemanticsTest {

    private static final Path FOLDER = Path.of("src/test/resources/semantics");

    static Stream<Path> files() throws IOException {
        try (Stream<Path> below = Files.walk(FOLDER)) {
            return below.filter(Files::isRegularFile).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everySentenceHolds(Path file) throws IOException {
        SourceFile source = new SourceFile("mesh/" + file.getFileName(), Files.readString(file));
        CompiledPolicies policies = MeshCompiler.compile(List.of(source), CompilerOptions.DEFAULT);
        assertThat(policies.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
        TestReport report = new PolicyTestRunner(policies, MeshClock.system()).run();
        assertThat(report.results()).isNotEmpty();
        assertThat(report.failures()).extracting(SemanticsTest::describe).isEmpty();
    }

    private static String describe(TestResult result) {
        return result.name()
                + ": "
                + result.mismatches().stream().map(TestResult.Mismatch::describe).toList();
    }
}
