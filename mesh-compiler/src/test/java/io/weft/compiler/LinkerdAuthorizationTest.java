package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.SampleRequest;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Verdict;
import io.weft.model.resource.WorkloadConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Who may call under Linkerd's policies, as the data plane's own engine decides it. */
class LinkerdAuthorizationTest {

    private static final String WEB = "spiffe://cluster.local/ns/shop/sa/web";
    private static final String OPERATOR = "spiffe://cluster.local/ns/ops/sa/operator";

    private final Scenario scenario =
            new Scenario()
                    .yaml(
                            Scenario.read(
                                    Path.of("src/test/resources/golden/linkerd-policy/in.yaml")))
                    .workload("shop/api ports=8080:HTTP,9090:HTTP services=api")
                    .workload("shop/db ports=5432:TCP services=db")
                    .workload("closed/app services=app");

    private Verdict decide(String workload, int port, SampleRequest.Builder request) {
        WorkloadConfig config = (WorkloadConfig) scenario.config(workload).get("workload");
        return AuthzEngine.compile(
                        config.inbound().stream()
                                .filter(p -> p.port() == port)
                                .findFirst()
                                .orElseThrow()
                                .authz())
                .decide(request.destinationPort(port).build());
    }

    private static SampleRequest.Builder get(String path) {
        return SampleRequest.http("GET", path).authority("api").sourceIp("10.1.2.3");
    }

    @Test
    void identityAndNetworkAreBothRequired() {
        assertThat(decide("shop/api", 8080, get("/articles/1").peer(WEB)))
                .isInstanceOf(Verdict.Allowed.class);
        assertThat(decide("shop/api", 8080, get("/articles/1").peer(WEB).sourceIp("10.9.0.1")))
                .isInstanceOf(Verdict.Denied.class);
        assertThat(decide("shop/api", 8080, get("/articles/1"))).isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void theRouteThatMatchesDecidesAloneWithTheServersOwnGrants() {
        assertThat(decide("shop/api", 8080, get("/articles/admin").peer(WEB)))
                .isInstanceOf(Verdict.Denied.class);
        assertThat(decide("shop/api", 8080, get("/articles/admin").peer(OPERATOR)))
                .isInstanceOf(Verdict.Allowed.class);
        assertThat(decide("shop/api", 8080, get("/articles").peer(OPERATOR)))
                .isInstanceOf(Verdict.Allowed.class);
    }

    @Test
    void aRequestThatNoRouteMatchesIsDeniedEvenForThoseWhomTheServerAuthorizes() {
        assertThat(decide("shop/api", 8080, get("/elsewhere").peer(OPERATOR)))
                .isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void aPortWithoutServerIsOpenUnlessTheNamespaceClosesIt() {
        assertThat(decide("shop/api", 9090, get("/any"))).isInstanceOf(Verdict.Allowed.class);
        assertThat(decide("closed/app", 8080, get("/any"))).isInstanceOf(Verdict.Denied.class);
        assertThat(decide("closed/app", 8080, get("/any").peer(WEB)))
                .isInstanceOf(Verdict.Allowed.class);
    }

    @Test
    void anAuditedServerLetsEveryoneIn() {
        assertThat(decide("shop/db", 5432, SampleRequest.tcp(5432)))
                .isInstanceOf(Verdict.Allowed.class);
    }
}
