package io.weft.compiler.replay;

import io.weft.engine.RandomSource;
import io.weft.engine.SampleRequest;
import io.weft.engine.route.CompiledRoutes;
import io.weft.engine.route.RouteDecision;
import io.weft.model.listener.GatewayServer;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Destination;
import io.weft.model.route.Filter;
import io.weft.model.route.HeaderOp;
import io.weft.model.route.RouteAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides requests by a gateway's configuration, with the data plane's own matching. */
final class GatewayReplay {

    private final Map<String, MeshResource> config;
    private final WorkloadConfig workload;
    private final RandomSource random = RandomSource.seeded(7);

    GatewayReplay(Map<String, MeshResource> config) {
        this.config = config;
        this.workload = (WorkloadConfig) config.get("workload");
    }

    /**
     * What happens to a request.
     *
     * @param cluster empty where it is not forwarded
     * @param location of a redirect, else empty
     */
    record Outcome(
            int status,
            String cluster,
            String path,
            String authority,
            Map<String, String> headers,
            List<Filter.Mirror> mirrors,
            String location,
            @Nullable RouteDecision decision) {

        static Outcome answered(int status) {
            return new Outcome(status, "", "", "", Map.of(), List.of(), "", null);
        }

        List<Filter> filters() {
            List<Filter> all = new ArrayList<>();
            if (decision != null) {
                all.addAll(decision.route().filters());
                if (decision.destination() != null) {
                    all.addAll(decision.destination().filters());
                }
            }
            return all;
        }
    }

    /** The port that a gateway's listeners share. */
    int onlyPort() {
        return workload.servers().getFirst().port();
    }

    Outcome decide(int port, @Nullable String sni, SampleRequest request) {
        GatewayServer server = server(port, sni);
        if (server == null) {
            return Outcome.answered(404);
        }
        RouteTable table = (RouteTable) config.get("routes/" + server.routes());
        RouteDecision decision = CompiledRoutes.compile(table).match(request, random);
        if (decision == null) {
            return Outcome.answered(404);
        }
        return switch (decision.action()) {
            case RouteAction.DirectResponse direct -> Outcome.answered(direct.status());
            case RouteAction.Redirect redirect -> redirected(redirect, request, decision);
            case RouteAction.Forward ignored -> forwarded(decision, request);
        };
    }

    private @Nullable GatewayServer server(int port, @Nullable String sni) {
        GatewayServer best = null;
        int longest = -1;
        for (GatewayServer server : workload.servers()) {
            int length = sni == null ? 0 : fit(server.hosts().getFirst(), sni);
            if (server.port() == port && length > longest) {
                best = server;
                longest = length;
            }
        }
        return best;
    }

    private static int fit(String host, String sni) {
        if (host.equals(sni)) {
            return 1000;
        }
        return host.startsWith("*") && sni.endsWith(host.substring(1)) ? host.length() : -1;
    }

    private static Outcome forwarded(RouteDecision decision, SampleRequest request) {
        List<Filter> filters = new ArrayList<>(decision.route().filters());
        var share = java.util.Objects.requireNonNull(decision.destination());
        filters.addAll(share.filters());
        String path = request.path();
        String authority = request.authority();
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        List<Filter.Mirror> mirrors = new ArrayList<>();
        for (Filter filter : filters) {
            switch (filter) {
                case Filter.Headers change -> change.request().forEach(op -> apply(op, headers));
                case Filter.Rewrite rewrite -> {
                    path = Locations.rewritten(rewrite.path(), path);
                    authority = rewrite.authority() == null ? authority : rewrite.authority();
                }
                case Filter.Mirror mirror -> mirrors.add(mirror);
                case Filter.Cors _,
                        Filter.Delay _,
                        Filter.Abort _,
                        Filter.LocalRateLimit _,
                        Filter.GlobalRateLimit _,
                        Filter.SizeLimit _,
                        Filter.Concurrency _,
                        Filter.Compression _,
                        Filter.Hedge _,
                        Filter.Gateway _ -> {}
            }
        }
        String query = request.query() == null ? "" : "?" + request.query();
        return switch (share.destination()) {
            case Destination.ToCluster(var cluster) ->
                    new Outcome(
                            200, cluster, path + query, authority, headers, mirrors, "", decision);
            case Destination.Unavailable gone -> Outcome.answered(gone.status());
        };
    }

    private static void apply(HeaderOp op, Map<String, String> headers) {
        switch (op) {
            case HeaderOp.Set(var name, var value) -> headers.put(name, value);
            case HeaderOp.Add(var name, var value) ->
                    headers.merge(name, value, (a, b) -> a + "," + b);
            case HeaderOp.Remove(var name) -> headers.remove(name);
        }
    }

    private static Outcome redirected(
            RouteAction.Redirect redirect, SampleRequest request, RouteDecision decision) {
        String location = Locations.of(redirect, request);
        return new Outcome(redirect.status(), "", "", "", Map.of(), List.of(), location, decision);
    }
}
