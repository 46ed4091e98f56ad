package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.CompileContext;
import io.weft.model.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which listeners of which Gateways take which routes, and why others do not. Immutable. */
final class Bindings {

    /**
     * What became of a route at one parent.
     *
     * @param listeners those that take it
     * @param reason the API's word: {@code Accepted}, or why not
     */
    record Binding(
            RouteSpec route,
            ParentRef parent,
            List<ListenerSpec> listeners,
            String reason,
            String message) {

        Binding {
            listeners = List.copyOf(listeners);
        }

        boolean accepted() {
            return reason.equals("Accepted");
        }
    }

    private final Map<String, GatewaySpec> gateways = new HashMap<>();
    private final Map<String, List<Binding>> byGateway = new HashMap<>();
    private final Map<RouteSpec, List<Binding>> byRoute = new HashMap<>();
    private final CompileContext context;

    /**
     * @param foreign Gateways of other controllers, by {@code namespace/name}
     */
    Bindings(
            List<GatewaySpec> ours,
            List<String> foreign,
            List<RouteSpec> routes,
            CompileContext context) {
        this.context = context;
        ours.forEach(g -> gateways.put(g.namespace() + "/" + g.name(), g));
        for (RouteSpec route : routes) {
            for (ParentRef parent : route.parents()) {
                String id = parent.namespace() + "/" + parent.name();
                if (!parent.isGateway() && !parent.isService()) {
                    report(
                            parent.origin(),
                            "a "
                                    + parent.kind()
                                    + " of group '"
                                    + parent.group()
                                    + "' cannot be a parent here: the route is not served there",
                            "refer to a Gateway, or to a Service with group: ''");
                }
                if (!parent.isGateway() || foreign.contains(id)) {
                    continue;
                }
                GatewaySpec gateway = gateways.get(id);
                if (gateway == null) {
                    report(
                            parent.origin(),
                            "Gateway " + id + " does not exist: the route is not" + " served there",
                            "create the Gateway, or correct parentRefs");
                    continue;
                }
                Binding binding = bind(route, parent, gateway);
                byGateway.computeIfAbsent(id, g -> new ArrayList<>()).add(binding);
                byRoute.computeIfAbsent(route, r -> new ArrayList<>()).add(binding);
                if (!binding.accepted()) {
                    report(
                            parent.origin(),
                            "not served at Gateway "
                                    + id
                                    + ": "
                                    + binding.message()
                                    + " ("
                                    + binding.reason()
                                    + ")",
                            "correct parentRefs, or let a listener allow the route");
                }
            }
        }
    }

    /** What became of routes at a Gateway. */
    List<Binding> at(GatewaySpec gateway) {
        return byGateway.getOrDefault(gateway.namespace() + "/" + gateway.name(), List.of());
    }

    /** What became of a route at its Gateways. */
    List<Binding> of(RouteSpec route) {
        return byRoute.getOrDefault(route, List.of());
    }

    Optional<GatewaySpec> gateway(String namespace, String name) {
        return Optional.ofNullable(gateways.get(namespace + "/" + name));
    }

    private Binding bind(RouteSpec route, ParentRef parent, GatewaySpec gateway) {
        List<ListenerSpec> named =
                gateway.listeners().stream()
                        .filter(l ->
                                parent.sectionName().isEmpty()
                                        || parent.sectionName().equals(l.name()))
                        .filter(l -> parent.port() == 0 || parent.port() == l.port())
                        .toList();
        if (named.isEmpty()) {
            return new Binding(
                    route,
                    parent,
                    List.of(),
                    "NoMatchingParent",
                    "no listener has the section name and port that are asked for");
        }
        List<ListenerSpec> allowing =
                named.stream()
                        .filter(l -> l.kinds().contains(route.kind()))
                        .filter(l -> allows(l, gateway, route))
                        .toList();
        if (allowing.isEmpty()) {
            return new Binding(
                    route,
                    parent,
                    List.of(),
                    "NotAllowedByListeners",
                    "no listener allows "
                            + route.kind().title()
                            + "s of namespace "
                            + route.namespace());
        }
        List<ListenerSpec> common =
                allowing.stream()
                        .filter(l ->
                                !Hostnames.intersection(l.hostname(), route.hostnames()).isEmpty())
                        .toList();
        return common.isEmpty()
                ? new Binding(
                        route,
                        parent,
                        List.of(),
                        "NoMatchingListenerHostname",
                        "no listener has one of the host names " + route.hostnames())
                : new Binding(route, parent, common, "Accepted", "");
    }

    private boolean allows(ListenerSpec listener, GatewaySpec gateway, RouteSpec route) {
        return switch (listener.namespaces()) {
            case "All" -> true;
            case "Same" -> gateway.namespace().equals(route.namespace());
            case "Selector" ->
                    listener.selector() != null
                            && listener.selector()
                                    .selects(context.cluster().namespaceLabels(route.namespace()));
            default -> false;
        };
    }

    private void report(Origin at, String message, String mend) {
        context.diagnostics()
                .add(
                        new Diagnostic(
                                Code.DANGLING_REFERENCE,
                                Level.WARNING,
                                at.kind(),
                                at.namespace(),
                                at.name(),
                                "spec.parentRefs",
                                at.file(),
                                at.line(),
                                1,
                                "",
                                message,
                                mend));
    }
}
