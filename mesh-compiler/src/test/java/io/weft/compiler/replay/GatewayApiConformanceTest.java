package io.weft.compiler.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.ConfigProviders;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.WorkloadConfigBuilder;
import io.weft.compiler.WorkloadIdentity;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.replay.GatewayReplay.Outcome;
import io.weft.compiler.status.Condition;
import io.weft.compiler.status.ParentStatus;
import io.weft.compiler.status.ResourceStatus;
import io.weft.engine.SampleRequest;
import io.weft.engine.match.StringMatchers;
import io.weft.model.WorkloadId;
import io.weft.model.route.Filter;
import io.weft.model.route.Timeouts;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The HTTPRoute tests of the Gateway API's own conformance suite: acceptance, conditions, and every
 * request whose outcome follows from the compiled configuration.
 */
class GatewayApiConformanceTest {

    private final Score score = new Score("gateway-api (HTTPRoute at a gateway)");

    @Test
    void everyDecisionIsTheOneThatTheApiAsksFor() {
        Path folder = SharedData.folder("gateway-api");
        JsonNode data = SharedData.json(folder.resolve("httproute.json"));
        int whole = 0;
        for (JsonNode test : data.path("tests")) {
            int before = score.failures().size();
            new Replay(folder, data.path("base").asString(), test, "").run();
            whole += score.failures().size() == before ? 1 : 0;
        }
        System.out.println(score.report());
        System.out.println(
                "  tests without a failed check: " + whole + " of " + data.path("tests").size());
        assertThat(score.failures()).as("cases that fail").isEmpty();
    }

    private final class Replay {
        private final String name;
        private final JsonNode test;
        private final Path folder;
        private final String base;
        private final CompiledPolicies policies;
        private final ServiceCatalog catalog;
        private final List<ResourceStatus> statuses;
        private final Map<String, GatewayReplay> gateways = new HashMap<>();

        /**
         * @param without a kind whose resources are taken away, empty for none
         */
        Replay(Path folder, String base, JsonNode test, String without) {
            this.test = test;
            this.folder = folder;
            this.base = base;
            this.name = test.path("test").asString();
            List<String> names = new ArrayList<>(List.of(base));
            test.path("manifests").forEach(manifest -> names.add(manifest.asString()));
            List<SourceFile> files =
                    names.stream()
                            .map(file ->
                                    new SourceFile(file, manifest(folder.resolve(file), without)))
                            .toList();
            policies = MeshCompiler.compile(files, CompilerOptions.DEFAULT);
            catalog = policies.catalog();
            statuses = policies.statuses(catalog);
        }

        private static String manifest(Path file, String without) {
            List<String> documents = new ArrayList<>();
            for (String document : SharedData.text(file).split("(?m)^---")) {
                if (without.isEmpty() || !document.contains("kind: " + without + "\n")) {
                    documents.add(document);
                }
            }
            return String.join("---", documents).replace("{GATEWAY_CLASS_NAME}", "weft");
        }

        void run() {
            List<String> errors =
                    policies.diagnostics().stream()
                            .filter(Diagnostic::isError)
                            .map(Diagnostic::format)
                            .toList();
            score.check("compiles", errors.isEmpty(), name + " " + errors);
            test.path("acceptedRoutes").forEach(this::accepted);
            test.path("conditions").forEach(this::condition);
            test.path("listeners").forEach(this::listener);
            for (JsonNode route : test.path("routesWithoutAcceptedParents")) {
                boolean none =
                        parents(route.asString()).stream().noneMatch(p -> holds(p, "Accepted"));
                score.check("acceptance", none, name + " " + route + " is accepted");
            }
            for (JsonNode gateway : test.path("gatewaysWithoutRoutes")) {
                int attached =
                        status("Gateway", gateway.asString()).listeners().stream()
                                .mapToInt(l -> l.attachedRoutes())
                                .sum();
                score.check("acceptance", attached == 0, name + " " + gateway + " has routes");
            }
            test.path("requests").forEach(this::request);
        }

