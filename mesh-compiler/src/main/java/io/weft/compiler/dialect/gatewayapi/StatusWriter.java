package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.status.Condition;
import io.weft.compiler.status.ListenerStatus;
import io.weft.compiler.status.ParentStatus;
import io.weft.compiler.status.ResourceStatus;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.catalog.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the status conditions of Gateways and routes. */
record StatusWriter(Bindings bindings, References references, ServiceCatalog catalog) {

    private static final String ACCEPTED = "Accepted";
    private static final String RESOLVED_REFS = "ResolvedRefs";
    private static final String PROGRAMMED = "Programmed";

    static ResourceStatus gatewayClass(RawResource resource) {
        return new ResourceStatus(
                resource.kind(),
                "",
                resource.name(),
                List.of(holds(ACCEPTED, ACCEPTED, GatewayReader.generation(resource))),
                List.of(),
                List.of());
    }

    static ResourceStatus backendTls(BackendTlsPolicies.Outcome outcome, ServiceCatalog catalog) {
        RawResource resource = outcome.resource();
        long generation = GatewayReader.generation(resource);
        Flaw problem = outcome.problem();
        return new ResourceStatus(
                resource.kind(),
                resource.namespace(),
                resource.name(),
                List.of(
                        refusal(outcome, catalog)
                                .map(flaw -> condition(ACCEPTED, flaw, generation))
                                .orElseGet(() -> holds(ACCEPTED, ACCEPTED, generation)),
                        problem == null
                                ? holds(RESOLVED_REFS, RESOLVED_REFS, generation)
                                : condition(RESOLVED_REFS, problem, generation)),
                List.of(),
                List.of());
    }

    /** Why the policy holds nowhere. */
    private static Optional<Flaw> refusal(
            BackendTlsPolicies.Outcome outcome, ServiceCatalog catalog) {
        if (!outcome.conflict().isEmpty()) {
            return Optional.of(new Flaw(ACCEPTED, "Conflicted", outcome.conflict()));
        }
        if (!outcome.usable()) {
            return Optional.of(
                    new Flaw(
                            ACCEPTED,
                            "NoValidCACertificate",
                            "there is no certificate to check the backend by: connections fail"));
        }
        boolean any = outcome.targets().stream().anyMatch(host -> catalog.byHost(host).isPresent());
        return any
                ? Optional.empty()
                : Optional.of(
                        new Flaw(ACCEPTED, "TargetNotFound", "no Service that it names is there"));
    }

    ResourceStatus gateway(GatewaySpec gateway) {
        boolean served = isServed(gateway);
        boolean sound = gateway.listeners().stream().allMatch(l -> l.flaws().isEmpty());
        boolean any = gateway.listeners().stream().anyMatch(ListenerSpec::usable);
        long generation = gateway.generation();
        List<ListenerStatus> listeners =
                gateway.listeners().stream().map(l -> listener(gateway, l, served)).toList();
        return new ResourceStatus(
                "Gateway",
                gateway.namespace(),
                gateway.name(),
                List.of(
                        new Condition(
                                ACCEPTED,
                                any,
                                sound ? ACCEPTED : "ListenersNotValid",
                                sound ? "" : "see the conditions of the listeners",
                                generation),
                        programmed(any, served, generation)),
                List.of(),
                listeners);
    }

    /** A Gateway is served by the gateway workload of its own name and namespace. */
    private boolean isServed(GatewaySpec gateway) {
        return catalog.registrations().stream()
                .filter(Registration::gateway)
                .anyMatch(r ->
                        r.workload().namespace().equals(gateway.namespace())
                                && r.workload().name().equals(gateway.name()));
    }

    private static Condition programmed(boolean usable, boolean served, long generation) {
        if (!usable) {
            return new Condition(
                    PROGRAMMED, false, "Invalid", "nothing of it can be served", generation);
        }
        return served
                ? new Condition(PROGRAMMED, true, PROGRAMMED, "", generation)
                : new Condition(
                        PROGRAMMED,
                        false,
                        "Pending",
                        "no gateway workload of this name and namespace is there",
                        generation);
    }

