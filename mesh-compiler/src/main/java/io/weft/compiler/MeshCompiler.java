package io.weft.compiler;

import io.weft.compiler.analysis.Analyzer;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.catalog.Registration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Compiles the files of a commit as a whole. Stateless and thread-safe; the same files give the
 * same result.
 */
public final class MeshCompiler {

    private MeshCompiler() {}

    /**
     * Compiles files, which are taken in the order of their paths. Never throws for what stands in
     * them: every problem is a diagnostic.
     */
    public static CompiledPolicies compile(List<SourceFile> files, CompilerOptions options) {
        return new IncrementalCompiler(options).compile(files);
    }

    /**
     * Compiles files and looks for what no single resource shows. Only what {@link #compile} finds
     * refuses a commit; see {@link Analysis#policies()}.
     *
     * @param running the instances that are registered; where there are none, pods and templates of
     *     pods in the files count as workloads
     */
    public static Analysis analyze(
            List<SourceFile> files, CompilerOptions options, Collection<Registration> running) {
        return analyze(files, options, running, name -> false);
    }

    /**
     * The same where credentials are kept beside the files.
     *
     * @param credentials whether there is one of this {@code namespace/name}
     */
    public static Analysis analyze(
            List<SourceFile> files,
            CompilerOptions options,
            Collection<Registration> running,
            Predicate<String> credentials) {
        IncrementalCompiler compiler = new IncrementalCompiler(options);
        CompiledPolicies policies = compiler.compile(files);
        List<RawResource> resources = compiler.resources();
        ServiceCatalog catalog = policies.catalog().withRegistrations(running);
        Diagnostics all = new Diagnostics();
        Set<String> silenced = new HashSet<>();
        for (RawResource resource : resources) {
            String listed = resource.annotations().getOrDefault(Report.SUPPRESS, "");
            for (String code : listed.isEmpty() ? new String[0] : listed.split(",", -1)) {
                silenced.add(subject(resource) + " " + code.strip());
            }
        }
        for (Diagnostic found : policies.diagnostics()) {
            Diagnostic told = SchemaErrors.isOne(found) ? SchemaErrors.asIstioSays(found) : found;
            if (!isSilenced(told, silenced)) {
                all.add(told);
            } else if (found.isError()) {
                // Whoever silences Istio's code still learns why the commit would be refused.
                all.add(found);
            }
        }
        Analyzer.run(resources, catalog, options.rootNamespace(), credentials).forEach(all::add);
        return new Analysis(policies, IncrementalCompiler.sorted(all.all()));
    }

    private static boolean isSilenced(Diagnostic found, Set<String> silenced) {
        String subject = found.kind() + " " + found.namespace() + "/" + found.name() + " ";
        return silenced.contains(subject + "*") || silenced.contains(subject + found.code().id());
    }

    private static String subject(RawResource resource) {
        return resource.kind() + " " + resource.namespace() + "/" + resource.name();
    }
}
