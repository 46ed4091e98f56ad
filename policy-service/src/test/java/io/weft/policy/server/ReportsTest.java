package io.weft.policy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.AdjustableClock;
import io.weft.model.resource.JwksSet;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.Report;
import io.weft.model.wire.StreamMessage;
import io.weft.policy.control.ControlSettings;
import io.weft.policy.source.PolicyBundle;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What sidecars report: a key id that the key set does not have brings the new keys soon. */
@Timeout(60)
class ReportsTest {

    private static final String KEYS = "https://auth.example.com/keys";
    private static final String POLICY =
            """
            apiVersion: security.istio.io/v1
            kind: RequestAuthentication
            metadata: {name: jwt, namespace: blog}
            spec:
              selector: {matchLabels: {app: web}}
              jwtRules:
              - issuer: https://auth.example.com
                jwksUri: https://auth.example.com/keys
            """;

    @TempDir Path directory;
    private final AdjustableClock clock = AdjustableClock.running();
    private final AtomicInteger fetches = new AtomicInteger();
    private PolicyServer server;

    @BeforeEach
    void start() throws Exception {
        server =
                PolicyServer.start(
                        PolicyServerSettings.in(directory.resolve("state"))
                                .control(ControlSettings.of("cluster.local", "istio-system"))
                                .keySetFetcher(this::keys)
                                .clock(clock::now));
        server.control()
                .publish(
                        PolicyBundle.of(
                                List.of(new PolicyBundle.PolicyFile("mesh/jwt.yaml", POLICY))))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    /** Another key each time, as when an issuer rotates. */
    private CompletableFuture<String> keys(URI uri) {
        return CompletableFuture.completedFuture(
                "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"key-%d\",\"n\":\"AQ\",\"e\":\"AQAB\"}]}"
                        .formatted(fetches.incrementAndGet()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TestWorkload connected(String account) throws Exception {
        TestWorkload workload = TestWorkload.joined(server, "blog", account, account + "-0");
        assertThat(workload.register(workload.registration(9090, true))).isEqualTo(204);
        assertThat(workload.subscribe()).isEqualTo(204);
        assertThat(workload.open()).isEqualTo(200);
        return workload;
    }

    private static byte[] unknownKey(String... names) {
        return new MeshCodec().write(new Report(List.of(names)));
    }

    private static String keysOf(StreamMessage.Delta delta) {
        return delta.updates().stream()
                .map(StreamMessage.ResourceUpdate::resource)
                .filter(JwksSet.class::isInstance)
                .map(each -> ((JwksSet) each).json())
                .findFirst()
                .orElse("");
    }

    @Test
    void anUnknownKeyIdBringsNewKeysOnceInAnInterval() throws Exception {
        try (TestWorkload web = connected("web")) {
            assertThat(keysOf(web.take())).contains("key-1");
            assertThat(web.report(unknownKey(KEYS))).isEqualTo(204);
            assertThat(fetches).as("fetched a moment ago").hasValue(1);

            clock.advance(Duration.ofSeconds(31));
            for (int i = 0; i < 20; i++) {
                assertThat(web.report(unknownKey(KEYS, KEYS))).isEqualTo(204);
            }

            assertThat(keysOf(web.take())).contains("key-2");
            assertThat(fetches).hasValue(2);
        }
    }

    @Test
    void onlyAKeySetThatTheInstanceHoldsIsFetched() throws Exception {
        try (TestWorkload web = connected("web");
                TestWorkload bystander = connected("bystander")) {
            web.take();
            bystander.take();
            clock.advance(Duration.ofSeconds(31));
            assertThat(bystander.report(unknownKey(KEYS))).isEqualTo(204);
            assertThat(web.report(unknownKey("https://internal.example.com/", "inline:0")))
                    .isEqualTo(204);
            assertThat(fetches).hasValue(1);
        }
    }

    @Test
    void aReportIsTheInstancesOwnAndShort() throws Exception {
        try (TestWorkload web = connected("web");
                TestWorkload bystander = connected("bystander")) {
            clock.advance(Duration.ofSeconds(31));
            assertThat(bystander.report("web-0", unknownKey(KEYS))).isEqualTo(403);
            assertThat(bystander.report("nobody-0", unknownKey(KEYS))).isEqualTo(404);
            assertThat(web.report(unknownKey("x".repeat(70_000)))).isEqualTo(413);
            assertThat(web.report("{}".getBytes(StandardCharsets.UTF_8))).isEqualTo(400);
            assertThat(web.report("[".getBytes(StandardCharsets.UTF_8))).isEqualTo(400);
            assertThat(fetches).hasValue(1);
        }
    }
}
