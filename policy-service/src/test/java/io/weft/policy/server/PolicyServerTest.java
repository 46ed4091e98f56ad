package io.weft.policy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.compiler.CompilerOptions;
import io.weft.engine.AdjustableClock;
import io.weft.engine.SampleRequest;
import io.weft.engine.explain.Explanation;
import io.weft.model.Secret;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.Registration;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.UnknownHost;
import io.weft.model.wire.IssuedCertificate;
import io.weft.model.wire.JoinRequest;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.StreamMessage;
import io.weft.policy.ca.CaSettings;
import io.weft.policy.control.ControlSettings;
import io.weft.policy.control.ControlStatus;
import io.weft.policy.control.PublishOutcome;
import io.weft.policy.control.RolloutStatus;
import io.weft.policy.explain.Answer;
import io.weft.policy.explain.ExplainService;
import io.weft.policy.explain.Question;
import io.weft.policy.source.PolicyBundle;
import io.weft.policy.state.StartFailure;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The control plane over real sockets and TLS, with the least client that the contract allows. */
@Timeout(120)
class PolicyServerTest {

    private static final String USERS = "users.blog:80";
    private static final ControlSettings FAST =
            new ControlSettings(
                    new CompilerOptions("cluster.local", "istio-system"),
                    Duration.ofMillis(50),
                    Duration.ofMillis(5));

    @TempDir Path directory;
    private final AdjustableClock clock = AdjustableClock.running();
    private PolicyServer server;

    @BeforeEach
    void start() {
        server = started();
    }

