package io.weft.engine.route;

import io.weft.engine.RandomSource;
import io.weft.engine.RequestFacts;
import io.weft.engine.match.Matchers;
import io.weft.engine.match.RequestPredicate;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@link RouteTable}: the most specific domain, then the first route in order. Immutable
 * and thread-safe; a match costs about the same among ten thousand hosts or paths as among ten.
 */
public final class CompiledRoutes {

    private final RouteTable table;
    private final HostIndex<CompiledHost> hosts;
    private final List<RouteDecision> decisions;
    private final List<CompiledTcp> tcp;

    private CompiledRoutes(
            RouteTable table,
            HostIndex<CompiledHost> hosts,
            List<RouteDecision> decisions,
            List<CompiledTcp> tcp) {
        this.table = table;
        this.hosts = hosts;
        this.decisions = List.copyOf(decisions);
        this.tcp = tcp;
    }

    /**
     * Compiles. Where two virtual hosts name the same domain, the first keeps it.
     *
     * @throws IllegalArgumentException when a regular expression is not RE2
     */
    public static CompiledRoutes compile(RouteTable table) {
        HostIndex.Builder<CompiledHost> index = new HostIndex.Builder<>();
        List<RouteDecision> decisions = new ArrayList<>();
        for (VirtualHost host : table.hosts()) {
            CompiledHost compiled = CompiledHost.compile(host, decisions);
            host.domains().forEach(domain -> index.add(domain, compiled));
        }
        List<CompiledTcp> tcp = table.tcp().stream().map(CompiledTcp::compile).toList();
        return new CompiledRoutes(table, index.build(), decisions, tcp);
    }

    public RouteTable table() {
        return table;
    }

    /** Every decision that {@link #match} can return; a decision stands at its id. */
    public List<RouteDecision> decisions() {
        return decisions;
    }

    /** The route of a request, null when no host or no route matches (404). Allocates nothing. */
    public @Nullable RouteDecision match(RequestFacts facts, RandomSource random) {
        CompiledHost host = hosts.find(facts.authority());
        return host == null ? null : host.match(facts, random);
    }

    /** The virtual host of an authority, null when none matches; its port does not count. */
    public @Nullable VirtualHost host(String authority) {
        CompiledHost host = hosts.find(authority);
        return host == null ? null : host.host();
    }

    /** The route of an opaque connection, null when none matches. */
    public @Nullable TcpDecision matchTcp(RequestFacts facts, RandomSource random) {
        for (CompiledTcp candidate : tcp) {
            if (candidate.predicate.test(facts)) {
                return candidate.decisions.get(candidate.weights.pick(random));
            }
        }
        return null;
    }

    private record CompiledTcp(
            RequestPredicate predicate, Weights weights, List<TcpDecision> decisions) {

        static CompiledTcp compile(TcpRoute route) {
            return new CompiledTcp(
                    Matchers.compile(route.match()),
                    new Weights(route.destinations()),
                    route.destinations().stream().map(d -> new TcpDecision(route, d)).toList());
        }
    }
}
