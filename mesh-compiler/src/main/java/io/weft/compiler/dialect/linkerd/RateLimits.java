package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.route.Filter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rate limits of all Servers; of several for one Server the first counts. */
final class RateLimits {

    private final List<ServerSpec> servers;
    private final Map<String, RateLimitSpec> byServer = new HashMap<>();

    RateLimits(List<ServerSpec> servers, List<RateLimitSpec> limits, Diagnostics diagnostics) {
        this.servers = List.copyOf(servers);
        for (RateLimitSpec limit : limits) {
            String server = limit.namespace() + "/" + limit.server();
            RateLimitSpec first = byServer.putIfAbsent(server, limit);
            if (first != null) {
                References.add(
                        diagnostics,
                        Code.INEFFECTIVE_POLICY,
                        limit.origin(),
                        "Server " + server + " is already limited by " + first.origin().describe(),
                        "put the rates into one policy");
            } else if (servers.stream()
                    .noneMatch(s -> server.equals(s.namespace() + "/" + s.name()))) {
                References.add(
                        diagnostics,
                        Code.DANGLING_REFERENCE,
                        limit.origin(),
                        "Server " + server + " does not exist: nothing is limited",
                        "create it, or correct the reference");
            }
        }
    }

    List<Filter> filters(WorkloadView workload, int port, String portName) {
        return servers.stream()
                .filter(server -> server.covers(workload, port, portName))
                .map(server -> byServer.get(server.namespace() + "/" + server.name()))
                .filter(limit -> limit != null)
                .findFirst()
                .map(RateLimitSpec::filters)
                .orElse(List.of());
    }
}
