package io.weft.compiler.dialect.weft;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.PolicyDialect;
import io.weft.compiler.policytest.PolicyTest;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code policy.weft.io/v1}.
 *
 * <p>{@code RouteFilters} names Spring Cloud Gateway filters on the routes of a resource of any
 * dialect: {@code spec.target: {kind, name, route}} and {@code spec.filters}, each in Gateway's
 * shorthand ({@code AddRequestHeader=X-Tenant, blog}) or as {@code {name, args}}.
 *
 * <p>{@code RequestPolicy} bounds and changes what comes to workloads or along routes, {@code
 * EndpointPolicy} cares for the endpoints of a service.
 *
 * <p>{@code PolicyTest} states what must become of requests, see {@link PolicyTestReader}.
 */
public final class WeftDialect implements PolicyDialect {

    private static final String GROUP = "policy.weft.io";

    @Override
    public Dialect id() {
        return Dialect.WEFT;
    }

    @Override
    public boolean claims(RawResource resource) {
        return resource.group().equals(GROUP);
    }

    @Override
    public DialectPolicies compile(List<RawResource> resources, CompileContext context) {
        List<RouteFilters> filters = new ArrayList<>();
        List<PolicyTest> tests = new ArrayList<>();
        List<RequestPolicy> requests = new ArrayList<>();
        List<EndpointPolicy> endpoints = new ArrayList<>();
        for (RawResource resource : resources) {
            Field root = context.open(resource, Dialect.WEFT);
            switch (resource.kind()) {
                case "RouteFilters" -> filters.add(RouteFilters.read(root));
                case "PolicyTest" -> tests.add(PolicyTestReader.read(root));
                case "RequestPolicy" -> requests.add(RequestPolicy.read(root));
                case "EndpointPolicy" -> endpoints.add(EndpointPolicy.read(root));
                default -> {
                    root.accept();
                    root.error(
                            Code.UNKNOWN_KIND,
                            "no kind of "
                                    + GROUP
                                    + " (expected: EndpointPolicy, PolicyTest, RequestPolicy,"
                                    + " RouteFilters)",
                            "check the spelling of kind");
                }
            }
        }
        return new WeftPolicies(filters, requests, endpoints, context.rootNamespace(), tests);
    }
}
