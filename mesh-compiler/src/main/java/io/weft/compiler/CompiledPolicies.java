package io.weft.compiler;

import io.weft.compiler.catalog.DeclaredWorkload;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.MeshSettings;
import io.weft.compiler.policytest.PolicyTest;
import io.weft.compiler.status.ResourceStatus;
import io.weft.model.AppProtocol;
import io.weft.model.resource.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A whole configuration, compiled. Immutable and thread-safe. */
public final class CompiledPolicies {

    private final CompilerOptions options;
    private final List<DialectPolicies> dialects;
    private final List<Diagnostic> diagnostics;

    CompiledPolicies(
            CompilerOptions options, List<DialectPolicies> dialects, List<Diagnostic> diagnostics) {
        this.options = options;
        this.dialects = List.copyOf(dialects);
        this.diagnostics = List.copyOf(diagnostics);
    }

    public CompilerOptions options() {
        return options;
    }

    /** Everything that was found, by file and line. */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    /** Whether the configuration must be refused as a whole. */
    public boolean hasErrors() {
        return diagnostics.stream().anyMatch(Diagnostic::isError);
    }

    /** A catalogue of the services that the configuration declares, still without workloads. */
    public ServiceCatalog catalog() {
        List<MeshService> services = new ArrayList<>();
        dialects.forEach(d -> services.addAll(d.inventory().services()));
        return ServiceCatalog.of(options.trustDomain(), services);
    }

    /** Where key sets are to be fetched from; each is also the name of its resource. */
    public Set<String> jwksUris() {
        Set<String> uris = new TreeSet<>();
        dialects.forEach(d -> uris.addAll(d.inventory().jwksUris()));
        return uris;
    }

    /** Key sets that stand in the configuration, by resource name. */
    Map<String, String> inlineJwks() {
        Map<String, String> found = new TreeMap<>();
        dialects.forEach(d -> found.putAll(d.inventory().inlineJwks()));
        return found;
    }

    /** Certificates that stand in the configuration (TLS Secrets), by {@code namespace/name}. */
    public Map<String, Certificate> certificates() {
        Map<String, Certificate> found = new TreeMap<>();
        dialects.forEach(d -> found.putAll(d.inventory().certificates()));
        return found;
    }

    /**
     * What became of the resources whose API has a status (Gateway API), given the services and
     * workloads that there are.
     */
    public List<ResourceStatus> statuses(ServiceCatalog catalog) {
        return dialects.stream().flatMap(d -> d.statuses(catalog).stream()).toList();
    }

    /** The workloads that the configuration describes, which need not run. */
    public List<DeclaredWorkload> workloads() {
        return dialects.stream().flatMap(d -> d.workloads().stream()).toList();
    }

    /** The gateway workloads that the configuration asks for, each by the labels that select it. */
    public List<DeclaredWorkload> gatewayWorkloads() {
        return dialects.stream().flatMap(d -> d.gatewayWorkloads().stream()).toList();
    }

    /** The tests that must hold before the configuration may be put in force. */
    public List<PolicyTest> policyTests() {
        return dialects.stream().flatMap(d -> d.policyTests().stream()).toList();
    }

    /** What a service speaks on a port: as the port declares, else as a dialect says. */
    AppProtocol protocol(MeshService service, AppProtocol declared) {
        if (declared != AppProtocol.AUTO) {
            return declared;
        }
        return dialects.stream()
                .map(dialect -> dialect.protocol(service))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(declared);
    }

    /** Mesh-wide settings, from the first dialect that has some. */
    public MeshSettings meshSettings() {
        return dialects.stream()
                .map(DialectPolicies::meshSettings)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(MeshSettings.DEFAULT);
    }

    /** In order of precedence for routing. */
    List<DialectPolicies> dialects() {
        return dialects;
    }
}
