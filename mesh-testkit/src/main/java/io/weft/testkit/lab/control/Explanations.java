package io.weft.testkit.lab.control;

import io.weft.dataplane.assembly.MeshProxy;
import io.weft.engine.SampleRequest;
import io.weft.engine.explain.ExplainInput;
import io.weft.engine.explain.Explainer;
import io.weft.engine.explain.Explanation;
import io.weft.engine.route.CompiledRoutes;
import io.weft.engine.route.OutboundDecision;
import io.weft.model.AppProtocol;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.WorkloadConfig;
import io.weft.testkit.lab.client.Dial;
import io.weft.testkit.lab.client.Protocol;
import io.weft.testkit.lab.mesh.LabGateway;
import io.weft.testkit.lab.mesh.LabMesh;
import io.weft.testkit.lab.mesh.LabReplica;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers what would become of a request, from the very resources that the sidecars hold. Nothing
 * is sent. Thread-safe; blocks while a sidecar asks for routes that it has not.
 */
public final class Explanations {

    private final LabMesh mesh;
    private final Callers callers;
    private final Callees callees;
    private final Explainer explainer;

    public Explanations(LabMesh mesh) {
        this.mesh = mesh;
        this.callers = new Callers(mesh);
        this.callees = new Callees(mesh);
        this.explainer = new Explainer(mesh.clock());
    }

    /**
     * An answer.
     *
     * @param result as {@link Explanation.Result}
     * @param status that the caller would see; 200 stands for the application's answer, 0 for none
     * @param grpcStatus of an answer that a proxy gives a gRPC caller, whose HTTP status is 200
     *     then
     * @param destinations who may be called, where there are several, and what each would say
     */
    public record Answer(
            String result,
            int status,
            @Nullable Integer grpcStatus,
            String reason,
            @Nullable String decidedBy,
            Explanation explanation,
            List<PerDestination> destinations) {}

    /** What one of a route's destinations would say. */
    public record PerDestination(
            String destination, double percent, String callee, Explanation explanation) {}

    /** Answers one question; as many requests as it counts would all be decided alike. */
    public Answer explain(RequestOrder order) {
        Protocol protocol = Requests.protocol(order.protocol());
        Callers.Caller caller = callers.find(order.from());
        Target target = Target.of(mesh, caller, order, protocol);
        return switch (caller) {
            case Callers.Caller.Inside(LabReplica replica) -> {
                MeshProxy proxy = replica.proxy();
                String address = replica.address();
                yield proxy == null || Boolean.TRUE.equals(order.direct())
                        ? direct(
                                new Samples(order, protocol, target, !protocol.isHttp(), address),
                                replica.identity())
                        : outbound(
                                new Samples(
                                        order,
                                        protocol,
                                        target,
                                        !protocol.isHttp() || target.scheme().equals("https"),
                                        address),
                                replica,
                                proxy);
            }
            case Callers.Caller.Outside(var gateway) ->
                    edge(
                            gateway,
                            new Samples(order, protocol, target, !protocol.isHttp(), "127.0.0.1"));
        };
    }

    private Answer edge(LabGateway gateway, Samples samples) {
        Map<String, MeshResource> client = SidecarConfig.of(gateway.proxy()).resources();
        String authority = samples.authority();
        if (!(client.get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config)) {
            return through(client, gateway.identity(), samples, authority);
        }
        EdgeHandshake.Outcome hello =
                new EdgeHandshake(config, samples.port())
                        .of(samples.target().scheme().equals("https"), samples.sni(), authority);
        Explanation.Decision ended = hello.decision();
        if (ended != null) {
            return ended(samples, ended);
        }
        if (!hello.opaque()) {
            return through(client, gateway.identity(), samples, authority);
        }
        // The server name is what such a connection is routed by.
        String name = samples.sni() == null ? authority : samples.sni();
        return through(client, gateway.identity(), samples.asOpaque(), name);
    }

    private Answer outbound(Samples samples, LabReplica replica, MeshProxy proxy) {
        RequestOrder.To to = java.util.Objects.requireNonNull(samples.order().to());
        String host = java.util.Objects.requireNonNull(to.host()).toLowerCase(Locale.ROOT);
        int port = samples.port();
        String name = host + ":" + port;
        SidecarConfig config = SidecarConfig.of(mesh, replica.instance(), proxy, host, port);
        Map<String, MeshResource> client = new HashMap<>(config.resources());
        if (!(client.get(ResourceKeys.routes(name)) instanceof RouteTable table)) {
            return unknown(samples, client, name);
        }
        Samples asked = table.hosts().isEmpty() ? samples.asOpaque() : samples;
        // The connection's destination chooses the table; the authority only within it.
        String authority = asked.authority();
        if (asked.opaque() || CompiledRoutes.compile(table).host(authority) == null) {
            authority = name;
        }
        client.put(ResourceKeys.routes(key(authority, port)), table);
        return through(client, replica.identity(), asked, authority);
    }

    private static String key(String authority, int port) {
        String lower = authority.toLowerCase(Locale.ROOT);
        return lower.matches(".*:[0-9]+") ? lower : lower + ":" + port;
    }

    private Answer unknown(Samples samples, Map<String, MeshResource> client, String name) {
        int colon = name.lastIndexOf(':');
        String host = colon < 0 ? name : name.substring(0, colon);
        OutboundDecision outside =
                client.get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config
                        ? OutboundDecision.of(config, host.replaceAll("[\\[\\]]", ""))
                        : new OutboundDecision(
                                OutboundPolicy.ALLOW_ANY,
                                Origin.builtIn("outbound traffic policy ALLOW_ANY"));
        Explanation.Decision decision =
                outside.closed()
                        ? new Explanation.Decision(
                                Explanation.Result.NO_ROUTE,
                                502,
                                name + " is not in the registry",
                                outside.origin())
                        : new Explanation.Decision(
                                Explanation.Result.ALLOWED,
                                200,
                                name + " is passed on to where the network leads",
                                outside.origin());
        return ended(samples, decision);
    }

