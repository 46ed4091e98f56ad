package io.weft.compiler;

import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.cluster.Endpoint;
import io.weft.model.listener.MtlsMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The endpoints of service ports as every client sees them, found once for all clients.
 * Thread-safe.
 */
final class ServiceEndpoints {

    private record Asked(String host, DeclaredPort port) {}

    private final CompiledPolicies policies;
    private final ServiceCatalog catalog;
    private final Map<Asked, List<Endpoint>> found = new ConcurrentHashMap<>();

    ServiceEndpoints(CompiledPolicies policies, ServiceCatalog catalog) {
        this.policies = policies;
        this.catalog = catalog;
    }

    /** Endpoints whose sidecar takes plain text only lose their identity: automatic mTLS is off. */
    List<Endpoint> of(MeshService service, DeclaredPort port) {
        return found.computeIfAbsent(
                new Asked(service.host(), port), asked -> find(service, asked.port()));
    }

    private List<Endpoint> find(MeshService service, DeclaredPort port) {
        return catalog.endpoints(service, port).stream()
                .map(endpoint -> refusesTls(endpoint, port) ? withoutIdentity(endpoint) : endpoint)
                .toList();
    }

    /**
     * Those of a subset.
     *
     * @param byLabels whether its labels are asked for, too
     */
    static List<Endpoint> selected(
            List<Endpoint> endpoints, ClusterPlan.Subset selection, boolean byLabels) {
        return endpoints.stream()
                .filter(e -> selection.filter() == null || selection.filter().test(e))
                .filter(e ->
                        !byLabels
                                || e.labels().entrySet().containsAll(selection.labels().entrySet()))
                .toList();
    }

    private boolean refusesTls(Endpoint endpoint, DeclaredPort port) {
        if (endpoint.identity() == null) {
            return false;
        }
        WorkloadView server =
                new WorkloadView(
                        endpoint.namespace(),
                        endpoint.workload(),
                        endpoint.identity().serviceAccount(),
                        endpoint.labels(),
                        false);
        int workloadPort = port.targetPort() > 0 ? port.targetPort() : 0;
        return policies.dialects().stream()
                .map(dialect -> dialect.mtls(server, workloadPort))
                .flatMap(Optional::stream)
                .findFirst()
                .map(setting -> setting.mode() == MtlsMode.DISABLE)
                .orElse(false);
    }

    private static Endpoint withoutIdentity(Endpoint endpoint) {
        return new Endpoint(
                endpoint.id(),
                endpoint.address(),
                endpoint.port(),
                null,
                endpoint.namespace(),
                endpoint.workload(),
                endpoint.labels(),
                endpoint.locality(),
                endpoint.weight());
    }
}
