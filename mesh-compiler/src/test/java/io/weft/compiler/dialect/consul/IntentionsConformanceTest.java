package io.weft.compiler.dialect.consul;

import io.weft.compiler.conformance.ConformanceData;
import io.weft.compiler.conformance.ConformanceData.Json;
import io.weft.compiler.conformance.Score;
import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.engine.RequestFacts;
import io.weft.engine.SampleRequest;
import io.weft.engine.VerifiedToken;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Verdict;
import io.weft.model.AppProtocol;
import io.weft.model.SpiffeId;
import io.weft.model.authz.AuthzProgram;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Consul's own cases of who may call whom, decided by the engine of the sidecars. */
class IntentionsConformanceTest {

    private static final int RBAC_REACHED = 1163;
    private static final int RETAINED_REACHED = 111;

    @Test
    void decidesAsConsulDoes() {
        Json rbac = ConformanceData.set("consul-intentions").json("rbac.json");
        Score score = new Score("consul-intentions/rbac (decisions)");
        for (Json one : rbac.get("cases").items()) {
            ConsulPolicies policies = policies(rbac, one);
            for (String kind : List.of("tcp", "http")) {
                AuthzEngine engine = engine(policies, kind);
                one.get(kind).items().forEach(call -> judge(score, one, kind, call, engine));
            }
        }
        score.atLeast(RBAC_REACHED);
    }

    @Test
    void decidesByWhatRemainsOfIntentions() {
        Json retained = ConformanceData.set("consul-intentions").json("rbac-retained.json");
        Score score = new Score("consul-intentions/rbac-retained (decisions)");
        for (Json one : retained.get("cases").items()) {
            AuthzEngine engine = engine(policies(retained, one), "http");
            one.get("http").items().forEach(call -> judge(score, one, "http", call, engine));
        }
        score.atLeast(RETAINED_REACHED);
    }

    private static void judge(Score score, Json one, String kind, Json call, AuthzEngine engine) {
        boolean allowed = call.get("allowed").bool();
        boolean stranger = call.get("source").text().startsWith("spiffe://elsewhere.");
        if (stranger && allowed) {
            score.leaveOut("the certificate of an unknown trust domain is refused before");
            return;
        }
        boolean decided = allows(engine, call, kind);
        score.record(
                one.get("name").text() + " " + kind + " " + call,
                allowed == decided,
                "decided " + decided);
    }

    private static ConsulPolicies policies(Json set, Json one) {
        ConsulCases cases = new ConsulCases();
        for (Json peer : set.get("peers").items()) {
            cases.peer(peer.get("PeerName").text(), peer.get("TrustDomain").text());
        }
        Json providers = set.get("jwtProviders");
        providers.names().forEach(name -> cases.provider(name, providers.get(name).text()));
        one.get("intentions").items().forEach(i -> cases.entry(ConsulCases.intention(i)));
        ConsulPolicies policies = cases.compile(one.get("defaultAction").text().equals("allow"));
        // One case has a path that validation refuses; it is about connections only.
        boolean connectionsOnly = one.get("http").items().isEmpty();
        if (!connectionsOnly && !cases.errors().isEmpty()) {
            throw new AssertionError(one.get("name").text() + ": " + cases.errorText());
        }
        return policies;
    }

    private static AuthzEngine engine(ConsulPolicies policies, String kind) {
        AppProtocol protocol = kind.equals("tcp") ? AppProtocol.TCP : AppProtocol.HTTP;
        return AuthzEngine.compile(
                policies.authorization(
                                new WorkloadView("default", "api", "api", Map.of(), false),
                                new InboundView(8080, protocol, List.of("api")))
                        .map(layer -> new AuthzProgram(List.of(layer)))
                        .orElse(AuthzProgram.ALLOW_ALL));
    }

    private static boolean allows(AuthzEngine engine, Json call, String kind) {
        SpiffeId peer = identity(call.get("source").text());
        if (kind.equals("tcp")) {
            return engine.decide(SampleRequest.tcp(8080).peer(peer).build())
                    instanceof Verdict.Allowed;
        }
        var request =
                SampleRequest.http(call.get("method").text(), call.get("path").text()).peer(peer);
        for (String header : call.get("headers").names()) {
            request = request.header(header, call.get("headers").get(header).text());
        }
        Json tokens = call.get("verifiedTokens");
        List<VerifiedToken> verified =
                tokens.names().stream().map(name -> token(tokens.get(name))).toList();
        if (!verified.isEmpty()) {
            request = request.token(verified.getFirst().with(verified.subList(1, verified.size())));
        }
        RequestFacts facts = request.build();
        return engine.decide(facts) instanceof Verdict.Allowed;
    }

    private static VerifiedToken token(Json claims) {
        return VerifiedToken.of(
                claims.get("iss").text(), null, List.of(), null, ConsulCases.map(claims));
    }

    /** {@code spiffe://TRUST-DOMAIN[/ap/…]/ns/NAMESPACE/dc/…/svc/SERVICE}. */
    static SpiffeId identity(String uri) {
        String[] parts = uri.substring("spiffe://".length()).split("/");
        String namespace = "default";
        for (int i = 1; i + 1 < parts.length; i += 2) {
            namespace = parts[i].equals("ns") ? parts[i + 1] : namespace;
        }
        return new SpiffeId(parts[0], namespace, parts[parts.length - 1]);
    }
}
