package io.weft.compiler.dialect.consul;

import io.weft.compiler.conformance.ConformanceData;
import io.weft.compiler.conformance.ConformanceData.Json;
import io.weft.compiler.conformance.Score;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.compiler.yaml.ResourceParser;
import io.weft.engine.SampleRequest;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Verdict;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.authz.AuthzProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Consul's own cases of who may call whom, decided by the engine of the sidecars. */
class IntentionsConformanceTest {

    private static final int RBAC_REACHED = 684;
    private static final int AUTHORIZE_REACHED = 10;
    private static final String OWN = "spiffe://test.consul/ns/default/";

    @Test
    void decidesAsConsulDoes() {
        Json rbac = ConformanceData.set("consul-intentions").json("rbac.json");
        Score score = new Score("consul-intentions/rbac (decisions)");
        for (Json one : rbac.get("cases").items()) {
            String all = one.get("intentions").toString();
            int decisions = one.get("tcp").items().size() + one.get("http").items().size();
            if (all.contains("JWT") || all.contains("SourcePeer")) {
                for (int i = 0; i < decisions; i++) {
                    score.leaveOut(
                            all.contains("JWT")
                                    ? "intentions with tokens are refused"
                                    : "sources of peered meshes are refused");
                }
                continue;
            }
            Intentions intentions =
                    intentions(
                            one.get("intentions").items(),
                            one.get("defaultAction").text().equals("allow"));
            for (String kind : List.of("tcp", "http")) {
                AuthzEngine engine = engine(intentions, "api", kind);
                for (Json call : one.get(kind).items()) {
                    if (!call.get("source").text().startsWith(OWN)) {
                        score.leaveOut("the certificate of another trust domain is refused before");
                        continue;
                    }
                    boolean allowed = allows(engine, call, kind);
                    score.record(
                            one.get("name").text() + " " + kind + " " + call,
                            allowed == call.get("allowed").bool(),
                            "decided " + allowed);
                }
            }
        }
        score.atLeast(RBAC_REACHED);
    }

    @Test
    void coversTheSourcesAndDestinationsThatItNames() {
        Json authorize = ConformanceData.set("consul-intentions").json("authorize.json");
        Score score = new Score("consul-intentions/authorize");
        for (Json one : authorize.get("cases").items()) {
            Json intention = one.get("intention");
            Json target = one.get("target");
            if (!target.get("peer").text().isEmpty() || intention.has("SourcePeer")) {
                score.leaveOut("sources of peered meshes are refused");
                continue;
            }
            if (!Set.of("source", "destination").contains(one.get("matchType").text())) {
                score.leaveOut("there is no third way to match");
                continue;
            }
            boolean bySource = one.get("matchType").text().equals("source");
            Map<String, Object> complete = new LinkedHashMap<>();
            complete.put("SourceName", bySource ? intention.get("SourceName").text() : "caller");
            complete.put("SourceNS", namespace(intention.get("SourceNS")));
            complete.put(
                    "DestinationName", bySource ? "api" : intention.get("DestinationName").text());
            complete.put("DestinationNS", namespace(intention.get("DestinationNS")));
            complete.put("Action", intention.has("Action") ? intention.get("Action").text() : "deny");
            String source = bySource ? target.get("name").text() : "caller";
            String destination = bySource ? "api" : target.get("name").text();
            boolean[] allowed = new boolean[2];
            for (int byDefault = 0; byDefault < 2; byDefault++) {
                Intentions intentions =
                        intentions(List.of(new Json(complete)), byDefault == 1);
                SampleRequest request =
                        SampleRequest.tcp(8080)
                                .peer(
                                        "spiffe://cluster.local/ns/"
                                                + namespace(target.get("namespace"))
                                                + "/sa/"
                                                + source)
                                .build();
                allowed[byDefault] =
                        engine(intentions, destination, "tcp").decide(request)
                                instanceof Verdict.Allowed;
            }
            boolean matches = one.get("expected").get("matches").bool();
            boolean authorized = one.get("expected").get("authorized").bool();
            score.record(
                    one.get("name").text(),
                    allowed[0] == authorized && allowed[1] == (!matches || authorized),
                    "allowed " + allowed[0] + " and, where allowed by default, " + allowed[1]);
        }
        score.atLeast(AUTHORIZE_REACHED);
    }

