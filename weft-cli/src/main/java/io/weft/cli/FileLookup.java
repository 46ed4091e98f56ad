package io.weft.cli;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.ConfigProviders;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.WorkloadConfigBuilder;
import io.weft.compiler.WorkloadIdentity;
import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.Locality;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compiles files; behind each service, and each subset that the caller's routes name, it imagines a
 * workload with a sidecar that has the labels it needs. For one thread.
 */
final class FileLookup implements ConfigLookup {

    private final CompiledPolicies policies;
    private final ServiceCatalog catalog;
    private WorkloadConfigBuilder builder;

    private FileLookup(CompiledPolicies policies) {
        this.policies = policies;
        this.catalog = policies.catalog();
        this.builder = new WorkloadConfigBuilder(policies, catalog, ConfigProviders.NONE);
    }

    /**
     * Compiles.
     *
     * @throws CommandProblem with the first error when there are some
     */
    static FileLookup of(List<SourceFile> files) {
        CompiledPolicies policies = MeshCompiler.compile(files, CompilerOptions.DEFAULT);
        Optional<Diagnostic> error =
                policies.diagnostics().stream().filter(Diagnostic::isError).findFirst();
        if (error.isPresent()) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA, error.get().format() + " (weft analyze lists all)");
        }
        return new FileLookup(policies);
    }

    @Override
    public Side client(Caller caller, Destination destination) {
        WorkloadIdentity identity =
                new WorkloadIdentity(
                        caller.workload(),
                        caller.serviceAccount(),
                        caller.labels(),
                        List.of(),
                        caller.gateway());
        Set<String> routes = caller.gateway() ? Set.of() : Set.of(destination.toString());
        Map<String, Registration> imagined = new TreeMap<>();
        for (MeshResource resource : builder.build(identity, routes).values()) {
            if (resource instanceof Cluster cluster) {
                catalog.byHost(cluster.host())
                        .filter(service -> !service.external() && !service.selector().isEmpty())
                        .ifPresent(
                                service -> imagined.put(cluster.name(), imagine(service, cluster)));
            }
        }
        builder =
                new WorkloadConfigBuilder(
                        policies,
                        catalog.withRegistrations(imagined.values()),
                        ConfigProviders.NONE);
        return new Side(builder.build(identity, routes), 0);
    }

    private static Registration imagine(MeshService service, Cluster cluster) {
        return new Registration(
                cluster.name(),
                new WorkloadId(service.namespace(), service.name()),
                service.name(),
                labels(service, cluster),
                Locality.UNKNOWN,
                "",
                "127.0.0.1",
                service.ports().stream().map(FileLookup::port).toList(),
                List.of(),
                false,
                true,
                true);
    }

    private static Map<String, String> labels(MeshService service, Cluster cluster) {
        Map<String, String> labels = new TreeMap<>(service.selector());
        labels.putAll(cluster.subsetLabels());
        return labels;
    }

    @Override
    public Side server(Map<String, MeshResource> client, String name) {
        if (!(client.get(ResourceKeys.cluster(name)) instanceof Cluster cluster)) {
            return new Side(Map.of(), 0);
        }
        Optional<MeshService> found = catalog.byHost(cluster.host());
        if (found.isEmpty() || found.get().external()) {
            return new Side(Map.of(), 0);
        }
        MeshService service = found.get();
        WorkloadIdentity identity =
                new WorkloadIdentity(
                        new WorkloadId(service.namespace(), service.name()),
                        service.name(),
                        labels(service, cluster),
                        service.ports().stream().map(FileLookup::port).toList(),
                        false);
        int port = service.port(cluster.port()).map(FileLookup::target).orElse(cluster.port());
        return new Side(builder.build(identity, Set.of()), port);
    }

    private static RegisteredPort port(DeclaredPort port) {
        int target = target(port);
        return new RegisteredPort(port.name(), target, port.protocol(), target);
    }

    private static int target(DeclaredPort port) {
        return port.targetPort() > 0 ? port.targetPort() : port.port();
    }
}
