package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.FixedEndpoint;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.Target;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.Origin;
import io.weft.model.ServiceId;
import io.weft.model.cluster.Resolution;
import io.weft.model.match.Match;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.Timeouts;
import io.weft.model.route.WeightedDestination;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All ServiceProfiles: the caller's namespace goes before the service's. */
final class Profiles {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** By namespace and host; those that override nothing are left out. */
    private final Map<String, ProfileSpec> inForce = new LinkedHashMap<>();

    void add(ProfileSpec profile) {
        if (profile.inForce()) {
            inForce.putIfAbsent(profile.namespace() + " " + profile.host(), profile);
        }
    }

    Optional<ProfileSpec> find(String clientNamespace, String host, String serviceNamespace) {
        ProfileSpec own = inForce.get(clientNamespace + " " + host);
        return Optional.ofNullable(own != null ? own : inForce.get(serviceNamespace + " " + host));
    }

    Map<String, Origin> hosts() {
        Map<String, Origin> hosts = new LinkedHashMap<>();
        inForce.values().forEach(p -> hosts.putIfAbsent(p.host(), p.origin()));
        return hosts;
    }

    /** Everything that overrides lead to. */
    Set<String> destinations() {
        return inForce.values().stream()
                .flatMap(p -> p.overrides().stream())
                .map(Target::host)
                .collect(Collectors.toSet());
    }

    /**
     * Hosts of the outside that have a profile: callers of the profile's namespace know them, on
     * the usual ports.
     */
    List<MeshService> externalHosts() {
        List<MeshService> services = new ArrayList<>();
        for (ProfileSpec profile : inForce.values()) {
            String host = profile.host();
            if (host.endsWith("." + ServiceId.DOMAIN_SUFFIX) || host.indexOf('.') < 0) {
                continue;
            }
            services.add(
                    new MeshService(
                            host,
                            profile.namespace(),
                            host,
                            List.of(
                                    new DeclaredPort(
                                            "http", HTTP_PORT, AppProtocol.HTTP, HTTP_PORT, ""),
                                    new DeclaredPort(
                                            "https",
                                            HTTPS_PORT,
                                            AppProtocol.HTTPS,
                                            HTTPS_PORT,
                                            "")),
                            Map.of(),
                            List.of(),
                            Resolution.DNS,
                            true,
                            List.of(
                                    new FixedEndpoint(
                                            host, Map.of(), Map.of(), Locality.UNKNOWN, 1, "")),
                            List.of("."),
                            List.of(),
                            profile.origin()));
        }
        return services;
    }

    Optional<RoutePlan> routes(OutboundView view, ClusterLinker linker) {
        return profileOf(view).map(profile -> plan(profile, view, linker));
    }

    private Optional<ProfileSpec> profileOf(OutboundView view) {
        String owner = view.service() == null ? "" : view.service().namespace();
        return find(view.client().namespace(), view.host(), owner);
    }

    private static RoutePlan plan(ProfileSpec profile, OutboundView view, ClusterLinker linker) {
        List<Target> targets =
                profile.overrides().isEmpty()
                        ? List.of(
                                new Target(
                                        view.host(),
                                        view.port(),
                                        "",
                                        1,
                                        List.of(),
                                        profile.origin()))
                        : profile.overrides();
        List<WeightedDestination> destinations = linker.link(targets);
        List<Route> routes = new ArrayList<>();
        for (ProfileSpec.Line line : profile.routes()) {
            routes.add(
                    new Route(
                            line.name(),
                            line.match(),
                            new RouteAction.Forward(destinations),
                            List.of(),
                            line.timeouts(),
                            line.retry(),
                            line.origin()));
        }
        routes.add(
                new Route(
                        "default",
                        Match.ALWAYS,
                        new RouteAction.Forward(destinations),
                        List.of(),
                        Timeouts.NONE,
                        Connections.retry(profile.origin()),
                        profile.origin()));
        List<TcpRoute> connections =
                profile.overrides().isEmpty()
                        ? List.of()
                        : List.of(
                                new TcpRoute(
                                        "default",
                                        Match.ALWAYS,
                                        destinations,
                                        null,
                                        profile.origin()));
        return new RoutePlan(routes, connections, profile.origin());
    }
}
