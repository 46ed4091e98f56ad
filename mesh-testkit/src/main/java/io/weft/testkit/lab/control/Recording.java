package io.weft.testkit.lab.control;

import io.weft.compiler.policytest.PolicyTest;
import io.weft.compiler.policytest.PolicyTestCase;
import io.weft.compiler.policytest.PolicyTestYaml;
import io.weft.compiler.policytest.TestCaller;
import io.weft.compiler.policytest.TestExpectation;
import io.weft.compiler.policytest.TestExpectation.Decision;
import io.weft.compiler.policytest.TestExpectation.ResourceName;
import io.weft.compiler.policytest.TestRequest;
import io.weft.engine.explain.Explanation;
import io.weft.model.Origin;
import io.weft.model.WorkloadId;
import io.weft.testkit.lab.client.Protocol;
import io.weft.testkit.lab.mesh.LabReplica;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns requests into a {@code PolicyTest}: who asked whom, and what came of it by which policy.
 * What a test cannot say is left out, with the reason. Thread-safe.
 */
final class Recording {

    private static final Origin RECORDED = Origin.builtIn("recorded in the lab");

    private final Map<String, PolicyTestCase> cases = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();
    private String namespace = "default";

    /**
     * What was recorded so far.
     *
     * @param policyTest YAML, empty before the first request
     */
    record Recorded(int requests, List<String> leftOut, String policyTest) {}

    synchronized void add(
            Callers.Caller caller, RequestOrder order, Answer answer, Explanations.Answer why) {
        String name = name(caller, order);
        String reason = reasonAgainst(order, answer, why);
        if (reason != null) {
            leftOut.add(name + ": " + reason);
            return;
        }
        if (cases.isEmpty()) {
            namespace = namespace(caller);
        }
        cases.put(
                name,
                new PolicyTestCase(
                        name,
                        from(caller, order),
                        request(caller, order, why),
                        expect(why),
                        RECORDED));
    }

    synchronized Recorded recorded() {
        String yaml =
                cases.isEmpty()
                        ? ""
                        : PolicyTestYaml.write(
                                List.of(
                                        new PolicyTest(
                                                namespace,
                                                "recorded",
                                                List.copyOf(cases.values()),
                                                RECORDED)));
        return new Recorded(cases.size(), List.copyOf(leftOut), yaml);
    }

    private static @Nullable String reasonAgainst(
            RequestOrder order, Answer answer, Explanations.Answer why) {
        Integer status = answer.status();
        int seen = status == null ? answer.error() == null ? 200 : 0 : status == 101 ? 200 : status;
        if (why.status() != seen) {
            return "answered with " + seen + ", which no policy decided";
        }
        Explanation.Guard server = why.explanation().server();
        if (server != null
                && server.token() != null
                && server.token().outcome().equals("invalid")) {
            return "a token that is not valid cannot be written down";
        }
        return header(order, "host") == null && header(order, ":authority") == null
                ? null
                : "a Host of its own cannot be written down";
    }

    private static String name(Callers.Caller caller, RequestOrder order) {
        RequestOrder.To to = Objects.requireNonNull(order.to());
        Protocol protocol = Requests.protocol(order.protocol());
        String who =
                switch (caller) {
                    case Callers.Caller.Inside(LabReplica replica) ->
                            replica.workload().name() + "." + replica.workload().namespace();
                    case Callers.Caller.Outside(var gateway) -> "outside " + gateway.spec().name();
                };
        StringBuilder name = new StringBuilder(who);
        name.append(Boolean.TRUE.equals(order.direct()) ? " directly to " : " to ")
                .append(to.host());
        name.append(to.port() == null ? "" : ":" + to.port()).append(' ');
        name.append(
                protocol.isHttp() ? method(order, protocol) + " " + path(order, protocol) : "tcp");
        if (order.headers() != null) {
            for (List<String> header : order.headers()) {
                name.append(", ").append(header.getFirst());
                if (!header.getFirst().equalsIgnoreCase("authorization")) {
                    name.append(": ").append(header.getLast());
                }
            }
        }
        return name.toString();
    }

    private static String namespace(Callers.Caller caller) {
        return switch (caller) {
            case Callers.Caller.Inside(LabReplica replica) -> replica.workload().namespace();
            case Callers.Caller.Outside(var gateway) -> gateway.spec().namespace();
        };
    }

