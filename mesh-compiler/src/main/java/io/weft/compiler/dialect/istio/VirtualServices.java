package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.MeshSettings;
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

    private final MeshSettings.@Nullable Retries usual;

    /**
     * @param usual the retries of routes that do not say it; null is Istio's default
     */
    VirtualServices(
            List<VirtualServiceSpec> written,
            MeshSettings.@Nullable Retries usual,
            Diagnostics diagnostics) {
        this.usual = usual;
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
            SharedHosts.report(host, others, spec, diagnostics);
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
        List<VirtualServiceSpec> specs = find(view);
        if (specs.isEmpty()) {
            return Optional.empty();
        }
        HttpMatchSpec.Caller caller =
                new HttpMatchSpec.Caller(view.client(), List.of(GatewayNames.MESH), view.port());
        RouteWriter writer = writer(caller, linker);
        return Optional.of(
                new RoutePlan(
                        specs.size() == 1
                                ? writer.http(specs.getFirst().http())
                                : writer.merged(specs),
                        specs.stream()
                                .flatMap(spec -> writer.connections(spec.connections()).stream())
                                .toList(),
                        specs.getFirst().origin()));
    }

    /** Writes routes for a caller. */
    RouteWriter writer(HttpMatchSpec.Caller caller, ClusterLinker linker) {
        return new RouteWriter(caller, linker, usual);
    }

    private List<VirtualServiceSpec> find(OutboundView view) {
        List<VirtualServiceSpec> exact = visible(view.host(), view);
        if (!exact.isEmpty()) {
            return exact;
        }
        for (String wildcard : wildcards) {
            if (IstioHosts.covers(wildcard, view.host())) {
                List<VirtualServiceSpec> specs = visible(wildcard, view);
                if (!specs.isEmpty()) {
                    return specs;
                }
            }
        }
        return List.of();
    }

    /** The oldest, and with it those that are merged when it asks for that. */
    private List<VirtualServiceSpec> visible(String host, OutboundView view) {
        List<VirtualServiceSpec> all =
                meshByHost.getOrDefault(host, List.of()).stream()
                        .filter(spec -> spec.exportTo().includes(view.client().namespace()))
                        .toList();
        return all.size() > 1 && all.getFirst().merges()
                ? all.stream().filter(VirtualServiceSpec::merges).toList()
                : all.stream().limit(1).toList();
    }
}