    private static String namespace(Json value) {
        return value.text().isEmpty() ? "default" : value.text();
    }

    private static boolean allows(AuthzEngine engine, Json call, String kind) {
        String name = call.get("source").text();
        String peer =
                "spiffe://cluster.local/ns/default/sa/" + name.substring(name.lastIndexOf('/') + 1);
        if (kind.equals("tcp")) {
            return engine.decide(SampleRequest.tcp(8080).peer(peer).build())
                    instanceof Verdict.Allowed;
        }
        var request =
                SampleRequest.http(call.get("method").text(), call.get("path").text()).peer(peer);
        for (String header : call.get("headers").names()) {
            request = request.header(header, call.get("headers").get(header).text());
        }
        return engine.decide(request.build()) instanceof Verdict.Allowed;
    }

    private static AuthzEngine engine(Intentions intentions, String service, String kind) {
        AppProtocol protocol = kind.equals("tcp") ? AppProtocol.TCP : AppProtocol.HTTP;
        return AuthzEngine.compile(
                intentions
                        .layer(
                                new WorkloadView("default", service, service, Map.of(), false),
                                new InboundView(8080, protocol, List.of(service)))
                        .map(layer -> new AuthzProgram(List.of(layer)))
                        .orElse(AuthzProgram.ALLOW_ALL));
    }

    private static Intentions intentions(List<Json> list, boolean allowByDefault) {
        Diagnostics diagnostics = new Diagnostics();
        Intentions intentions = new Intentions(allowByDefault, new ServiceDefaults());
        int number = 0;
        for (Json one : list) {
            RawResource resource =
                    new ResourceParser(diagnostics)
                            .parse("intention.yaml", yaml(one, number++))
                            .getFirst();
            intentions.add(Field.open(resource, Dialect.CONSUL, diagnostics));
        }
        if (diagnostics.all().stream().anyMatch(d -> d.isError())) {
            throw new AssertionError(diagnostics.all());
        }
        return intentions;
    }

    /** The Kubernetes form of an intention. */
    private static String yaml(Json intention, int number) {
        List<String> source = new ArrayList<>();
        source.add("name: " + quoted(intention.get("SourceName").text()));
        if (intention.has("SourceNS")) {
            source.add("namespace: " + quoted(intention.get("SourceNS").text()));
        }
        if (intention.has("Action")) {
            source.add("action: " + intention.get("Action").text());
        }
        if (intention.has("Permissions")) {
            source.add("permissions: " + flow(intention.get("Permissions")));
        }
        String namespace = intention.get("DestinationNS").text();
        return """
                {apiVersion: consul.hashicorp.com/v1alpha1, kind: ServiceIntentions,
                 metadata: {name: i%d, namespace: default},
                 spec: {destination: {name: %s, namespace: %s}, sources: [{%s}]}}
                """
                .formatted(
                        number,
                        quoted(intention.get("DestinationName").text()),
                        quoted(namespace.isEmpty() ? "default" : namespace),
                        String.join(", ", source));
    }

    private static String flow(Json value) {
        if (!value.names().isEmpty()) {
            return value.names().stream()
                    .map(name -> quoted(field(name)) + ": " + flow(value.get(name)))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value.value() instanceof List<?>) {
            return value.items().stream()
                    .map(IntentionsConformanceTest::flow)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        return value.value() instanceof Boolean ? value.text() : quoted(value.text());
    }

    private static String field(String name) {
        return name.equals("HTTP")
                ? "http"
                : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