        private ResourceStatus status(String kind, String id) {
            return statuses.stream()
                    .filter(s -> s.kind().equals(kind))
                    .filter(s -> (s.namespace() + "/" + s.name()).equals(id))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no status of " + kind + " " + id));
        }

        private List<ParentStatus> parents(String route) {
            return status("HTTPRoute", route).parents();
        }

        private List<ParentStatus> parents(JsonNode expected) {
            String gateway = expected.path("gateway").asString();
            return parents(expected.path("route").asString()).stream()
                    .filter(p -> (p.namespace() + "/" + p.name()).equals(gateway))
                    .toList();
        }

        private static boolean holds(ParentStatus parent, String type) {
            return parent.conditions().stream().anyMatch(c -> c.type().equals(type) && c.status());
        }

        private void accepted(JsonNode expected) {
            List<ParentStatus> parents = parents(expected);
            boolean accepted = parents.stream().anyMatch(p -> holds(p, "Accepted"));
            List<String> listeners = new ArrayList<>();
            expected.path("listeners").forEach(l -> listeners.add(l.asString()));
            if (!listeners.isEmpty()) {
                accepted &=
                        parents.stream()
                                .flatMap(p -> p.listeners().stream())
                                .toList()
                                .containsAll(listeners);
            }
            score.check("acceptance", accepted, name + " " + expected + " " + parents);
        }

        private void condition(JsonNode expected) {
            boolean wanted = expected.path("status").asString().equals("True");
            String reason = expected.path("reason").asString("");
            boolean found = false;
            for (ParentStatus parent : parents(expected)) {
                for (Condition condition : parent.conditions()) {
                    found |=
                            condition.type().equals(expected.path("type").asString())
                                    && condition.status() == wanted
                                    && (reason.isEmpty() || reason.equals(condition.reason()));
                }
            }
            score.check("conditions", found, name + " " + expected + " " + parents(expected));
        }

        private void listener(JsonNode expected) {
            int attached =
                    status("Gateway", expected.path("gateway").asString()).listeners().stream()
                            .filter(l -> l.name().equals(expected.path("listener").asString()))
                            .mapToInt(l -> l.attachedRoutes())
                            .sum();
            score.check(
                    "listeners",
                    attached == expected.path("attachedRoutes").asInt(),
                    name + " " + expected + " attached " + attached);
        }

        private GatewayReplay gateway(String id) {
            return gateways.computeIfAbsent(
                    id,
                    key -> {
                        String[] parts = key.split("/");
                        WorkloadIdentity identity =
                                new WorkloadIdentity(
                                        new WorkloadId(parts[0], parts[1]),
                                        parts[1],
                                        Map.of(),
                                        List.of(),
                                        true);
                        return new GatewayReplay(
                                new WorkloadConfigBuilder(policies, catalog, ConfigProviders.NONE)
                                        .build(identity, Set.of()));
                    });
        }

        private void request(JsonNode sent) {
            JsonNode request = sent.path("request");
            String after = sent.path("after").asString("");
            Replay replay =
                    after.startsWith("delete ReferenceGrant ")
                            ? new Replay(folder, base, test, "ReferenceGrant")
                            : this;
            GatewayReplay gateway = replay.gateway(sent.path("gateway").asString());
            int port = sent.path("listenerPort").asInt(gateway.onlyPort());
            String sni = request.path("tls").path("sni").asString(null);
            SampleRequest.Builder facts =
                    SampleRequest.http(
                                    request.path("method").asString(),
                                    request.path("path").asString())
                            .authority(request.path("host").asString("192.0.2.1"))
                            .scheme(sni == null ? "http" : "https")
                            .sni(sni)
                            .destinationPort(port);
            request.path("headers")
                    .properties()
                    .forEach(h -> facts.header(h.getKey(), h.getValue().asString()));
            SampleRequest sample = facts.build();
            Outcome outcome = gateway.decide(port, sni, sample);
            String problem = judge(sent, sample, outcome);
            score.check(
                    "requests",
                    problem.isEmpty(),
                    name + " " + sent.path("request") + " → " + problem);
            if (sent.has("repeat")) {
                repeat(sent, () -> gateway.decide(port, sni, sample));
            }
        }

