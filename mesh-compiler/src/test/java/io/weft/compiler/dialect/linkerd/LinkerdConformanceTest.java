package io.weft.compiler.dialect.linkerd;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.replay.Locations;
import io.weft.compiler.replay.Score;
import io.weft.compiler.replay.SharedData;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.ResourceParser;
import io.weft.engine.SampleRequest;
import io.weft.engine.match.Matchers;
import io.weft.model.Dialect;
import io.weft.model.match.Match;
import io.weft.model.route.RouteAction;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Linkerd's own tables: profiles, routes, breakers, durations. */
class LinkerdConformanceTest {

    private final Score score = new Score("linkerd (what the compiler decides)");

    @Test
    void everyDecisionIsLinkerds() {
        Path folder = SharedData.folder("linkerd");
        profiles(SharedData.json(folder.resolve("service-profile-validation.json")));
        routes(SharedData.json(folder.resolve("http-routes.json")));
        breakers(SharedData.json(folder.resolve("failure-accrual-annotations.json")));
        System.out.println(score.report());
        assertThat(score.failures()).as("cases that fail").isEmpty();
    }

    private void profiles(JsonNode data) {
        for (JsonNode test : data.path("cases")) {
            String yaml = test.path("yaml").asString();
            List<Diagnostic> errors =
                    MeshCompiler.compile(
                                    List.of(new SourceFile("profile.yaml", yaml)),
                                    CompilerOptions.DEFAULT)
                            .diagnostics()
                            .stream()
                            .filter(Diagnostic::isError)
                            .toList();
            score.check(
                    "profiles",
                    errors.isEmpty() == test.path("valid").asBoolean(),
                    test.path("message").asString("valid") + " " + errors);
        }
    }

    private record Parsed(RouteSpec route, boolean valid) {}

    private static Field open(String text, Diagnostics diagnostics) {
        return Field.open(
                new ResourceParser(diagnostics).parse("case.yaml", text).getFirst(),
                Dialect.LINKERD,
                diagnostics);
    }

    /** The route as its users write it. */
    private static Parsed route(JsonNode hosts, ArrayNode rules) {
        ObjectNode spec = JsonMapper.shared().createObjectNode();
        spec.putArray("parentRefs").addObject().put("kind", "Service").put("name", "s");
        spec.set("hostnames", hosts.isArray() ? hosts : spec.arrayNode());
        spec.set("rules", rules);
        ObjectNode resource = JsonMapper.shared().createObjectNode();
        resource.put("apiVersion", "policy.linkerd.io/v1beta3").put("kind", "HTTPRoute");
        resource.putObject("metadata").put("name", "r").put("namespace", "ns");
        resource.set("spec", spec);
        Diagnostics diagnostics = new Diagnostics();
        RouteSpec route = RouteReader.read(open(resource.toString(), diagnostics));
        return new Parsed(route, diagnostics.all().stream().noneMatch(Diagnostic::isError));
    }

    private static ArrayNode rule(JsonNode match, @Nullable JsonNode filter) {
        ArrayNode rules = JsonMapper.shared().createArrayNode();
        ObjectNode rule = rules.addObject();
        rule.putArray("matches").add(match);
        if (filter != null) {
            rule.putArray("filters").add(filter);
        }
        return rules;
    }

    private static RuleMatch match(JsonNode match) {
        JsonNode none = JsonMapper.shared().createArrayNode();
        return route(none, rule(match, null)).route().rules().getFirst().matches().getFirst();
    }

