package io.weft.dataplane.attack;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.identity.Svid;
import io.weft.dataplane.testing.ByteApp;
import io.weft.dataplane.testing.Caller;
import io.weft.dataplane.testing.Doors;
import io.weft.dataplane.testing.Doors.Door;
import io.weft.dataplane.testing.TestAuthority;
import io.weft.dataplane.testing.TestAuthority.LeafSpec;
import io.weft.dataplane.testing.TlsClient;
import io.weft.dataplane.testing.Wire;
import io.weft.model.Dialect;
import io.weft.model.Locality;
import io.weft.model.Secret;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.resource.Certificate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Published vulnerabilities of Envoy that need bytes of one's own; those of policies are replayed
 * from their YAML in mesh-testkit.
 */
@Timeout(60)
class PublishedCasesTest {

    private static AuthzProgram only(Effect effect, Match when) {
        return new AuthzProgram(
                List.of(
                        new AuthzLayer(
                                Dialect.ISTIO,
                                List.of(new AuthzStep.Decide(effect, when, false, ORIGIN)),
                                effect == Effect.ALLOW ? Effect.DENY : Effect.ALLOW,
                                ORIGIN)));
    }

    private static int get(Doors doors, Door door, String path, String... headers)
            throws Exception {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: a.ns\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        try (Wire wire = doors.wire(door)) {
            return wire.send(request.append("\r\n").toString()).reply().status();
        }
    }

    /** A regular expression stopped matching at bytes that are no UTF-8, so its negation held. */
    @Test
    void cve202673552BytesThatAreNoUtf8DoNotMakeANegatedExpressionHold() throws Exception {
        Match admin = new Match.Header("x-role", new StringMatch.Regex(".*admin.*"));
        String[] spellings = {
            "admin",
            "\u00ffadmin",
            "admin\u00c3",
            "\u00c3\u0028admin",
            "\u00ed\u00a0\u0080admin",
            "\u00fe\u00ff a admin b \u0080"
        };
        try (Doors doors = new Doors()) {
            ByteApp app = doors.app;
            for (Door door : new Door[] {Door.INBOUND, Door.GATEWAY}) {
                doors.publish(Doors.Policy.OPEN.authz(only(Effect.ALLOW, new Match.Not(admin))));
                int before = app.requests().size();
                for (String role : spellings) {
                    assertThat(get(doors, door, "/", "x-role: " + role))
                            .as("allowed unless, %s", role)
                            .isIn(400, 403);
                }
                assertThat(app.requests()).hasSize(before);
                assertThat(get(doors, door, "/", "x-role: \u00ffguest")).isEqualTo(200);
                assertThat(app.requests().getLast()).contains("x-role: \u00ffguest\r\n");

                Match plain = new Match.Header("x-role", new StringMatch.Regex("[a-z]+"));
                doors.publish(Doors.Policy.OPEN.authz(only(Effect.DENY, new Match.Not(plain))));
                before = app.requests().size();
                for (String role : spellings) {
                    if (!role.equals("admin")) {
                        assertThat(get(doors, door, "/", "x-role: " + role))
                                .as("denied unless, %s", role)
                                .isIn(400, 403);
                    }
                }
                assertThat(app.requests()).hasSize(before);
                assertThat(get(doors, door, "/", "x-role: guest")).isEqualTo(200);
            }
        }
    }

    /** A star is an ordinary character of a path: templates did not let it count as one. */
    @Test
    void cve202546821AStarInAPathDoesNotSlipThroughATemplate() throws Exception {
        try (Doors doors = new Doors()) {
            for (String template :
                    new String[] {"/api/{*}/secrets", "/api/{**}", "/{**}/secrets"}) {
                Match path = new Match.Path(new StringMatch.PathTemplate(template));
                doors.publish(Doors.Policy.OPEN.authz(only(Effect.DENY, path)));
                for (Door door : new Door[] {Door.INBOUND, Door.GATEWAY}) {
                    int before = doors.app.requests().size();
                    for (String part :
                            new String[] {"x", "*", "**", "a*b", "*;v=1", "%2A", "{*}"}) {
                        assertThat(get(doors, door, "/api/" + part + "/secrets"))
                                .as("%s, %s", template, part)
                                .isIn(400, 403);
                    }
                    assertThat(doors.app.requests()).hasSize(before);
                    assertThat(get(doors, door, "/other/*")).isEqualTo(200);
                }
            }
        }
    }

    /** The name of a server was read up to the first NUL. */
    @Test
    void cve202647778ANulInTheNameOfAServerEndsNoComparison() throws Exception {
        TestAuthority outside = TestAuthority.of("outside.example");
        for (List<String> names : List.of(List.<String>of(), List.of("api.example"))) {
            assertThat(answers(outside, new LeafSpec().dns("api.example"), names)).isTrue();
            for (String name :
                    new String[] {
                        "api.example\0.evil.example",
                        "api.example\0",
                        "*.example\0.evil.example",
                        "\0api.example"
                    }) {
                assertThat(answers(outside, new LeafSpec().dns(name), names))
                        .as("%s, %s", name.replace('\0', '0'), names)
                        .isFalse();
                assertThat(answers(outside, new LeafSpec().uri(name), names))
                        .as("URI %s, %s", name.replace('\0', '0'), names)
                        .isFalse();
            }
        }
    }

    /** Whether a sidecar sends a request to who shows such a certificate. */
    private static boolean answers(TestAuthority outside, LeafSpec spec, List<String> names)
            throws Exception {
        Svid shown = outside.odd(outside.id("x", "y"), spec);
        AtomicInteger requests = new AtomicInteger();
        try (Caller caller = new Caller();
                SSLServerSocket backend =
                        (SSLServerSocket)
                                TlsClient.context(shown)
                                        .getServerSocketFactory()
                                        .createServerSocket(
                                                0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(backend, requests));
            caller.endpoint("api", backend.getLocalPort(), Locality.UNKNOWN);
            caller.with(new Certificate("roots", "", new Secret(""), outside.rootPem()));
            caller.tls(new UpstreamTls.Origination("api.example", names, "roots", null, false))
                    .forward();
            boolean answered = caller.get("/").status() == 200;
            assertThat(requests.get()).as("what the server saw").isEqualTo(answered ? 1 : 0);
            return answered;
        }
    }

    private static void serve(SSLServerSocket server, AtomicInteger requests) {
        while (!server.isClosed()) {
            try (var accepted = server.accept()) {
                if (accepted.getInputStream().read(new byte[4096]) > 0) {
                    requests.incrementAndGet();
                    accepted.getOutputStream()
                            .write(
                                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                                            .getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // A handshake was refused, or the test is over.
            }
        }
    }
}
