package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.model.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All VirtualServices, oldest first, by host and by gateway. Immutable. */
final class VirtualServices {

    private final Map<String, List<VirtualServiceSpec>> meshByHost = new HashMap<>();
    private final Map<String, List<VirtualServiceSpec>> byGateway = new HashMap<>();
    private final List<String> wildcards = new ArrayList<>();

    VirtualServices(List<VirtualServiceSpec> written, Diagnostics diagnostics) {
        List<VirtualServiceSpec> all = new Delegates(written, diagnostics).resolve();
        for (VirtualServiceSpec spec : all) {
            for (String gateway : spec.gateways()) {
                byGateway.computeIfAbsent(gateway, g -> new ArrayList<>()).add(spec);
            }
            if (spec.inMesh()) {
                for (String host : spec.hosts()) {
                    index(host, spec, diagnostics);
                }
            }
        }
        wildcards.sort((a, b) -> Integer.compare(b.length(), a.length()));
    }

    private void index(String host, VirtualServiceSpec spec, Diagnostics diagnostics) {
        List<VirtualServiceSpec> others = meshByHost.computeIfAbsent(host, h -> new ArrayList<>());
        if (others.isEmpty() && host.startsWith("*")) {
            wildcards.add(host);
        }
        if (!others.isEmpty()) {
            VirtualServiceSpec first = others.getFirst();
            Origin origin = spec.origin();
            diagnostics.add(
                    new Diagnostic(
                            Code.OVERLAPPING_HOSTS,
                            Level.WARNING,
                            origin.kind(),
                            origin.namespace(),
                            origin.name(),
                            "spec.hosts",
                            origin.file(),
                            origin.line(),
                            1,
                            host,
                            host
                                    + " is routed by "
                                    + first.origin().describe()
                                    + " already: in the mesh the older one wins and this one is"
                                    + " not in force for callers who see both",
                            "put the routes into one VirtualService"));
        }
        others.add(spec);
    }

    /** What routes hosts in the mesh. */
    Map<String, Origin> routedHosts() {
        Map<String, Origin> hosts = new LinkedHashMap<>();
        meshByHost.forEach((host, specs) -> hosts.put(host, specs.getFirst().origin()));
        return hosts;
    }

    /** The VirtualServices that are bound to a gateway, oldest first. */
    List<VirtualServiceSpec> ofGateway(String gateway) {
        return byGateway.getOrDefault(gateway, List.of());
    }

    /** The routes of a sidecar for a destination: the most specific host, then the oldest. */
    Optional<RoutePlan> routes(OutboundView view, ClusterLinker linker) {
        VirtualServiceSpec spec = find(view);
        if (spec == null) {
            return Optional.empty();
        }
        HttpMatchSpec.Caller caller =
                new HttpMatchSpec.Caller(view.client(), List.of(GatewayNames.MESH), view.port());
        RouteWriter writer = new RouteWriter(caller, linker);
        return Optional.of(
                new RoutePlan(
                        writer.http(spec.http()),
                        writer.connections(spec.connections()),
                        spec.origin()));
    }

    private @Nullable VirtualServiceSpec find(OutboundView view) {
        VirtualServiceSpec exact = visible(view.host(), view);
        if (exact != null) {
            return exact;
        }
        for (String wildcard : wildcards) {
            if (IstioHosts.covers(wildcard, view.host())) {
                VirtualServiceSpec spec = visible(wildcard, view);
                if (spec != null) {
                    return spec;
                }
            }
        }
        return null;
    }

    private @Nullable VirtualServiceSpec visible(String host, OutboundView view) {
        return meshByHost.getOrDefault(host, List.of()).stream()
                .filter(spec -> spec.exportTo().includes(view.client().namespace()))
                .findFirst()
                .orElse(null);
    }
}