        /** What is wrong, empty when nothing is. */
        private String judge(JsonNode sent, SampleRequest request, Outcome outcome) {
            JsonNode expect = sent.path("expect");
            leaveOut(sent);
            if (expect.path("answeredByGateway").asBoolean(false)
                    || request.headers().containsKey("origin")) {
                return judgeCors(expect, request, outcome);
            }
            int status = simulated(sent, outcome);
            boolean possible = false;
            for (JsonNode code : expect.path("statusCodes")) {
                possible |= code.asInt() == status || code.asInt() == 408 && status == 504;
            }
            if (!possible) {
                return "status " + status;
            }
            if (expect.has("redirect")) {
                return judgeRedirect(expect.path("redirect"), URI.create(outcome.location()));
            }
            if (status != 200) {
                return "";
            }
            String namespace = expect.path("namespace").asString("");
            String backend = expect.path("backend").asString("");
            if (!reaches(outcome.cluster(), backend, namespace)) {
                return "went to " + outcome.cluster();
            }
            return judgeBackendRequest(sent, outcome) + judgeMirrors(expect, outcome);
        }

        /** By name, or by what the service selects. */
        private boolean reaches(String cluster, String backend, String namespace) {
            if (backend.isEmpty() || cluster.startsWith(backend + "." + namespace + ".")) {
                return cluster.contains("." + namespace + ".");
            }
            Map<String, String> selector =
                    catalog.byHost(cluster.substring(0, cluster.indexOf(':')))
                            .orElseThrow()
                            .selector();
            if (selector.isEmpty()) {
                score.leaveOut(
                        "EndpointSlices written at run time: only the cluster's name is checked");
                return cluster.contains("manual-endpointslices." + namespace + ".");
            }
            return selector.equals(Map.of("app", backend));
        }

        private int simulated(JsonNode sent, Outcome outcome) {
            if (outcome.cluster().isEmpty() || outcome.decision() == null) {
                return outcome.status();
            }
            var route = outcome.decision().route();
            Timeouts timeouts = route.timeouts();
            RetrySimulation backend = new RetrySimulation(timeouts, route.retry());
            JsonNode behaviour = sent.path("backendBehaviour");
            if (behaviour.has("failFirst")) {
                return backend.status(
                        behaviour.path("failFirst").asInt(),
                        behaviour.path("failWith").path("status").asInt(0),
                        Duration.ofMillis(behaviour.path("delayBeforeFailingMillis").asLong(0)));
            }
            if (sent.path("request").has("frames")) {
                return 101;
            }
            boolean slow = sent.path("request").path("path").asString().contains("delay=1s");
            return slow ? backend.lateStatus(Duration.ofSeconds(1)) : outcome.status();
        }

        private static String judgeRedirect(JsonNode expected, URI location) {
            int port =
                    expected.path("port").asString("default").equals("default")
                            ? -1
                            : Integer.parseInt(expected.path("port").asString());
            boolean right =
                    expected.path("scheme").asString("http").equals(location.getScheme())
                            && location.getPort() == port
                            && (!expected.has("path")
                                    || expected.path("path").asString().equals(location.getPath()))
                            && (!expected.has("host")
                                    || expected.path("host").asString().equals(location.getHost()));
            return right ? "" : "redirected to " + location;
        }