    private static JsonNode single(String name, JsonNode value) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        if (name.equals("path")) {
            node.set(name, value);
        } else {
            node.putArray(name).add(value);
        }
        return node;
    }

    private static boolean holds(RuleMatch match, SampleRequest request) {
        return Matchers.compile(Match.allOf(List.of(match.path(), match.rest()))).test(request);
    }

    private static SampleRequest request(JsonNode request) {
        URI url = URI.create(request.path("url").asString());
        String target =
                url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        SampleRequest.Builder builder =
                SampleRequest.http(request.path("method").asString("GET"), target)
                        .scheme(url.getScheme() == null ? "http" : url.getScheme())
                        .authority(url.getRawAuthority() == null ? "" : url.getRawAuthority());
        for (JsonNode header : request.path("headers")) {
            builder.header(header.path(0).asString(), header.path(1).asString());
        }
        return builder.build();
    }

    private static SampleRequest get(String url) {
        return request(JsonMapper.shared().createObjectNode().put("url", url));
    }

    private void routes(JsonNode data) {
        data.path("host").forEach(this::host);
        data.path("hostOrder").forEach(this::hostOrder);
        data.path("path").forEach(this::path);
        data.path("header").forEach(this::header);
        data.path("queryParam").forEach(this::queryParam);
        data.path("request").forEach(this::wholeRequest);
        data.path("precedence").forEach(this::precedence);
        data.path("redirect").forEach(this::redirect);
    }

    private void host(JsonNode test) {
        HostPattern pattern = HostPattern.of(test.path("match").asString());
        boolean matches = Matchers.compile(pattern.match()).test(get(test.path("url").asString()));
        JsonNode expected = test.path("expected");
        boolean right =
                expected.isNull()
                        ? !matches
                        : matches
                                && expected.path("length").asInt() == pattern.length()
                                && expected.path("kind").asString().equals(kind(pattern));
        score.check("http-routes host", right, test + " " + pattern + " " + matches);
    }

    private static String kind(HostPattern pattern) {
        return pattern.exact() ? "exact" : "suffix";
    }

    private static HostPattern pattern(JsonNode summary) {
        return new HostPattern(
                summary.path("kind").asString().equals("exact"),
                "x".repeat(summary.path("length").asInt()));
    }

    private void hostOrder(JsonNode test) {
        boolean right =
                test.has("equal")
                        ? pattern(test.path("equal").path(0))
                                        .compareTo(pattern(test.path("equal").path(1)))
                                == 0
                        : pattern(test.path("greater")).compareTo(pattern(test.path("lesser"))) > 0;
        score.check("http-routes hostOrder", right, test.toString());
    }

    private static int length(RuleMatch match, String path) {
        return match.whole() ? path.length() : match.length();
    }

    private void path(JsonNode test) {
        String path = test.path("path").asString();
        RuleMatch match = match(single("path", test.path("match")));
        boolean matches = holds(match, SampleRequest.http("GET", path).build());
        JsonNode expected = test.path("expectedLength");
        boolean right =
                expected.isNull() ? !matches : matches && length(match, path) == expected.asInt();
        score.check("http-routes path", right, test + " " + match);
    }

    private void header(JsonNode test) {
        SampleRequest.Builder request = SampleRequest.http("GET", "/");
        String name = test.path("match").path("name").asString();
        test.path("values").forEach(value -> request.header(name, value.asString()));
        boolean matches = holds(match(single("headers", test.path("match"))), request.build());
        score.check(
                "http-routes header",
                matches == test.path("expected").asBoolean(),
                test.toString());
    }

    private void queryParam(JsonNode test) {
        String uri = test.path("uri").asString();
        RuleMatch match = match(single("queryParams", test.path("match")));
        boolean matches = holds(match, SampleRequest.http("GET", uri).build());
        score.check(
                "http-routes queryParam",
                matches == test.path("expected").asBoolean(),
                test.toString());
    }

    private void wholeRequest(JsonNode test) {
        RuleMatch match = match(test.path("match"));
        SampleRequest request = request(test.path("request"));
        boolean matches = holds(match, request);
        JsonNode expected = test.path("expected");
        boolean right =
                expected.isNull()
                        ? !matches
                        : matches
                                && match.kind()
                                        .name()
                                        .toLowerCase(Locale.ROOT)
                                        .equals(expected.path("path").path("kind").asString())
                                && length(match, request.path())
                                        == expected.path("path").path("length").asInt()
                                && match.headers() == expected.path("headers").asInt()
                                && match.queryParams() == expected.path("queryParams").asInt()
                                && match.method() == expected.path("method").asBoolean();
        score.check("http-routes request", right, test + " " + match);
    }

    private void precedence(JsonNode test) {
        List<RouteSpec> routes = new ArrayList<>();
        for (JsonNode route : test.path("routes")) {
            routes.add(route(route.path("hosts"), (ArrayNode) route.path("rules")).route());
        }
        SampleRequest request = request(test.path("request"));
        int route = -1;
        int rule = -1;
        for (RouteOrder.Entry entry : RouteOrder.of(routes)) {
            if (Matchers.compile(entry.match()).test(request)) {
                RouteSpec found = entry.route();
                route = identityIndex(routes, found);
                rule = entry.ruleIndex();
                break;
            }
        }
        JsonNode expected = test.path("expected");
        score.check(
                "http-routes precedence",
                route == expected.path("route").asInt() && rule == expected.path("rule").asInt(),
                test.path("name") + ": route " + route + " rule " + rule);
    }

    @SuppressWarnings("ReferenceEquality") // equal routes are told apart by their place
    private static int identityIndex(List<RouteSpec> routes, RouteSpec route) {
        for (int i = 0; i < routes.size(); i++) {
            if (routes.get(i) == route) {
                return i;
            }
        }
        return -1;
    }

    private void redirect(JsonNode test) {
        String name = test.path("name").asString();
        Parsed parsed =
                route(
                        JsonMapper.shared().createArrayNode(),
                        rule(test.path("match"), redirectFilter(test.path("redirect"))));
        RouteAction.Redirect redirect = parsed.route().rules().getFirst().redirect();
        boolean right;
        String location = "";
        if (test.has("error")) {
            right = !parsed.valid();
        } else if (test.path("expected").isNull()) {
            right = redirect == null && parsed.valid();
        } else {
            location =
                    redirect == null
                            ? ""
                            : Locations.of(redirect, get(test.path("requestUrl").asString()));
            right =
                    redirect != null
                            && redirect.status() == test.path("expected").path("status").asInt()
                            && location.equals(test.path("expected").path("location").asString());
        }
        score.check("http-routes redirect", right, name + ": " + location);
    }

    private static JsonNode redirectFilter(JsonNode redirect) {
        ObjectNode filter = JsonMapper.shared().createObjectNode().put("type", "RequestRedirect");
        ObjectNode written = filter.putObject("requestRedirect");
        if (redirect.has("authority")) {
            written.set("hostname", redirect.path("authority"));
        }
        for (String same : List.of("scheme", "port")) {
            if (redirect.has(same)) {
                written.set(same, redirect.path(same));
            }
        }
        if (redirect.has("status")) {
            written.set("statusCode", redirect.path("status"));
        }
        if (redirect.has("path")) {
            String type = redirect.path("path").path("type").asString();
            String member = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
            written.putObject("path")
                    .put("type", type)
                    .set(member, redirect.path("path").path("value"));
        }
        return filter;
    }

    private void breakers(JsonNode data) {
        for (JsonNode test : data.path("cases")) {
            ObjectNode service = JsonMapper.shared().createObjectNode();
            service.put("apiVersion", "v1").put("kind", "Service");
            service.putObject("metadata")
                    .put("name", "s")
                    .put("namespace", "ns")
                    .set("annotations", test.path("annotations"));
            Diagnostics diagnostics = new Diagnostics();
            FailureAccrual breaker =
                    FailureAccrual.read(
                                    open(service.toString(), diagnostics)
                                            .get("metadata")
                                            .get("annotations"))
                            .orElse(null);
            List<String> errors =
                    diagnostics.all().stream()
                            .filter(Diagnostic::isError)
                            .map(Diagnostic::message)
                            .toList();
            boolean right =
                    test.has("errorSubstring")
                            ? !errors.isEmpty()
                            : errors.isEmpty() && equal(test.path("expected"), breaker);
            score.check("breakers", right, test + " " + breaker + errors);
            if (test.has("errorSubstring")) {
                String wanted = test.path("errorSubstring").asString();
                score.check(
                        "breakers, wording",
                        errors.stream().anyMatch(e -> e.contains(wanted)),
                        wanted + " " + errors);
            }
        }
        for (JsonNode test : data.path("durations")) {
            LinkerdDuration.Result result = LinkerdDuration.parse(test.path("input").asString());
            boolean right =
                    switch (result) {
                        case LinkerdDuration.Result.Valid(var duration) ->
                                duration.toMillis() == test.path("millis").asLong(-1);
                        case LinkerdDuration.Result.Invalid(var message) ->
                                test.has("errorSubstring")
                                        && message.contains(test.path("errorSubstring").asString());
                    };
            score.check("durations", right, test + " " + result);
        }
    }

    private static boolean equal(JsonNode expected, @Nullable FailureAccrual breaker) {
        if (expected.isNull() || breaker == null) {
            return expected.isNull() && breaker == null;
        }
        FailureAccrual.SuccessRate rate = breaker.successRate();
        Map<String, Double> actual =
                new HashMap<>(
                        Map.of(
                                "maxConsecutiveFailures", (double) breaker.maxFailures(),
                                "minPenaltyMillis", (double) breaker.minPenalty().toMillis(),
                                "maxPenaltyMillis", (double) breaker.maxPenalty().toMillis(),
                                "jitterRatio", breaker.jitterRatio()));
        if (rate != null) {
            actual.put("successRateThreshold", rate.threshold());
            actual.put("successRateWindowMillis", (double) rate.window().toMillis());
            actual.put("minRequests", (double) rate.minRequests());
        }
        boolean unified = expected.path("mode").asString().equals("unified");
        return unified == (rate != null)
                && expected.properties().stream()
                        .filter(p -> !p.getKey().equals("mode"))
                        .allMatch(p ->
                                actual.getOrDefault(p.getKey(), -1.0) == p.getValue().asDouble());
    }
}
