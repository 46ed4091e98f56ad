package io.weft.compiler.dialect.linkerd;

import io.weft.model.Origin;
import io.weft.model.route.Filter;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An HTTPRoute of {@code policy.linkerd.io}. */
record RouteSpec(
        String namespace,
        String name,
        List<Parent> parents,
        List<HostPattern> hosts,
        List<Rule> rules,
        @Nullable ServiceAnnotations annotations,
        Origin origin) {

    RouteSpec {
        parents = List.copyOf(parents);
        hosts = List.copyOf(hosts);
        rules = List.copyOf(rules);
    }

    /**
     * A Server (inbound) or a Service (outbound).
     *
     * @param port 0 for every port
     */
    record Parent(String kind, String namespace, String name, int port, Origin origin) {}

    /**
     * @param redirect null where it forwards
     * @param backends empty for the parent itself
     */
    record Rule(
            List<RuleMatch> matches,
            List<Filter> filters,
            RouteAction.@Nullable Redirect redirect,
            List<Backend> backends,
            Timeouts timeouts,
            @Nullable Duration perTry,
            Origin origin) {
        Rule {
            matches = List.copyOf(matches);
            filters = List.copyOf(filters);
            backends = List.copyOf(backends);
        }
    }

    record Backend(String host, int port, int weight, Origin origin) {}
}