        private static String judgeBackendRequest(JsonNode sent, Outcome outcome) {
            JsonNode expected =
                    sent.path("expect").has("backendRequest")
                            ? sent.path("expect").path("backendRequest")
                            : sent.path("request");
            if (expected.has("path") && !expected.path("path").asString().equals(outcome.path())) {
                return "path " + outcome.path();
            }
            if (expected.has("host")
                    && !expected.path("host").asString().equals(outcome.authority())) {
                return "host " + outcome.authority();
            }
            for (Map.Entry<String, JsonNode> header : expected.path("headers").properties()) {
                String name = header.getKey().toLowerCase(Locale.ROOT);
                String value = outcome.headers().get(name);
                if (!header.getValue().asString().equals(value)) {
                    return "header " + name + ": " + value;
                }
            }
            for (JsonNode absent : expected.path("absentHeaders")) {
                if (outcome.headers().containsKey(absent.asString().toLowerCase(Locale.ROOT))) {
                    return "header " + absent + " is there";
                }
            }
            return "";
        }

        private static String judgeMirrors(JsonNode expect, Outcome outcome) {
            for (JsonNode mirror : expect.path("mirroredTo")) {
                String cluster =
                        mirror.path("backend").asString()
                                + "."
                                + mirror.path("namespace").asString()
                                + ".";
                int wanted = mirror.path("percent").asInt(100) * 10_000;
                boolean found =
                        outcome.mirrors().stream()
                                .anyMatch(m ->
                                        m.cluster().startsWith(cluster)
                                                && m.share().partsPerMillion() == wanted);
                if (!found) {
                    return "not mirrored to " + mirror;
                }
            }
            return "";
        }

        /** The route is there with its filter, which lets in the right origins. */
        private String judgeCors(JsonNode expect, SampleRequest request, Outcome outcome) {
            Filter.Cors cors =
                    outcome.filters().stream()
                            .filter(Filter.Cors.class::isInstance)
                            .map(Filter.Cors.class::cast)
                            .findFirst()
                            .orElse(null);
            String origin = request.header("origin");
            if (cors == null || origin == null) {
                return "no CORS filter";
            }
            boolean allowed =
                    cors.allowOrigins().stream()
                            .anyMatch(o -> StringMatchers.compile(o).test(origin));
            boolean wanted =
                    !expect.path("absentResponseHeaders")
                            .toString()
                            .contains("\"access-control-allow-origin\"");
            boolean credentials =
                    !expect.path("absentResponseHeaders")
                            .toString()
                            .toLowerCase(Locale.ROOT)
                            .contains("access-control-allow-credentials");
            if (!credentials && cors.allowCredentials()) {
                return "credentials are allowed";
            }
            return allowed == wanted ? "" : "origin allowed: " + allowed;
        }

        private void leaveOut(JsonNode sent) {
            JsonNode expect = sent.path("expect");
            if (sent.path("request").has("frames")) {
                score.leaveOut("WebSocket frames: only the route is checked, no socket is open");
            } else if (sent.path("request").path("protocol").asString("").startsWith("h2c")) {
                score.leaveOut("HTTP/2 without TLS: only the route is checked");
            }
            if (expect.has("responseHeaders") || expect.has("responseHeaderOneOf")) {
                score.leaveOut("response headers (CORS and modifiers): the data plane writes them");
            }
        }

        private void repeat(JsonNode sent, Supplier<Outcome> decide) {
            Map<String, Integer> counts = new HashMap<>();
            int all = 20_000;
            boolean named = true;
            for (int i = 0; i < all; i++) {
                Outcome outcome = decide.get();
                String backend = outcome.cluster().replaceFirst("\\..*", "");
                counts.merge(backend, 1, Integer::sum);
                named &=
                        !outcome.headers().containsKey("backend")
                                || backend.equals(outcome.headers().get("backend"));
            }
            boolean right = named;
            JsonNode repeat = sent.path("repeat");
            for (Map.Entry<String, JsonNode> share : repeat.path("expectedShare").properties()) {
                double seen = counts.getOrDefault(share.getKey(), 0) / (double) all;
                right &= Math.abs(seen - share.getValue().asDouble()) < 0.02;
            }
            score.check("shares", right, name + " " + repeat + " " + counts);
        }
    }
}
