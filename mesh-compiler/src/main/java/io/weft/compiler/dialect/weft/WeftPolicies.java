package io.weft.compiler.dialect.weft;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.policytest.PolicyTest;
import io.weft.model.Dialect;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.listener.Denials;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What our own kinds add to those of others, and the tests of a configuration. */
record WeftPolicies(
        List<RouteFilters> filters,
        List<RequestPolicy> requests,
        List<EndpointPolicy> endpoints,
        String rootNamespace,
        List<PolicyTest> policyTests)
        implements DialectPolicies {

    WeftPolicies {
        filters = List.copyOf(filters);
        requests = List.copyOf(requests);
        endpoints = List.copyOf(endpoints);
        policyTests = List.copyOf(policyTests);
    }

    @Override
    public Dialect dialect() {
        return Dialect.WEFT;
    }

    @Override
    public List<Filter.Gateway> gatewayFilters(Route route) {
        return filters.stream()
                .filter(candidate -> candidate.concerns(route))
                .flatMap(candidate -> candidate.filters().stream())
                .toList();
    }

    @Override
    public List<Filter> routeFilters(Route route) {
        return requests.stream()
                .filter(policy -> policy.concerns(route))
                .flatMap(policy -> policy.filters().stream())
                .toList();
    }

    @Override
    public List<Filter> workloadFilters(WorkloadView workload, int port, String portName) {
        return requests.stream()
                .filter(policy -> policy.concerns(workload, port, rootNamespace))
                .flatMap(policy -> policy.filters().stream())
                .toList();
    }

    /** The own namespace's before the root namespace's. */
    @Override
    public Optional<Denials> denials(WorkloadView workload) {
        return requests.stream()
                .filter(policy -> policy.denials() != null)
                .filter(policy -> policy.concerns(workload, 0, rootNamespace))
                .min(
                        Comparator.comparing(
                                policy -> !policy.namespace().equals(workload.namespace())))
                .map(RequestPolicy::denials);
    }

    @Override
    public Optional<EndpointCare> endpointCare(MeshService service, int port) {
        return endpoints.stream()
                .filter(policy -> policy.concerns(service, port))
                .map(EndpointPolicy::care)
                .findFirst();
    }
}