    private PolicyServer started() {
        return PolicyServer.start(
                PolicyServerSettings.in(directory.resolve("state"))
                        .control(FAST)
                        .clock(clock::now));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static PolicyBundle bundle(String commit, String... files) {
        List<PolicyBundle.PolicyFile> list =
                java.util.stream.IntStream.range(0, files.length)
                        .mapToObj(i -> new PolicyBundle.PolicyFile("mesh/" + i + ".yaml", files[i]))
                        .toList();
        return new PolicyBundle(commit, null, "an author", "a message", null, list, null);
    }

    private static String service(String name, int port) {
        return """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: blog}
        spec:
          selector: {app: %s}
          ports:
          - {name: http, port: %d, targetPort: 9090}
        """
                .formatted(name, name, port);
    }

    private PublishOutcome publish(PolicyBundle bundle) throws Exception {
        return get(server.control().publish(bundle));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static void await(BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + TestWorkload.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(5);
        }
    }

    private static <T extends MeshResource> T only(StreamMessage.Delta delta, Class<T> type) {
        List<T> found =
                delta.updates().stream()
                        .map(StreamMessage.ResourceUpdate::resource)
                        .filter(type::isInstance)
                        .map(type::cast)
                        .toList();
        assertThat(found).as("%s in %s", type.getSimpleName(), delta).hasSize(1);
        return found.getFirst();
    }

    private TestWorkload connected(String account, String... routes) throws Exception {
        TestWorkload workload = TestWorkload.joined(server, "blog", account, account + "-0");
        assertThat(workload.register(workload.registration(9090, true))).isEqualTo(204);
        assertThat(workload.subscribe(routes)).isEqualTo(204);
        assertThat(workload.open()).isEqualTo(200);
        return workload;
    }

    @Test
    void aWorkloadJoinsRegistersSubscribesAndAcknowledgesWhatItIsSent() throws Exception {
        publish(bundle("c1", service("users", 80)));
        try (TestWorkload users = connected("users");
                TestWorkload web = connected("web", USERS)) {
            users.take();
            StreamMessage.Delta first = web.take();

            assertThat(first.commit()).isEqualTo("c1");
            assertThat(only(first, RouteTable.class).name()).isEqualTo(USERS);
            EndpointSet endpoints = only(first, EndpointSet.class);
            assertThat(endpoints.endpoints())
                    .singleElement()
                    .satisfies(e -> {
                        assertThat(e.id()).isEqualTo("users-0");
                        assertThat(e.port()).isEqualTo(19_090);
                        assertThat(e.identity()).isEqualTo(users.id);
                    });
            RolloutStatus rollout = get(server.control().awaitRollout(first.revision()));
            assertThat(rollout.inSync()).isEqualTo(2);
            assertThat(rollout.instances())
                    .allSatisfy(i -> assertThat(i.acknowledgedCommit()).isEqualTo("c1"));
        }
    }

    @Test
    void onlyWhatACommitChangesIsSentAndOnlyToThoseWhomItConcerns() throws Exception {
        publish(bundle("c1", service("users", 80), service("other", 80)));
        try (TestWorkload web = connected("web", USERS, "other.blog:80")) {
            web.take();

            publish(bundle("c2", service("users", 80), service("other", 81)));

            StreamMessage.Delta delta = web.take();
            assertThat(delta.commit()).isEqualTo("c2");
            assertThat(delta.updates())
                    .extracting(u -> u.resource().key())
                    .contains("routes/other.blog:80")
                    .doesNotContain("routes/" + USERS, "workload");
            assertThat(only(delta, UnknownHost.class).name()).isEqualTo("other.blog:80");

            publish(bundle("c3", service("users", 80), service("other", 81), "# a remark\n"));
            assertThat(get(server.control().rollout()).instances())
                    .singleElement()
                    .satisfies(status -> assertThat(status.acknowledgedCommit()).isEqualTo("c3"));

            publish(bundle("c4", service("users", 80), service("other", 80)));
            assertThat(web.take().commit()).isEqualTo("c4");
        }
    }

    @Test
    void endpointsComeAndGoAndOnlyThoseWhoHoldThemHear() throws Exception {
        publish(bundle("c1", service("users", 80), service("other", 80)));
        try (TestWorkload web = connected("web", USERS);
                TestWorkload bystander = connected("bystander", "other.blog:80")) {
            web.take();
            bystander.take();
            try (TestWorkload users = connected("users")) {
                users.take();
                // The selector of YAML already knows the service; nothing but endpoints changes.
                StreamMessage.Delta came = web.take();
                assertThat(only(came, EndpointSet.class).endpoints()).hasSize(1);

                users.register(users.registration(9090, false));
                assertThat(only(web.take(), EndpointSet.class).endpoints()).isEmpty();

                users.register(users.registration(9090, true));
                assertThat(only(web.take(), EndpointSet.class).endpoints()).hasSize(1);
            }
            // Its stream has ended: after the lease it is gone.
            assertThat(only(web.take(), EndpointSet.class).endpoints()).isEmpty();
            assertThat(bystander.hasNoDelta()).isTrue();
        }
    }

    @Test
    void aNewSubscriptionIsAnsweredOnTheOpenStream() throws Exception {
        publish(bundle("c1", service("users", 80)));
        try (TestWorkload web = connected("web")) {
            web.take();

            web.subscribe(USERS, "nobody.nowhere:80");

            StreamMessage.Delta delta = web.take();
            assertThat(only(delta, RouteTable.class).name()).isEqualTo(USERS);
            assertThat(only(delta, UnknownHost.class).name()).isEqualTo("nobody.nowhere:80");
            web.subscribe();
            assertThat(web.take().removed())
                    .contains("routes/" + USERS, "routes/nobody.nowhere:80");
        }
    }

    @Test
    void aBrokenBundleIsRefusedWithFileAndLineAndTheOldOneStays() throws Exception {
        PublishOutcome good = publish(bundle("c1", service("users", 80)));
        try (TestWorkload web = connected("web", USERS)) {
            web.take();

            PublishOutcome bad =
                    publish(bundle("c2", service("users", 81), "kind: Service\n  spec: [\n"));

            assertThat(bad.accepted()).isFalse();
            assertThat(bad.diagnostics())
                    .anySatisfy(d -> {
                        assertThat(d.isError()).isTrue();
                        assertThat(d.file()).isEqualTo("mesh/1.yaml");
                        assertThat(d.line()).isPositive();
                    });
            ControlStatus status = get(server.control().status());
            assertThat(status.inForce().commit()).isEqualTo("c1");
            assertThat(status.refused().commit().commit()).isEqualTo("c2");
            assertThat(status.revision()).isGreaterThanOrEqualTo(good.revision());
            assertThat(web.hasNoDelta()).isTrue();

            publish(bundle("c3", service("users", 80), service("more", 80)));
            assertThat(get(server.control().status()).inForce().commit()).isEqualTo("c3");
            assertThat(get(server.control().status()).refused()).isNull();
        }
    }

    private static final String STRANGERS_ARE_DENIED =
            """
            apiVersion: policy.weft.io/v1
            kind: PolicyTest
            metadata: {name: users, namespace: blog}
            spec:
              tests:
              - name: strangers are denied
                from: {workload: shop/cart}
                request: {to: users.blog:80}
                expect: {decision: denied}
            """;

    private static final String NOBODY =
            """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: nobody, namespace: blog}
            spec: {}
            """;

    @Test
    void aCommitWhoseOwnTestFailsIsRefusedWithTestAndDecidingLineAndTheOldOneStays()
            throws Exception {
        publish(bundle("c1", service("users", 80), NOBODY, STRANGERS_ARE_DENIED));
        assertThat(get(server.control().status()).history().getFirst().policyTests()).isEqualTo(1);
        String everybody = NOBODY.replace("spec: {}", "spec: {rules: [{}]}");

        PublishOutcome bad =
                publish(bundle("c2", service("users", 80), everybody, STRANGERS_ARE_DENIED));

        assertThat(bad.accepted()).isFalse();
        assertThat(bad.diagnostics())
                .filteredOn(d -> d.isError())
                .singleElement()
                .satisfies(d -> {
                    assertThat(d.code().id()).isEqualTo("WFT0701");
                    assertThat(d.file() + ":" + d.line()).isEqualTo("mesh/2.yaml:6");
                    assertThat(d.message())
                            .contains("'strangers are denied' fails")
                            .contains("AuthorizationPolicy blog/nobody mesh/1.yaml:");
                });
        ControlStatus status = get(server.control().status());
        assertThat(status.inForce().commit()).isEqualTo("c1");
        assertThat(status.refused().commit().commit()).isEqualTo("c2");
        assertThat(status.history().getFirst().failedPolicyTests()).isEqualTo(1);
    }

    @Test
    void aPolicyFileThatTheSourceCannotServeRefusesTheCommit() throws Exception {
        PublishOutcome outcome =
                publish(
                        new PolicyBundle(
                                "c1",
                                null,
                                null,
                                null,
                                null,
                                List.of(),
                                List.of(
                                        new PolicyBundle.SkippedFile(
                                                "mesh/deny.yaml", "symbolic link"))));
        assertThat(outcome.accepted()).isFalse();
        assertThat(outcome.diagnostics().getFirst().format())
                .contains("mesh/deny.yaml", "symbolic link");
    }

    @Test
    void nothingButHeartbeatsIsSentWhileNothingIsInForce() throws Exception {
        try (TestWorkload web = connected("web", USERS)) {
            assertThat(web.next()).isInstanceOf(StreamMessage.Heartbeat.class);
            publish(bundle("c1", service("users", 80)));
            assertThat(web.take().commit()).isEqualTo("c1");
        }
    }

    @Test
    void aRestartKeepsTheAuthorityTheLastGoodCommitAndWhoIsRegistered() throws Exception {
        publish(bundle("c1", service("users", 80)));
        TestWorkload users = connected("users");
        StreamMessage.Delta before;
        TestWorkload web = connected("web", USERS);
        before = web.take();
        String roots = server.authority().trustBundlePem();
        await(() -> directory.resolve("state/registrations.json").toFile().length() > 10);

        server.close();
        server = started();

        assertThat(server.authority().trustBundlePem()).isEqualTo(roots);
        try (TestWorkload again = web.at(server)) {
            assertThat(again.register(again.registration(9090, true))).isEqualTo(204);
            again.has().putAll(web.has());
            again.subscribe(USERS);
            again.open();
            StreamMessage.Delta after = again.take();
            assertThat(after.commit()).isEqualTo("c1");
            // users has not returned yet, and is not taken out for that; nothing is sent twice.
            assertThat(after.updates()).isEmpty();
            assertThat(after.removed()).isEmpty();
            assertThat(after.revision()).isGreaterThan(before.revision());
        } finally {
            users.close();
            web.close();
        }
    }

    @Test
    void aRefusalIsReportedAndTheNextDeltaIsRightForEitherState() throws Exception {
        publish(bundle("c1", service("users", 80)));
        try (TestWorkload web = connected("web", USERS)) {
            web.take();
            PublishOutcome second = publish(bundle("c2", service("users", 81)));
            StreamMessage.Delta refused = web.nextDelta();
            web.ack(refused.revision(), false, "no such thing");

            RolloutStatus rollout = get(server.control().awaitRollout(second.revision()));
            assertThat(rollout.refused())
                    .singleElement()
                    .satisfies(i -> {
                        assertThat(i.refusal().reason()).isEqualTo("no such thing");
                        assertThat(i.acknowledgedCommit()).isEqualTo("c1");
                    });

            // Back to what was: also who went on from the refused delta is brought back.
            publish(bundle("c3", service("users", 80)));
            StreamMessage.Delta back = web.take();
            assertThat(back.updates())
                    .extracting(u -> u.resource().key())
                    .contains("routes/" + USERS);
            assertThat(get(server.control().rollout()).refused()).isEmpty();
        }
    }

    @Test
    void aJoinTokenIsGoodForOneJoinOfItsIdentity() throws Exception {
        KeyPair keys = TestKeys.ec("secp256r1");
        String csr = TestKeys.csr(keys, "spiffe://cluster.local/ns/blog/sa/web");
        Secret token = server.tokens().create("blog", "web", Duration.ofMinutes(1)).token();

        String other = TestKeys.csr(keys, "spiffe://cluster.local/ns/blog/sa/admin");
        assertThat(status(new JoinRequest(token, "blog", "web", other))).isEqualTo(403);
        assertThat(status(new JoinRequest(token, "blog", "admin", other))).isEqualTo(403);
        assertThat(status(new JoinRequest(token, "blog", "web", csr))).isEqualTo(200);
        HttpResponse<byte[]> replay =
                TestWorkload.join(server, new JoinRequest(token, "blog", "web", csr));
        assertThat(replay.statusCode()).isEqualTo(403);
        assertThat(new String(replay.body()))
                .contains("already used")
                .doesNotContain(token.reveal());
        assertThat(status(new JoinRequest(new Secret("weft.abc.def"), "blog", "web", csr)))
                .isEqualTo(403);

        server.close();
        server = started();
        assertThat(status(new JoinRequest(token, "blog", "web", csr))).isEqualTo(403);

        Secret late = server.tokens().create("blog", "web", Duration.ofMinutes(1)).token();
        clock.advance(Duration.ofMinutes(2));
        assertThat(status(new JoinRequest(late, "blog", "web", csr))).isEqualTo(403);
        assertThat(java.nio.file.Files.readString(directory.resolve("state/join-tokens.json")))
                .doesNotContain(token.reveal(), late.reveal());
    }

    private int status(JoinRequest request) throws Exception {
        return TestWorkload.join(server, request).statusCode();
    }

    @Test
    void certificatesAreRenewedForThePeersOwnIdentityOnly() throws Exception {
        try (TestWorkload web = TestWorkload.joined(server, "blog", "web", "web-0")) {
            assertThat(web.renew(TestKeys.csr(web.keys, web.id.uri())).statusCode()).isEqualTo(200);
            IssuedCertificate renewed =
                    new MeshCodec()
                            .read(
                                    web.renew(TestKeys.csr(web.keys, web.id.uri())).body(),
                                    IssuedCertificate.class);
            assertThat(renewed.controlPlane()).containsExactly("127.0.0.1:" + server.meshPort());
            HttpResponse<byte[]> foreign =
                    web.renew(TestKeys.csr(web.keys, "spiffe://cluster.local/ns/blog/sa/admin"));
            assertThat(foreign.statusCode()).isEqualTo(403);
        }
    }

    @Test
    void aWorkloadSpeaksForItselfOnly() throws Exception {
        publish(bundle("c1", service("users", 80)));
        try (TestWorkload users = connected("users");
                TestWorkload web = TestWorkload.joined(server, "blog", "web", "users-0")) {
            Registration foreign = users.registration(9090, true);
            assertThat(web.register(foreign)).as("another's identity").isEqualTo(403);
            assertThat(web.register(web.registration(9090, true)))
                    .as("another's instance name")
                    .isEqualTo(409);
            assertThat(web.open()).as("another's stream").isEqualTo(403);
            assertThat(web.ack("1", true, "")).as("another's acknowledgement").isEqualTo(403);
            try (TestWorkload nobody = TestWorkload.joined(server, "blog", "nobody", "nobody-0")) {
                assertThat(nobody.open()).as("not registered").isEqualTo(404);
            }
        }
    }

    @Test
    void aCertificateOfAnotherMeshIsRefused() throws Exception {
        try (PolicyServer foreign =
                        PolicyServer.start(
                                PolicyServerSettings.in(directory.resolve("foreign"))
                                        .clock(clock::now));
                TestWorkload web = TestWorkload.joined(foreign, "blog", "web", "web-0");
                HttpClient client =
                        TestWorkload.mutualTls(
                                web.keys,
                                web.certificate.chainPem(),
                                server.authority().trustBundlePem())) {
            assertThatThrownBy(() -> client.send(anyMeshRequest(), discarding()))
                    .isInstanceOf(java.io.IOException.class);
        }
        // Without any certificate, neither.
        try (HttpClient client =
                TestWorkload.mutualTls(null, null, server.authority().trustBundlePem())) {
            assertThatThrownBy(() -> client.send(anyMeshRequest(), discarding()))
                    .isInstanceOf(java.io.IOException.class);
        }
    }

    private HttpRequest anyMeshRequest() {
        return HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + server.meshPort() + "/v1/certificates"))
                .timeout(TestWorkload.PATIENCE)
                .build();
    }

    private static HttpResponse.BodyHandler<Void> discarding() {
        return HttpResponse.BodyHandlers.discarding();
    }

    @Test
    void anExpiredCertificateIsRefusedOnNewAndOnOpenConnections() throws Exception {
        publish(bundle("c1", service("users", 80)));
        try (TestWorkload web = connected("web", USERS)) {
            web.take();
            clock.advance(Duration.ofHours(2));
            assertThat(web.ack("1", true, "")).isEqualTo(401);
            await(() -> server.control().rollout().toCompletableFuture().join().connected() == 0);
            try (HttpClient client =
                    TestWorkload.mutualTls(
                            web.keys,
                            web.certificate.chainPem(),
                            server.authority().trustBundlePem())) {
                assertThatThrownBy(() -> client.send(anyMeshRequest(), discarding()))
                        .isInstanceOf(java.io.IOException.class);
            }
        }
    }

    @Test
    void aTakenPortIsAClearFailureThatLeavesNothingRunning() {
        PolicyServerSettings taken =
                PolicyServerSettings.in(directory.resolve("second"))
                        .listen(InetAddress.getLoopbackAddress(), 0, server.meshPort());
        assertThatThrownBy(() -> PolicyServer.start(taken))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("mesh port: ")
                .hasMessageContaining(":" + server.meshPort());
    }

    @Test
    void tooLargeABodyIsRefused() throws Exception {
        HttpResponse<byte[]> answer =
                TestWorkload.join(
                        server,
                        new JoinRequest(new Secret("x".repeat(100_000)), "blog", "web", "csr"));
        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void theConfigurationOfAWorkloadCanBeSeen() throws Exception {
        publish(bundle("c1", service("users", 80)));
        try (TestWorkload web = connected("web", USERS)) {
            web.take();
            assertThat(get(server.control().config(new WorkloadId("blog", "web"))))
                    .containsOnlyKeys("web-0")
                    .hasEntrySatisfying(
                            "web-0",
                            resources -> assertThat(resources).containsKey("routes/" + USERS));
            assertThat(get(server.control().services()))
                    .extracting("host")
                    .contains("users.blog.svc.cluster.local", "web.blog.svc.cluster.local");
        }
    }

    @Test
    void explainsARequestWithoutSendingIt() throws Exception {
        publish(bundle("c1", service("users", 80)));
        ExplainService explain = new ExplainService(server.control(), clock);
        try (TestWorkload users = connected("users");
                TestWorkload web = connected("web")) {
            users.take();
            web.take();
            Question question =
                    new Question(
                            new WorkloadId("blog", "web"),
                            null,
                            0,
                            "users.blog",
                            80,
                            SampleRequest.http("GET", "/x").authority("users.blog").build());
            Answer answer = get(explain.explain(question));
            assertThat(answer.server()).isEqualTo("blog/users 9090");
            assertThat(answer.explanation().decision().result())
                    .isEqualTo(Explanation.Result.ALLOWED);
            assertThat(answer.explanation().mtls()).isNotNull();
            assertThat(web.hasNoDelta()).as("nothing was subscribed by asking").isTrue();

            Question unknown =
                    new Question(
                            new WorkloadId("blog", "nobody"), null, 0, "x", 80, question.request());
            assertThatThrownBy(() -> get(explain.explain(unknown)))
                    .hasMessageContaining("workload: blog/nobody (expected: a registered one)");
        }
    }

    @Test
    void aRateLimitHoldsForEachIdentity() throws Exception {
        server.close();
        server =
                PolicyServer.start(
                        PolicyServerSettings.in(directory.resolve("limited"))
                                .authority(
                                        new CaSettings(
                                                "cluster.local",
                                                Duration.ofHours(1),
                                                2,
                                                CaSettings.DEFAULT_SERVER_NAMES,
                                                null))
                                .clock(clock::now));
        SpiffeId id = new SpiffeId("cluster.local", "blog", "web");
        try (TestWorkload web = TestWorkload.joined(server, "blog", "web", "web-0")) {
            String csr = TestKeys.csr(web.keys, id.uri());
            assertThat(web.renew(csr).statusCode()).isEqualTo(200);
            assertThat(web.renew(csr).statusCode()).isEqualTo(429);
            clock.advance(Duration.ofSeconds(31));
            assertThat(web.renew(csr).statusCode()).isEqualTo(200);
        }
    }
}
