package io.weft.compiler;

import io.weft.compiler.analysis.Analyzer;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.ClusterObjects;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.PolicyDialect;
import io.weft.compiler.dialect.gatewayapi.GatewayApiDialect;
import io.weft.compiler.dialect.consul.ConsulDialect;
import io.weft.compiler.dialect.istio.IstioDialect;
import io.weft.compiler.dialect.kubernetes.KubernetesDialect;
import io.weft.compiler.dialect.linkerd.LinkerdDialect;
import io.weft.compiler.dialect.smi.SmiDialect;
import io.weft.compiler.dialect.weft.WeftDialect;
import io.weft.compiler.yaml.RawResource;
import io.weft.compiler.yaml.ResourceParser;
import io.weft.model.Dialect;
import io.weft.model.catalog.Registration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Compiles the files of a commit as a whole. Stateless and thread-safe; the same files give the
 * same result.
 */
public final class MeshCompiler {

    /**
     * In order of precedence for the routing of one destination; Kubernetes comes last since it
     * takes what nobody else claims.
     */
    private static final List<PolicyDialect> DIALECTS =
            List.of(
                    new IstioDialect(),
                    new GatewayApiDialect(),
                    new LinkerdDialect(),
                    new ConsulDialect(),
                    new SmiDialect(),
                    new WeftDialect(),
                    new KubernetesDialect());

    /** Kinds that several files may declare parts of without harm. */
    private static final Set<String> REPEATABLE =
            Set.of("Namespace", "Deployment", "IstioOperator", "ConfigMap");

    private MeshCompiler() {}

    /**
     * Compiles files, which are taken in the order of their paths. Never throws for what stands in
     * them: every problem is a diagnostic.
     */
    public static CompiledPolicies compile(List<SourceFile> files, CompilerOptions options) {
        Diagnostics diagnostics = new Diagnostics();
        List<RawResource> resources = parse(files, options, diagnostics);
        reportDuplicates(resources, diagnostics);
        Map<Dialect, List<RawResource>> claimed = new EnumMap<>(Dialect.class);
        for (RawResource resource : resources) {
            DIALECTS.stream()
                    .filter(dialect -> dialect.claims(resource))
                    .findFirst()
                    .ifPresent(dialect ->
                            claimed.computeIfAbsent(dialect.id(), id -> new ArrayList<>())
                                    .add(resource));
        }
        CompileContext context =
                new CompileContext(
                        options.trustDomain(),
                        options.rootNamespace(),
                        options.allowByDefault(),
                        diagnostics,
                        ClusterObjects.of(resources));
        List<DialectPolicies> compiled = new ArrayList<>();
        for (PolicyDialect dialect : DIALECTS) {
            compiled.add(dialect.compile(claimed.getOrDefault(dialect.id(), List.of()), context));
        }
        ConflictCheck.report(compiled, diagnostics);
        CompiledPolicies policies = new CompiledPolicies(options, compiled, List.of());
        ConflictCheck.reportConnections(compiled, policies.catalog().services(), diagnostics);
        return new CompiledPolicies(options, compiled, sorted(diagnostics));
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
        CompiledPolicies policies = compile(files, options);
        List<RawResource> resources = parse(files, options, new Diagnostics());
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
            if (found.isError() || !isSilenced(found, silenced)) {
                all.add(found);
            }
        }
        SchemaErrors.of(policies.diagnostics()).stream()
                .filter(error -> !isSilenced(error, silenced))
                .forEach(all::add);
        Analyzer.run(resources, catalog, options.rootNamespace()).forEach(all::add);
        return new Analysis(policies, sorted(all));
    }

    private static boolean isSilenced(Diagnostic found, Set<String> silenced) {
        String subject = found.kind() + " " + found.namespace() + "/" + found.name() + " ";
        return silenced.contains(subject + "*") || silenced.contains(subject + found.code().id());
    }

    private static String subject(RawResource resource) {
        return resource.kind() + " " + resource.namespace() + "/" + resource.name();
    }

    private static List<RawResource> parse(
            List<SourceFile> files, CompilerOptions options, Diagnostics diagnostics) {
        ResourceParser parser = new ResourceParser(diagnostics);
        List<RawResource> resources = new ArrayList<>();
        List<SourceFile> ordered =
                files.stream().sorted(Comparator.comparing(SourceFile::path)).toList();
        for (SourceFile file : ordered) {
            if (!isPolicyFile(file.path())) {
                diagnostics.add(unread(file.path()));
                continue;
            }
            if (file.malformedLine() > 0) {
                parser.reportMalformed(file.path(), file.malformedLine());
                continue;
            }
            for (RawResource resource : parser.parse(file.path(), file.text())) {
                resources.add(
                        resource.namespace().isEmpty() && !isClusterScoped(resource)
                                ? resource.inNamespace(options.defaultNamespace())
                                : resource);
            }
        }
        // Oldest first; resources without a time keep the order of the files, before all others.
        resources.sort(Comparator.comparing(RawResource::creationTimestamp));
        return resources;
    }

    private static boolean isPolicyFile(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private static Diagnostic unread(String path) {
        return new Diagnostic(
                Code.IGNORED_KIND,
                Level.INFO,
                "",
                "",
                "",
                "",
                path,
                0,
                0,
                "",
                "not read: policies stand in .yaml, .yml and .json files",
                "");
    }

    private static boolean isClusterScoped(RawResource resource) {
        return resource.kind().equals("Namespace");
    }

    private static void reportDuplicates(List<RawResource> resources, Diagnostics diagnostics) {
        Map<String, RawResource> seen = new HashMap<>();
        for (RawResource resource : resources) {
            RawResource first = seen.putIfAbsent(resource.id(), resource);
            if (first == null) {
                continue;
            }
            boolean harmless = REPEATABLE.contains(resource.kind());
            diagnostics.add(
                    new Diagnostic(
                            Code.DUPLICATE_RESOURCE,
                            harmless ? Level.WARNING : Level.ERROR,
                            resource.kind(),
                            resource.namespace(),
                            resource.name(),
                            "",
                            resource.file(),
                            resource.line(),
                            1,
                            "",
                            "is declared already at " + first.file() + ":" + first.line(),
                            harmless
                                    ? "keep one, so that it is plain which holds"
                                    : "rename or remove one of the two"));
        }
    }

    private static List<Diagnostic> sorted(Diagnostics diagnostics) {
        return diagnostics.all().stream()
                .sorted(
                        Comparator.comparing(Diagnostic::file)
                                .thenComparingInt(Diagnostic::line)
                                .thenComparingInt(Diagnostic::column)
                                .thenComparing(d -> d.code().id())
                                .thenComparing(Diagnostic::fieldPath))
                .toList();
    }
}
