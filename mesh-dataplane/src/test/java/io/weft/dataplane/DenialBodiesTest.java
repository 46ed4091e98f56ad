package io.weft.dataplane;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static io.weft.dataplane.testing.Resources.port;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.authz.JwtRule;
import io.weft.model.listener.Denials;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.resource.JwksSet;
import io.weft.model.resource.WorkloadConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a sidecar says to those whom its policies refuse. */
class DenialBodiesTest {

    private final MeshPair mesh = new MeshPair();
    private MeshPair.Node server;

    @BeforeEach
    void start() {
        server =
                mesh.start(
                        "server",
                        s -> s.inbound(InboundBinding.of(8080, "http", AppProtocol.HTTP, 1)));
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    private void refuseWith(@Nullable Denials denials) {
        AuthzProgram deny =
                new AuthzProgram(
                        List.of(
                                new AuthzLayer(
                                        Dialect.ISTIO,
                                        List.of(
                                                new AuthzStep.Decide(
                                                        Effect.DENY, Match.ALWAYS, false, ORIGIN)),
                                        Effect.DENY,
                                        ORIGIN)));
        InboundPort base = port(8080, AppProtocol.HTTP, MtlsMode.PERMISSIVE, deny);
        JwtRule rule =
                new JwtRule(
                        "https://issuer",
                        List.of(),
                        "keys",
                        List.of(),
                        List.of(),
                        List.of(),
                        false,
                        null,
                        List.of(),
                        List.of(),
                        ORIGIN);
        WorkloadConfig plain =
                workload(
                        "server",
                        OutboundPolicy.ALLOW_ANY,
                        new InboundPort(
                                base.port(),
                                base.name(),
                                base.protocol(),
                                base.service(),
                                base.mtls(),
                                base.mtlsOrigin(),
                                List.of(rule),
                                base.authz(),
                                List.of()));
        server.source()
                .publish(
                        set(
                                new WorkloadConfig(
                                        plain.workload(),
                                        plain.trustDomain(),
                                        plain.trustDomainAliases(),
                                        plain.pathNormalization(),
                                        plain.outboundPolicy(),
                                        plain.inbound(),
                                        plain.undeclared(),
                                        plain.servers(),
                                        plain.gatewayJwt(),
                                        plain.gatewayAuthz(),
                                        plain.trustedProxies(),
                                        plain.externalAuthorizers(),
                                        plain.telemetry(),
                                        plain.forwardClientCert(),
                                        denials),
                                new JwksSet("keys", "{\"keys\":[]}")));
    }

    private Wire.Reply get(String headers) throws Exception {
        try (Wire wire = new Wire(server.plane().inboundPorts().get(8080))) {
            return wire.send("GET / HTTP/1.1\r\nHost: server.ns:8080\r\n" + headers + "\r\n")
                    .reply();
        }
    }

    @Test
    void aProblemNamesNoPolicyUnlessThatIsConfigured() throws Exception {
        refuseWith(null);
        Wire.Reply silent = get("");
        assertThat(silent.status()).isEqualTo(403);
        assertThat(silent.head()).contains("application/problem+json");
        assertThat(silent.body())
                .contains("\"detail\":\"RBAC: access denied\"")
                .doesNotContain("ns/test", "test.yaml");
        assertThat(silent.head()).doesNotContain("ns/test", "test.yaml");

        refuseWith(new Denials(Denials.Form.PROBLEM, true, null, null, ORIGIN));
        assertThat(get("").body()).contains("\"policy\":\"", "ns/test", "test.yaml:7");
    }

    @Test
    void whoAsksForTextGetsEnvoysText() throws Exception {
        refuseWith(null);
        Wire.Reply text = get("Accept: text/plain\r\n");
        assertThat(text.body()).isEqualTo("RBAC: access denied");
        assertThat(text.head()).contains("text/plain");
        assertThat(get("Accept: text/plain, application/json\r\n").body()).startsWith("{");

        refuseWith(new Denials(Denials.Form.TEXT, true, null, null, ORIGIN));
        assertThat(get("Accept: application/json\r\n").body()).isEqualTo("RBAC: access denied");
    }

    @Test
    void aTokenThatDoesNotVerifyIsAProblemToo() throws Exception {
        refuseWith(null);
        Wire.Reply refused = get("Authorization: Bearer abc.def.ghi\r\n");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.head().toLowerCase(java.util.Locale.ROOT))
                .contains("www-authenticate: bearer", "application/problem+json");
        assertThat(refused.body())
                .contains("\"title\":\"Unauthorized\"", "\"status\":401", "\"detail\":\"")
                .doesNotContain("abc.def", "ns/test");
    }

    @Test
    void ownBodiesAreSentAsTheyAreWritten() throws Exception {
        refuseWith(
                new Denials(
                        Denials.Form.PROBLEM,
                        true,
                        new Denials.Body("text/html", "<h1>Who are you?</h1>"),
                        new Denials.Body("application/json", "{\"no\":true}"),
                        ORIGIN));
        assertThat(get("").body()).isEqualTo("{\"no\":true}");
        Wire.Reply unknown = get("Authorization: Bearer abc.def.ghi\r\n");
        assertThat(unknown.body()).isEqualTo("<h1>Who are you?</h1>");
        assertThat(unknown.head()).contains("text/html");
    }

    @Test
    void grpcCallersGetAStatusWhateverIsConfigured() throws Exception {
        refuseWith(
                new Denials(
                        Denials.Form.PROBLEM,
                        true,
                        null,
                        new Denials.Body("text/html", "<h1>No</h1>"),
                        ORIGIN));
        Wire.Reply reply = get("Content-Type: application/grpc\r\nTE: trailers\r\n");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.head()).contains("grpc-status: 7", "grpc-message: RBAC: access denied");
        assertThat(reply.body()).isEmpty();
    }
}
