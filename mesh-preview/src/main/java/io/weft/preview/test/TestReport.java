package io.weft.preview.test;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Level;
import java.util.List;
import java.util.stream.Collectors;

/** How all cases of a configuration went, in the order in which they stand. */
public record TestReport(List<TestResult> results) {

    /** Of a configuration without tests, or of one whose tests were not run. */
    public static final TestReport NONE = new TestReport(List.of());

    public TestReport {
        results = List.copyOf(results);
    }

    public boolean passed() {
        return results.stream().allMatch(TestResult::passed);
    }

    public List<TestResult> failures() {
        return results.stream().filter(result -> !result.passed()).toList();
    }

    /** One for each case that failed: these refuse a commit. */
    public List<Diagnostic> diagnostics() {
        return failures().stream().map(TestReport::diagnostic).toList();
    }

    private static Diagnostic diagnostic(TestResult result) {
        String why =
                result.mismatches().stream()
                        .map(TestResult.Mismatch::describe)
                        .collect(Collectors.joining("; "));
        return new Diagnostic(
                Code.POLICY_TEST_FAILED,
                Level.ERROR,
                result.origin().kind(),
                result.origin().namespace(),
                result.origin().name(),
                "spec.tests",
                result.origin().file(),
                result.origin().line(),
                0,
                result.name(),
                "'" + result.name() + "' fails: " + why,
                "correct the policy, or the test if the change is meant");
    }
}
