package io.weft.policy.control;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Level;
import io.weft.model.catalog.Registration;
import io.weft.policy.source.PolicyBundle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Compiles a bundle as a whole. Thread-safe. */
final class BundleCompiler {

    private final CompilerOptions options;

    BundleCompiler(CompilerOptions options) {
        this.options = options;
    }

    Compiled compile(PolicyBundle bundle) {
        CompiledPolicies policies = MeshCompiler.compile(files(bundle), options);
        return new Compiled(bundle, policies, withSkipped(bundle, policies.diagnostics()));
    }

    /** Everything that can be said of a bundle, together with the workloads that are registered. */
    List<Diagnostic> analyze(PolicyBundle bundle, Collection<Registration> running) {
        return withSkipped(
                bundle, MeshCompiler.analyze(files(bundle), options, running).diagnostics());
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
        boolean policy = name.endsWith(".yaml") || name.endsWith(".yml") || !name.contains(".");
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
    record Compiled(PolicyBundle bundle, CompiledPolicies policies, List<Diagnostic> diagnostics) {
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