    private static TestCaller from(Callers.Caller caller, RequestOrder order) {
        return switch (caller) {
            case Callers.Caller.Inside(LabReplica replica)
                    when replica.proxy() == null || Boolean.TRUE.equals(order.direct()) ->
                    new TestCaller.Outside(replica.address());
            case Callers.Caller.Inside(LabReplica replica) ->
                    new TestCaller.Workload(
                            replica.workload().id(),
                            replica.workload().serviceAccount(),
                            "",
                            replica.workload().labels());
            case Callers.Caller.Outside(var gateway) ->
                    new TestCaller.Gateway(
                            new WorkloadId(gateway.spec().namespace(), gateway.spec().name()),
                            gateway.identity().serviceAccount(),
                            gateway.spec().labels(),
                            "127.0.0.1");
        };
    }

    private static TestRequest request(
            Callers.Caller caller, RequestOrder order, Explanations.Answer why) {
        RequestOrder.To to = Objects.requireNonNull(order.to());
        Protocol protocol = Requests.protocol(order.protocol());
        boolean tls = Boolean.TRUE.equals(order.tls()) || protocol == Protocol.TLS;
        boolean edge = caller instanceof Callers.Caller.Outside;
        boolean opaque = !protocol.isHttp() || tls && !edge;
        String host = Objects.requireNonNull(to.host());
        if (!edge && host.indexOf('.') < 0) {
            host += "." + namespace(caller) + ".svc.cluster.local";
        }
        Map<String, Object> claims = claims(order, why);
        Map<String, String> headers = new LinkedHashMap<>();
        if (!opaque && protocol == Protocol.GRPC) {
            headers.put("content-type", "application/grpc");
        }
        for (List<String> header :
                opaque || order.headers() == null ? List.<List<String>>of() : order.headers()) {
            String name = header.getFirst().toLowerCase(Locale.ROOT);
            if (claims == null || !name.equals("authorization")) {
                headers.merge(name, header.getLast(), (a, b) -> a + "," + b);
            }
        }
        return new TestRequest(
                opaque
                        ? TestRequest.Protocol.TCP
                        : tls ? TestRequest.Protocol.HTTPS : TestRequest.Protocol.HTTP,
                host,
                to.port() == null ? (tls ? 443 : 80) : to.port(),
                opaque ? "" : method(order, protocol),
                opaque ? "" : path(order, protocol),
                headers,
                claims,
                "");
    }

    /** Those of a token that was found valid: a test takes it as signed. */
    private static @Nullable Map<String, Object> claims(
            RequestOrder order, Explanations.Answer why) {
        Explanation.Guard server = why.explanation().server();
        String token = header(order, "authorization");
        if (server == null
                || server.token() == null
                || !server.token().outcome().equals("valid")
                || token == null) {
            return null;
        }
        String[] parts = token.split("\\.");
        if (parts.length < 2) {
            return null;
        }
        String json = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        Map<String, Object> claims = new LinkedHashMap<>();
        Json.MAPPER
                .readTree(json)
                .properties()
                .forEach(claim -> {
                    if (!claim.getKey().equals("exp") && !claim.getKey().equals("iat")) {
                        claims.put(
                                claim.getKey(),
                                Json.MAPPER.convertValue(claim.getValue(), Object.class));
                    }
                });
        return claims;
    }

    private static TestExpectation expect(Explanations.Answer why) {
        Explanation.Decision decision = why.explanation().decision();
        boolean forwarded = decision.result() == Explanation.Result.ALLOWED;
        Explanation.RouteChoice route = why.explanation().route();
        return new TestExpectation(
                switch (decision.result()) {
                    case ALLOWED -> Decision.ALLOWED;
                    case DENIED -> Decision.DENIED;
                    case ANSWERED -> Decision.ANSWERED;
                    case NO_ROUTE -> Decision.NO_ROUTE;
                    case ASKS_EXTERNAL -> Decision.ASKS_EXTERNAL;
                },
                forwarded || decision.status() < 100 ? 0 : decision.status(),
                named(decision.origin()),
                route == null ? null : named(route.routeOrigin()),
                List.of(),
                "",
                RECORDED);
    }

    private static @Nullable ResourceName named(Origin origin) {
        return origin.isBuiltIn() || origin.name().isEmpty()
                ? null
                : new ResourceName(origin.kind(), origin.namespace(), origin.name());
    }

    private static String method(RequestOrder order, Protocol protocol) {
        String method = order.method();
        return protocol == Protocol.GRPC ? "POST" : method == null ? "GET" : method;
    }

    private static String path(RequestOrder order, Protocol protocol) {
        String path = order.path();
        return path != null ? path : protocol == Protocol.GRPC ? Requests.GRPC_PATH : "/";
    }

    private static @Nullable String header(RequestOrder order, String name) {
        for (List<String> header :
                order.headers() == null ? List.<List<String>>of() : order.headers()) {
            if (header.getFirst().equalsIgnoreCase(name)) {
                return header.getLast();
            }
        }
        return null;
    }
}
