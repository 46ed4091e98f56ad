package io.weft.policy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.resource.TrustBundle;
import io.weft.model.wire.IssuedCertificate;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.StreamMessage;
import io.weft.policy.ca.AuthorityChanges;
import io.weft.policy.ca.Pem;
import io.weft.policy.ca.RotationPhase;
import io.weft.policy.source.PolicyBundle;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A root is replaced, and an identity denied, while a workload is connected. */
@Timeout(120)
class RotationOverTheStreamTest {

    @TempDir Path directory;
    private volatile Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> Instant.now().plus(ahead);
    private PolicyServer server;
    private TestWorkload web;

    @BeforeEach
    void connect() throws Exception {
        server =
                PolicyServer.start(
                        PolicyServerSettings.in(directory.resolve("state")).clock(clock));
        server.control().publish(PolicyBundle.of(List.of()));
        web = TestWorkload.joined(server, "blog", "web", "web-0");
        web.register(web.registration(9090, true));
        web.subscribe();
        web.open();
        web.take();
    }

    @AfterEach
    void close() {
        web.close();
        server.close();
    }

    private static TrustBundle bundle(StreamMessage.Delta delta) {
        return delta.updates().stream()
                .map(StreamMessage.ResourceUpdate::resource)
                .filter(TrustBundle.class::isInstance)
                .map(TrustBundle.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private RotationPhase phase() {
        return server.authority().view().phase();
    }

    @Test
    void aRootIsReplacedStepByStepAndNoStepComesTooEarly() throws Exception {
        server.rotation().advance(false);
        assertThat(phase()).isEqualTo(RotationPhase.ANNOUNCED);
        assertThatThrownBy(() -> server.rotation().advance(false))
                .as("nobody has acknowledged it yet")
                .isInstanceOf(AuthorityChanges.NotNow.class)
                .hasMessageContaining(
                        "1 workload(s) have not acknowledged the new root: blog/web-0");

        assertThat(Pem.readCertificates(bundle(web.take()).rootsPem())).hasSize(2);
        String signedBy = server.rotation().advance(false).authority().signedBy();
        assertThat(phase()).isEqualTo(RotationPhase.SWITCHED);
        web.take();
        IssuedCertificate renewed =
                new MeshCodec()
                        .read(
                                web.renew(TestKeys.csr(web.keys, web.id.uri())).body(),
                                IssuedCertificate.class);
        assertThatThrownBy(() -> server.rotation().advance(false))
                .isInstanceOf(AuthorityChanges.NotNow.class)
                .hasMessageContaining("certificates of the old root live until")
                .hasMessageContaining("still show a certificate of the old root: blog/web-0");

        TestWorkload late = web;
        web = web.with(renewed);
        assertThat(web.open()).isEqualTo(200);
        assertThat(
                        server.rotation()
                                .status()
                                .toCompletableFuture()
                                .join()
                                .instances()
                                .getFirst()
                                .signedBy())
                .isEqualTo(signedBy);

        ahead = Duration.ofMinutes(62);
        server.rotation().advance(false);
        assertThat(phase()).isEqualTo(RotationPhase.STEADY);
        try (TestWorkload left = late.at(server)) {
            assertThatThrownBy(() -> left.renew(TestKeys.csr(left.keys, left.id.uri())))
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void whoIsDeniedLosesItsStreamAndEveryOtherCall() throws Exception {
        try (TestWorkload other = TestWorkload.joined(server, "blog", "other", "other-0")) {
            other.register(other.registration(9091, true));
            other.subscribe();
            other.open();
            other.take();
            server.authority().changes().deny(web.id.uri(), "compromised");
            // The denied one may lose its stream before it could hear of it: others must hear.
            assertThat(bundle(other.take()).denied()).containsExactly(web.id.uri());
        }
        HttpResponse<byte[]> answer = web.renew(TestKeys.csr(web.keys, web.id.uri()));
        assertThat(answer.statusCode()).isEqualTo(403);
        try (TestWorkload again = web.at(server)) {
            assertThatThrownBy(() -> again.register(again.registration(9090, true)))
                    .hasCauseInstanceOf(IOException.class);
        }
        long end = System.nanoTime() + TestWorkload.PATIENCE.toNanos();
        while (server.control().rollout().toCompletableFuture().join().instances().stream()
                .anyMatch(each -> each.connected() && each.identity().equals(web.id.uri()))) {
            assertThat(System.nanoTime()).as("its stream ends in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
