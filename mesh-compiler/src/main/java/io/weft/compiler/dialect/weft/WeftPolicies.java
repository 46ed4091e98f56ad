package io.weft.compiler.dialect.weft;

import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.policytest.PolicyTest;
import io.weft.model.Dialect;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import java.util.List;

/** The filters that our own kinds add to routes, and the tests of a configuration. */
record WeftPolicies(List<RouteFilters> filters, List<PolicyTest> policyTests)
        implements DialectPolicies {

    WeftPolicies {
        filters = List.copyOf(filters);
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
}
