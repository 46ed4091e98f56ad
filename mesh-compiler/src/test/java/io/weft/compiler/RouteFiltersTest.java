package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteFiltersTest {

    private static final String ROUTES =
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: users, namespace: blog}
            spec:
              hosts: [users]
              http:
              - name: admin
                match: [{uri: {prefix: /admin}}]
                route: [{destination: {host: users}}]
              - name: rest
                route: [{destination: {host: users}}]
            """;

    private static String filters(String target, String filters) {
        return """
        apiVersion: policy.weft.io/v1
        kind: RouteFilters
        metadata: {name: tenant, namespace: blog}
        spec:
          target: %s
          filters:
        %s
        """
                .formatted(target, filters.indent(2).stripTrailing());
    }

    private static List<Route> routes(String filters) {
        RouteTable table =
                (RouteTable)
                        new Scenario()
                                .workload("blog/users ports=8080:HTTP services=users")
                                .yaml(ROUTES)
                                .yaml(filters)
                                .config("blog/users", "users:8080")
                                .get("routes/users:8080");
        return table.hosts().getFirst().routes();
    }

    private static List<Filter.Gateway> gateway(Route route) {
        return route.filters().stream()
                .filter(Filter.Gateway.class::isInstance)
                .map(Filter.Gateway.class::cast)
                .toList();
    }

    @Test
    void filtersInGatewaysShorthandAreAddedToTheNamedRouteAlone() {
        List<Route> routes =
                routes(
                        filters(
                                "{kind: VirtualService, name: users, route: admin}",
                                "- AddRequestHeader=X-Tenant, blog\n- PreserveHostHeader"));
        assertThat(gateway(routes.getFirst()))
                .extracting(Filter.Gateway::name)
                .containsExactly("AddRequestHeader", "PreserveHostHeader");
        assertThat(gateway(routes.getFirst()).getFirst().args())
                .containsExactly(
                        java.util.Map.entry("_genkey_0", "X-Tenant"),
                        java.util.Map.entry("_genkey_1", "blog"));
        assertThat(gateway(routes.getFirst()).getFirst().origin().line()).isEqualTo(7);
        assertThat(gateway(routes.getLast())).isEmpty();
    }

    @Test
    void withoutARouteEveryRouteOfTheResourceGetsThem() {
        List<Route> routes =
                routes(
                        filters(
                                "{kind: VirtualService, name: users}",
                                "- {name: RequestSize, args: {maxSize: 5000000}}"));
        assertThat(routes)
                .allSatisfy(route ->
                        assertThat(gateway(route).getFirst().args())
                                .containsEntry("maxSize", "5000000"));
    }

    @Test
    void whatCannotBeReadIsRefusedWithItsLine() {
        List<Diagnostic> diagnostics =
                new Scenario()
                        .yaml(filters("{kind: VirtualService, nam: users}", "- =x"))
                        .compile()
                        .diagnostics();
        assertThat(diagnostics)
                .filteredOn(Diagnostic::isError)
                .extracting(Diagnostic::fieldPath)
                .contains("spec.target.name", "spec.target.nam", "spec.filters[0]");
    }
}
