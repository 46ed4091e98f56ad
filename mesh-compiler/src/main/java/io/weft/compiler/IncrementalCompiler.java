package io.weft.compiler;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.ClusterObjects;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.PolicyDialect;
import io.weft.compiler.dialect.Readings;
import io.weft.compiler.dialect.consul.ConsulDialect;
import io.weft.compiler.dialect.gatewayapi.GatewayApiDialect;
import io.weft.compiler.dialect.istio.IstioDialect;
import io.weft.compiler.dialect.kubernetes.KubernetesDialect;
import io.weft.compiler.dialect.linkerd.LinkerdDialect;
import io.weft.compiler.dialect.smi.SmiDialect;
import io.weft.compiler.dialect.weft.WeftDialect;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Compiles one configuration again and again, from commit to commit. The result is always that of
 * {@link MeshCompiler#compile}; what has not changed since the last time is not done again. Three
 * things are kept: the resources of each document, by its text; what a dialect read of a resource
 * ({@link Readings}); and a dialect's policies, when neither its resources nor the cluster's
 * objects that it looks at are others.
 *
 * <p>For one thread at a time; results are immutable.
 */
public final class IncrementalCompiler {

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

    private final CompilerOptions options;
    private final Readings readings = new Readings();
    private final Map<Dialect, Run> runs = new EnumMap<>(Dialect.class);
    private final ConnectionPlans connections = new ConnectionPlans();
    private Map<String, ParsedFile> parsed = Map.of();
    private Map<RawResource, Optional<Dialect>> claimants = Map.of();
    private List<RawResource> resources = List.of();

    public IncrementalCompiler(CompilerOptions options) {
        this.options = options;
    }

    /** One compilation by a dialect: from what, and what came out. */
    private record Run(
            List<RawResource> resources,
            ClusterObjects cluster,
            DialectPolicies policies,
            List<Diagnostic> diagnostics) {

        boolean isOf(List<RawResource> others, ClusterObjects otherCluster) {
            return resources.equals(others) && cluster.equals(otherCluster);
        }
    }

    /**
     * Compiles files, which are taken in the order of their paths. Never throws for what stands in
     * them: every problem is a diagnostic.
     */
    public CompiledPolicies compile(List<SourceFile> files) {
        Diagnostics diagnostics = new Diagnostics();
        resources = parse(files, diagnostics);
        reportDuplicates(resources, diagnostics);
        Map<Dialect, List<RawResource>> claimed = claim(resources);
        ClusterObjects cluster = ClusterObjects.of(resources);
        List<DialectPolicies> compiled = new ArrayList<>();
        for (PolicyDialect dialect : DIALECTS) {
            Run run =
                    run(
                            dialect,
                            claimed.getOrDefault(dialect.id(), List.of()),
                            dialect.looksAtCluster() ? cluster : ClusterObjects.UNSEEN);
            run.diagnostics().forEach(diagnostics::add);
            compiled.add(run.policies());
        }
        readings.compiled();
        ConflictCheck.report(compiled, diagnostics);
        List<MeshService> services =
                new CompiledPolicies(options, compiled, List.of()).catalog().services();
        ConflictCheck.reportConnections(compiled, services, connections, diagnostics);
        return new CompiledPolicies(options, compiled, sorted(diagnostics.all()));
    }

    /** All resources of the last compilation, oldest first. */
    List<RawResource> resources() {
        return resources;
    }

    private List<RawResource> parse(List<SourceFile> sources, Diagnostics diagnostics) {
        Map<String, ParsedFile> current = new HashMap<>();
        List<RawResource> found = new ArrayList<>();
        List<SourceFile> ordered =
                sources.stream().sorted(Comparator.comparing(SourceFile::path)).toList();
        Map<String, ParsedFile> before = parsed;
        // Files say nothing of each other. An edit is of few, which is not worth the threads.
        Stream<SourceFile> files = before.isEmpty() ? ordered.parallelStream() : ordered.stream();
        List<ParsedFile> contents =
                files.map(file ->
                                ParsedFile.parse(
                                        file, options.defaultNamespace(), before.get(file.path())))
                        .toList();
        for (ParsedFile content : contents) {
            current.put(content.source().path(), content);
            content.diagnostics().forEach(diagnostics::add);
            found.addAll(content.resources());
        }
        parsed = current;
        // Oldest first; resources without a time keep the order of the files, before all others.
        found.sort(Comparator.comparing(RawResource::creationTimestamp));
        return found;
    }

    private Map<Dialect, List<RawResource>> claim(List<RawResource> resources) {
        Map<Dialect, List<RawResource>> claimed = new EnumMap<>(Dialect.class);
        Map<RawResource, Optional<Dialect>> known = new IdentityHashMap<>(resources.size());
        for (RawResource resource : resources) {
            Optional<Dialect> before = claimants.get(resource);
            Optional<Dialect> claimant = before == null ? claimant(resource) : before;
            known.put(resource, claimant);
            claimant.ifPresent(
                    id -> claimed.computeIfAbsent(id, list -> new ArrayList<>()).add(resource));
        }
        claimants = known;
        return claimed;
    }

    private static Optional<Dialect> claimant(RawResource resource) {
        return DIALECTS.stream()
                .filter(dialect -> dialect.claims(resource))
                .map(PolicyDialect::id)
                .findFirst();
    }

    private Run run(PolicyDialect dialect, List<RawResource> claimed, ClusterObjects cluster) {
        Run before = runs.get(dialect.id());
        if (before != null && before.isOf(claimed, cluster)) {
            readings.keep(dialect.id());
            return before;
        }
        Diagnostics diagnostics = new Diagnostics();
        CompileContext context =
                new CompileContext(
                        options.trustDomain(),
                        options.rootNamespace(),
                        options.allowByDefault(),
                        diagnostics,
                        cluster,
                        readings);
        DialectPolicies policies = dialect.compile(claimed, context);
        Run now = new Run(claimed, cluster, policies, diagnostics.all());
        runs.put(dialect.id(), now);
        return now;
    }

    private static void reportDuplicates(List<RawResource> resources, Diagnostics diagnostics) {
        Map<String, RawResource> seen = HashMap.newHashMap(resources.size());
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

    /** By file and place. */
    static List<Diagnostic> sorted(List<Diagnostic> diagnostics) {
        return diagnostics.stream()
                .sorted(
                        Comparator.comparing(Diagnostic::file)
                                .thenComparingInt(Diagnostic::line)
                                .thenComparingInt(Diagnostic::column)
                                .thenComparing(d -> d.code().id())
                                .thenComparing(Diagnostic::fieldPath))
                .toList();
    }
}
