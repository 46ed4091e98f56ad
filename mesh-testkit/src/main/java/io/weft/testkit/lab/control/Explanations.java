package io.weft.testkit.lab.control;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.engine.SampleRequest;
import io.weft.engine.explain.ExplainInput;
import io.weft.engine.explain.Explainer;
import io.weft.engine.explain.Explanation;
import io.weft.engine.route.CompiledRoutes;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import io.weft.model.cluster.Endpoint;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.WorkloadConfig;
import io.weft.testkit.lab.client.Protocol;
import io.weft.testkit.lab.mesh.LabMesh;
import io.weft.testkit.lab.mesh.LabReplica;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers what would become of a request, from the very resources that the sidecars hold. Nothing
 * is sent. Thread-safe; blocks while a sidecar asks for routes that it has not.
 */
public final class Explanations {

    private final LabMesh mesh;
    private final Callers callers;
    private final Explainer explainer;

    public Explanations(LabMesh mesh) {
        this.mesh = mesh;
        this.callers = new Callers(mesh);
        this.explainer = new Explainer(mesh.clock());
    }

    /**
     * An answer.
     *
     * @param result as {@link Explanation.Result}
     * @param status that the caller would see; 200 stands for the application's answer, 0 for none
     * @param destinations who may be called, where there are several, and what each would say
     */
    public record Answer(
            String result,
            int status,
            String reason,
            @Nullable String decidedBy,
            Explanation explanation,
            List<PerDestination> destinations) {}

    /** What one of a route's destinations would say. */
    public record PerDestination(
            String destination, double percent, String callee, Explanation explanation) {}

    private record Callee(Map<String, MeshResource> resources, int port, String name) {
        static final Callee OUTSIDE = new Callee(Map.of(), 0, "");
    }

    /** Answers one question; as many requests as it counts would all be decided alike. */
    public Answer explain(RequestOrder order) {
        Protocol protocol = Requests.protocol(order.protocol());
        Callers.Caller caller = callers.find(order.from());
        Target target = Target.of(mesh, caller, order, protocol);
        return switch (caller) {
            case Callers.Caller.Inside(LabReplica replica) -> {
                MeshProxy proxy = replica.proxy();
                yield proxy == null || Boolean.TRUE.equals(order.direct())
                        ? direct(order, protocol, target, replica.identity())
                        : outbound(order, protocol, target, replica, proxy);
            }
            case Callers.Caller.Outside(var gateway) -> {
                SampleRequest request = sample(order, protocol, target, authority(order, target));
                Map<String, MeshResource> client = SidecarConfig.of(gateway.proxy()).resources();
                yield through(client, gateway.identity(), request);
            }
        };
    }

    private Answer outbound(
            RequestOrder order,
            Protocol protocol,
            Target target,
            LabReplica replica,
            MeshProxy proxy) {
        RequestOrder.To to = java.util.Objects.requireNonNull(order.to());
        String host = java.util.Objects.requireNonNull(to.host()).toLowerCase(Locale.ROOT);
        int port = port(order, target);
        String name = host + ":" + port;
        SidecarConfig config = SidecarConfig.of(mesh, replica.instance(), proxy, host, port);
        Map<String, MeshResource> client = new HashMap<>(config.resources());
        if (!(client.get(ResourceKeys.routes(name)) instanceof RouteTable table)) {
            return unknown(client, name);
        }
        // The connection's destination chooses the table; the authority only within it.
        String authority = authority(order, target);
        if (CompiledRoutes.compile(table).host(authority) == null) {
            authority = name;
        }
        SampleRequest request = sample(order, protocol, target, authority);
        client.put(ResourceKeys.routes(key(authority, port)), table);
        return through(client, replica.identity(), request);
    }

    private static String key(String authority, int port) {
        String lower = authority.toLowerCase(Locale.ROOT);
        return lower.matches(".*:[0-9]+") ? lower : lower + ":" + port;
    }

    private Answer unknown(Map<String, MeshResource> client, String name) {
        boolean closed =
                client.get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config
                        && config.outboundPolicy() == OutboundPolicy.REGISTRY_ONLY;
        Explanation.Decision decision =
                closed
                        ? new Explanation.Decision(
                                Explanation.Result.NO_ROUTE,
                                502,
                                name + " is not in the registry",
                                Origin.builtIn("outbound traffic policy REGISTRY_ONLY"))
                        : new Explanation.Decision(
                                Explanation.Result.ALLOWED,
                                200,
                                name + " is passed on to where the network leads",
                                Origin.builtIn("outbound traffic policy ALLOW_ANY"));
        return answer(new Explanation(null, null, null, null, null, decision), List.of());
    }

