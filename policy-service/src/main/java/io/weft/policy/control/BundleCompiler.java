package io.weft.policy.control;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.IncrementalCompiler;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Level;
import io.weft.engine.MeshClock;
import io.weft.model.catalog.Registration;
import io.weft.policy.source.PolicyBundle;
import io.weft.preview.test.PolicyTestRunner;
import io.weft.preview.test.TestReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Compiles bundles, each as a whole but doing again only what has changed, and runs their policy
 * tests. Thread-safe.
 */
final class BundleCompiler {

    private final CompilerOptions options;
    private final MeshClock clock;
    private final IncrementalCompiler compiler;

    /** With the clock that tokens in policy tests are checked against. */
    BundleCompiler(CompilerOptions options, InstantSource clock) {
        this.options = options;
        this.clock = new TestClock(clock);
        this.compiler = new IncrementalCompiler(options);
    }

    /** Policy tests compare dates; they measure no durations. */
    private record TestClock(InstantSource source) implements MeshClock {
        @Override
        public Instant now() {
            return source.instant();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }

    /** Compiles, and runs the tests of a configuration that compiles. */
    Compiled compile(PolicyBundle bundle) {
        Compiled compiled = compileUntested(bundle);
        return compiled.hasErrors() || compiled.policies().policyTests().isEmpty()
                ? compiled
                : tested(compiled);
    }

    /** What has been in force already is not judged again: a restart must not take it away. */
    synchronized Compiled compileUntested(PolicyBundle bundle) {
        CompiledPolicies policies = compiler.compile(files(bundle));
        return new Compiled(
                bundle, policies, withSkipped(bundle, policies.diagnostics()), TestReport.NONE);
    }

    /** The gate: what the configuration's own tests say against it are errors like any other. */
    private Compiled tested(Compiled compiled) {
        TestReport report = new PolicyTestRunner(compiled.policies(), clock).run();
        List<Diagnostic> diagnostics = new ArrayList<>(compiled.diagnostics());
        diagnostics.addAll(report.diagnostics());
        return new Compiled(compiled.bundle(), compiled.policies(), diagnostics, report);
    }

    /** Everything that can be said of a bundle, together with the workloads that are registered. */
    List<Diagnostic> analyze(
            PolicyBundle bundle, Collection<Registration> running, Predicate<String> credentials) {
        return withSkipped(
                bundle,
                MeshCompiler.analyze(files(bundle), options, running, credentials).diagnostics());
    }

    private static List<SourceFile> files(PolicyBundle bundle) {
        return bundle.files().stream()
                .map(file -> new SourceFile(file.path(), file.content()))
                .toList();
    }

    private static List<Diagnostic> withSkipped(PolicyBundle bundle, List<Diagnostic> found) {
        List<Diagnostic> diagnostics = new ArrayList<>(found);
        bundle.skipped().forEach(file -> diagnostics.add(skipped(file)));
        return List.copyOf(diagnostics);
    }

    /**
     * A policy that could not be read may be the one that denies: then nothing of the commit
     * counts.
     */
    private static Diagnostic skipped(PolicyBundle.SkippedFile file) {
        String name = file.path().toLowerCase(Locale.ROOT);
        boolean policy = name.matches(".*\\.(yaml|yml|json|hcl)") || !name.contains(".");
        return new Diagnostic(
                Code.NOT_A_RESOURCE,
                policy ? Level.ERROR : Level.INFO,
                "",
                "",
                "",
                "",
                file.path(),
                0,
                0,
                "",
                "the source does not serve it: " + file.reason(),
                policy ? "mend or remove the file" : "");
    }

    /** What came out. */
    record Compiled(
            PolicyBundle bundle,
            CompiledPolicies policies,
            List<Diagnostic> diagnostics,
            TestReport tests) {
        Compiled {
            diagnostics = List.copyOf(diagnostics);
        }

        boolean hasErrors() {
            return diagnostics.stream().anyMatch(Diagnostic::isError);
        }

        int errors() {
            return (int) diagnostics.stream().filter(Diagnostic::isError).count();
        }

        int warnings() {
            return (int) diagnostics.stream().filter(d -> d.level() == Level.WARNING).count();
        }
    }
}