    private ListenerStatus listener(GatewaySpec gateway, ListenerSpec listener, boolean served) {
        long generation = gateway.generation();
        List<Condition> conditions = new ArrayList<>();
        Optional<Flaw> conflict = flaw(listener, "Conflicted");
        conditions.add(
                conflict.map(f -> condition(ACCEPTED, f, generation))
                        .orElseGet(() -> holds(ACCEPTED, ACCEPTED, generation)));
        conditions.add(
                new Condition(
                        "Conflicted",
                        conflict.isPresent(),
                        conflict.map(Flaw::reason).orElse("NoConflicts"),
                        conflict.map(Flaw::message).orElse(""),
                        generation));
        conditions.add(
                flaw(listener, RESOLVED_REFS)
                        .map(f -> condition(RESOLVED_REFS, f, generation))
                        .orElseGet(() -> holds(RESOLVED_REFS, RESOLVED_REFS, generation)));
        conditions.add(programmed(listener.usable(), served, generation));
        int attached =
                (int)
                        bindings.at(gateway).stream()
                                .filter(b -> b.listeners().contains(listener))
                                .map(Bindings.Binding::route)
                                .distinct()
                                .count();
        List<String> kinds = listener.kinds().stream().sorted().map(RouteKind::title).toList();
        return new ListenerStatus(listener.name(), kinds, attached, conditions);
    }

    private static Optional<Flaw> flaw(ListenerSpec listener, String type) {
        return listener.flaws().stream().filter(f -> f.condition().equals(type)).findFirst();
    }

    private static Condition condition(String type, Flaw flaw, long generation) {
        return new Condition(type, false, flaw.reason(), flaw.message(), generation);
    }

    private static Condition holds(String type, String reason, long generation) {
        return new Condition(type, true, reason, "", generation);
    }

    ResourceStatus route(RouteSpec route) {
        Condition resolved =
                references
                        .check(route, catalog)
                        .map(f -> condition(RESOLVED_REFS, f, route.generation()))
                        .orElseGet(() -> holds(RESOLVED_REFS, RESOLVED_REFS, route.generation()));
        List<ParentStatus> parents = new ArrayList<>();
        for (Bindings.Binding binding : bindings.of(route)) {
            parents.add(
                    parent(
                            binding.parent(),
                            binding.listeners().stream().map(ListenerSpec::name).toList(),
                            new Condition(
                                    ACCEPTED,
                                    binding.accepted(),
                                    binding.reason(),
                                    binding.message(),
                                    route.generation()),
                            resolved));
        }
        for (ParentRef parent : route.parents()) {
            if (parent.isService()) {
                parents.add(parent(parent, List.of(), atService(route, parent), resolved));
            }
        }
        return new ResourceStatus(
                route.kind().title(),
                route.namespace(),
                route.name(),
                List.of(),
                parents,
                List.of());
    }

    private Condition atService(RouteSpec route, ParentRef parent) {
        boolean there =
                catalog.byHost(MeshRoutes.host(parent))
                        .filter(s -> parent.port() == 0 || s.port(parent.port()).isPresent())
                        .isPresent();
        return there
                ? holds(ACCEPTED, ACCEPTED, route.generation())
                : new Condition(
                        ACCEPTED,
                        false,
                        "NoMatchingParent",
                        "no such Service, or it does not have the port",
                        route.generation());
    }

    private static ParentStatus parent(
            ParentRef parent, List<String> listeners, Condition accepted, Condition resolved) {
        return new ParentStatus(
                parent.kind(),
                parent.namespace(),
                parent.name(),
                parent.sectionName(),
                parent.port(),
                listeners,
                List.of(accepted, resolved));
    }
}
