package io.weft.preview;

import io.weft.engine.MeshClock;
import io.weft.engine.SampleRequest;
import io.weft.engine.explain.ExplainInput;
import io.weft.engine.explain.Explainer;
import io.weft.engine.explain.Explanation;
import io.weft.engine.route.OutboundDecision;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.UnknownHost;
import io.weft.model.resource.WorkloadConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks the engine what becomes of a request between workloads. For one thread. */
public final class Preview {

    private static final int OK = 200;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;

    private final Sides sides;
    private final Explainer explainer;

    public Preview(Sides sides, MeshClock clock) {
        this.sides = sides;
        this.explainer = new Explainer(clock);
    }

    /**
     * A request of a workload, or through a gateway.
     *
     * @param destination {@code host:port} as the caller writes it
     * @throws IllegalArgumentException when the configuration itself cannot be compiled
     */
    public Answer ask(Caller caller, String destination, SampleRequest request) {
        Map<String, MeshResource> client = sides.client(caller, destination);
        if (client.get(ResourceKeys.routes(destination)) instanceof UnknownHost) {
            return unknown(client, destination);
        }
        SpiffeId identity = caller.identity();
        Explanation own =
                explainer.explain(new ExplainInput(client, identity, Map.of(), 0, request));
        Explanation.RouteChoice route = own.route();
        if (own.decision().result() != Explanation.Result.ALLOWED || route == null) {
            return new Answer(own, "", List.of());
        }
        List<Answer.PerShare> shares = new ArrayList<>();
        route.destinations().stream()
                .filter(share -> share.weight() > 0)
                .map(share -> share(client, identity, request, share))
                .forEach(shares::add);
        return shares.stream()
                .max(Comparator.comparingDouble(Answer.PerShare::percent))
                .map(most -> new Answer(most.explanation(), most.callee(), shares))
                .orElseGet(() -> new Answer(own, "", List.of()));
    }

    private static Answer unknown(Map<String, MeshResource> client, String destination) {
        OutboundDecision outside =
                client.get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config
                        ? OutboundDecision.of(config, hostOf(destination))
                        : new OutboundDecision(
                                OutboundPolicy.ALLOW_ANY,
                                Origin.builtIn("outbound traffic policy ALLOW_ANY"));
        Explanation.Decision end =
                outside.closed()
                        ? new Explanation.Decision(
                                Explanation.Result.NO_ROUTE,
                                BAD_GATEWAY,
                                destination + " is no service that the mesh knows",
                                outside.origin())
                        : new Explanation.Decision(
                                Explanation.Result.ALLOWED,
                                OK,
                                destination
                                        + " is no service that the mesh knows; it is passed on to"
                                        + " where the network leads",
                                outside.origin());
        return new Answer(new Explanation(null, null, null, null, null, end), "", List.of());
    }

    private static String hostOf(String destination) {
        String host = destination.substring(0, Math.max(0, destination.lastIndexOf(':')));
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }

    private Answer.PerShare share(
            Map<String, MeshResource> client,
            SpiffeId identity,
            SampleRequest request,
            Explanation.Share share) {
        Callee callee = sides.behind(client, share.destination());
        Explanation whole =
                explainer.explain(
                        new ExplainInput(
                                client,
                                identity,
                                callee.resources(),
                                callee.port(),
                                request,
                                share.destination()));
        return new Answer.PerShare(share.destination(), share.percent(), callee.workload(), whole);
    }

    /** A request in plain text straight to the callee's sidecar. */
    public Answer askDirectly(Callee callee, SampleRequest request) {
        InboundPort port = port(callee);
        if (port != null && port.mtls() == MtlsMode.STRICT) {
            Explanation.Decision refused =
                    new Explanation.Decision(
                            Explanation.Result.DENIED,
                            UNAVAILABLE,
                            "plain text to a port that takes mutual TLS only",
                            port.mtlsOrigin());
            return new Answer(
                    new Explanation(null, null, null, null, null, refused),
                    callee.workload(),
                    List.of());
        }
        Explanation explanation =
                explainer.explain(
                        new ExplainInput(
                                Map.of(), null, callee.resources(), callee.port(), request));
        return new Answer(explanation, callee.workload(), List.of());
    }

    private static @Nullable InboundPort port(Callee callee) {
        return callee.resources().get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config
                ? config.inbound().stream()
                        .filter(each -> each.port() == callee.port())
                        .findFirst()
                        .orElse(config.undeclared())
                : null;
    }
}