    /** Straight to the callee's sidecar: in plain text, or with the caller's own certificate. */
    private Answer direct(Samples samples, SpiffeId caller) {
        Dial dial = samples.target().dial();
        Callees.Callee callee = dial == null ? Callees.Callee.OUTSIDE : callees.find(dial.target());
        boolean tls = samples.target().scheme().equals("https");
        InboundPort port = port(callee);
        boolean mutual = tls && "workload".equals(samples.order().clientCertificate());
        Explanation.Decision refused = mutual ? null : refused(port, tls);
        if (refused != null) {
            return ended(samples, refused);
        }
        boolean opaque = port != null && (isOpaque(port) || tls && !mutual);
        Samples asked = opaque ? samples.asOpaque() : samples;
        SampleRequest request = asked.to(asked.authority()).withDestinationIp(callee.address());
        return answer(
                asked,
                explainer.explain(
                        new ExplainInput(
                                Map.of(),
                                mutual ? caller : null,
                                callee.resources(),
                                callee.port(),
                                request)),
                List.of());
    }

    /** What a port does to a connection without a certificate, null when it takes it. */
    private static Explanation.@Nullable Decision refused(@Nullable InboundPort port, boolean tls) {
        if (port == null) {
            return null;
        }
        if (port.mtls() == MtlsMode.STRICT) {
            return new Explanation.Decision(
                    Explanation.Result.DENIED,
                    0,
                    tls
                            ? "no certificate was shown to a port that takes mutual TLS only"
                            : "plain text to a port that takes mutual TLS only",
                    port.mtlsOrigin());
        }
        boolean surelyHttp = port.protocol().mayBeHttp() && port.protocol() != AppProtocol.AUTO;
        return tls && port.mtls() == MtlsMode.PERMISSIVE && surelyHttp
                ? new Explanation.Decision(
                        Explanation.Result.DENIED,
                        0,
                        "no certificate was shown",
                        Origin.builtIn("mutual TLS"))
                : null;
    }

    private static boolean isOpaque(InboundPort port) {
        return switch (port.protocol()) {
            case TCP, TLS, HTTPS -> true;
            default -> false;
        };
    }

    private static @Nullable InboundPort port(Callees.Callee callee) {
        return callee.resources().get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config
                ? config.inbound().stream()
                        .filter(each -> each.port() == callee.port())
                        .findFirst()
                        .orElse(config.undeclared())
                : null;
    }

    private Answer through(
            Map<String, MeshResource> client,
            SpiffeId identity,
            Samples samples,
            String authority) {
        SampleRequest request = samples.to(authority);
        Explanation own =
                explainer.explain(new ExplainInput(client, identity, Map.of(), 0, request));
        Explanation.RouteChoice route = own.route();
        boolean drawn =
                own.decision().result() == Explanation.Result.ALLOWED
                        || own.decision().result() == Explanation.Result.ANSWERED;
        if (!drawn || route == null) {
            return answer(samples, own, List.of());
        }
        List<PerDestination> each = new ArrayList<>();
        for (Explanation.Share share : route.destinations()) {
            if (share.weight() > 0) {
                each.add(destination(client, identity, request, share));
            }
        }
        return each.isEmpty()
                ? answer(samples, own, List.of())
                : answer(samples, each.getFirst().explanation(), each);
    }

    private PerDestination destination(
            Map<String, MeshResource> client,
            SpiffeId identity,
            SampleRequest request,
            Explanation.Share share) {
        Callees.Callee callee = callees.find(new SidecarConfig(client), share.destination());
        Explanation whole =
                explainer.explain(
                        new ExplainInput(
                                client,
                                identity,
                                callee.resources(),
                                callee.port(),
                                request.withDestinationIp(callee.address()),
                                share.destination()));
        return new PerDestination(share.destination(), share.percent(), callee.name(), whole);
    }

    private static Answer ended(Samples samples, Explanation.Decision decision) {
        return answer(samples, new Explanation(null, null, null, null, null, decision), List.of());
    }

    private static Answer answer(
            Samples samples, Explanation explanation, List<PerDestination> destinations) {
        Explanation.Decision decision = explanation.decision();
        Origin origin = decision.origin();
        boolean forwarded =
                decision.result() == Explanation.Result.ALLOWED
                        || decision.result() == Explanation.Result.ASKS_EXTERNAL;
        Integer grpc =
                forwarded || samples.opaque() || samples.protocol() != Protocol.GRPC
                        ? null
                        : grpcStatus(explanation);
        int status = grpc == null ? decision.status() : 200;
        return new Answer(
                decision.result().name(),
                samples.opaque() && !forwarded ? 0 : status,
                grpc,
                decision.reason(),
                origin.isBuiltIn() ? null : origin.describe(),
                explanation,
                destinations);
    }

    /** Errors of the proxy are told in gRPC's way; what a route answers with stays as it is. */
    private static @Nullable Integer grpcStatus(Explanation explanation) {
        Explanation.Decision decision = explanation.decision();
        Explanation.RouteChoice route = explanation.route();
        boolean written =
                decision.result() == Explanation.Result.ANSWERED
                        && (route == null || route.destinations().isEmpty());
        if (written || decision.status() == 0) {
            return null;
        }
        return switch (decision.status()) {
            case 400, 421 -> 13;
            case 401 -> 16;
            case 403 -> 7;
            case 404 -> 12;
            case 429, 502, 503, 504 -> 14;
            default -> 2;
        };
    }
}