    /** Straight to the callee's sidecar: in plain text, or with the caller's own certificate. */
    private Answer direct(RequestOrder order, Protocol protocol, Target target, SpiffeId caller) {
        Callee callee = target.dial() == null ? Callee.OUTSIDE : callee(target.dial().target());
        boolean mutual =
                target.scheme().equals("https") && "workload".equals(order.clientCertificate());
        InboundPort port = port(callee);
        if (!mutual && port != null && port.mtls() == MtlsMode.STRICT) {
            Explanation.Decision refused =
                    new Explanation.Decision(
                            Explanation.Result.DENIED,
                            0,
                            "plain text to a port that takes mutual TLS only",
                            port.mtlsOrigin());
            return answer(new Explanation(null, null, null, null, null, refused), List.of());
        }
        SampleRequest request = sample(order, protocol, target, authority(order, target));
        return answer(
                explainer.explain(
                        new ExplainInput(
                                Map.of(),
                                mutual ? caller : null,
                                callee.resources(),
                                callee.port(),
                                request)),
                List.of());
    }

    private static @Nullable InboundPort port(Callee callee) {
        return callee.resources().get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config
                ? config.inbound().stream()
                        .filter(each -> each.port() == callee.port())
                        .findFirst()
                        .orElse(config.undeclared())
                : null;
    }

    private Answer through(
            Map<String, MeshResource> client, SpiffeId identity, SampleRequest request) {
        Explanation own =
                explainer.explain(new ExplainInput(client, identity, Map.of(), 0, request));
        Explanation.RouteChoice route = own.route();
        if (own.decision().result() != Explanation.Result.ALLOWED || route == null) {
            return answer(own, List.of());
        }
        List<PerDestination> each = new ArrayList<>();
        for (Explanation.Share share : route.destinations()) {
            if (share.weight() > 0) {
                each.add(destination(client, identity, request, share));
            }
        }
        return each.isEmpty()
                ? answer(own, List.of())
                : answer(each.getFirst().explanation(), each);
    }

    private PerDestination destination(
            Map<String, MeshResource> client,
            SpiffeId identity,
            SampleRequest request,
            Explanation.Share share) {
        Callee callee = callee(new SidecarConfig(client), share.destination());
        Explanation whole =
                explainer.explain(
                        new ExplainInput(
                                client,
                                identity,
                                callee.resources(),
                                callee.port(),
                                request,
                                share.destination()));
        return new PerDestination(share.destination(), share.percent(), callee.name(), whole);
    }

    private Callee callee(SidecarConfig config, String cluster) {
        Cluster found = config.cluster(cluster);
        Optional<Endpoint> endpoint =
                found == null ? Optional.empty() : config.endpoints(found).stream().findFirst();
        return endpoint.map(e -> callee(new InetSocketAddress(e.address(), e.port())))
                .orElse(Callee.OUTSIDE);
    }

    private Callee callee(InetSocketAddress address) {
        for (LabReplica replica : mesh.replicas()) {
            MeshProxy proxy = replica.proxy();
            if (proxy == null) {
                continue;
            }
            for (var port : proxy.plane().inboundPorts().entrySet()) {
                if (port.getValue() == address.getPort()) {
                    return new Callee(
                            SidecarConfig.of(proxy).resources(), port.getKey(), replica.instance());
                }
            }
        }
        return Callee.OUTSIDE;
    }

    private static int port(RequestOrder order, Target target) {
        RequestOrder.To to = order.to();
        Integer port = to == null ? null : to.port();
        return port != null ? port : target.scheme().equals("https") ? 443 : 80;
    }

    /** The last header that says so, else as a client writes the destination. */
    private static String authority(RequestOrder order, Target target) {
        String authority = target.authority();
        for (List<String> header :
                order.headers() == null ? List.<List<String>>of() : order.headers()) {
            String name = header.getFirst().toLowerCase(Locale.ROOT);
            if (name.equals("host") || name.equals(":authority")) {
                authority = header.getLast();
            }
        }
        return authority;
    }

    private static SampleRequest sample(
            RequestOrder order, Protocol protocol, Target target, String authority) {
        int port = port(order, target);
        if (!protocol.isHttp()) {
            return SampleRequest.tcp(port).authority(authority).sni(order.sni()).build();
        }
        boolean grpc = protocol == Protocol.GRPC;
        String method = order.method() == null || grpc ? grpc ? "POST" : "GET" : order.method();
        SampleRequest.Builder request =
                SampleRequest.http(method, order.path() == null ? "/" : order.path())
                        .scheme(target.scheme())
                        .authority(authority)
                        .destinationPort(port);
        if (grpc) {
            request.header("content-type", "application/grpc");
        }
        for (List<String> header :
                order.headers() == null ? List.<List<String>>of() : order.headers()) {
            String name = header.getFirst().toLowerCase(Locale.ROOT);
            if (!name.equals("host") && !name.startsWith(":")) {
                request.header(name, header.getLast());
            }
        }
        return request.build();
    }

    private static Answer answer(Explanation explanation, List<PerDestination> destinations) {
        Explanation.Decision decision = explanation.decision();
        Origin origin = decision.origin();
        return new Answer(
                decision.result().name(),
                decision.status(),
                decision.reason(),
                origin.isBuiltIn() ? null : origin.describe(),
                explanation,
                destinations);
    }
}
