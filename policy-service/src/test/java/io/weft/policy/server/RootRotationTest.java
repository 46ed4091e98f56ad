package io.weft.policy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.resource.TrustBundle;
import io.weft.model.wire.IssuedCertificate;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.StreamMessage;
import io.weft.policy.ca.CaSettings;
import io.weft.policy.ca.OuterAuthority;
import io.weft.policy.ca.Pem;
import io.weft.policy.source.PolicyBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A root is replaced in three restarts, with an authority made elsewhere: both trusted in between.
 */
@Timeout(120)
class RootRotationTest {

    @TempDir Path directory;
    private Path bothRoots;

    @BeforeEach
    void makeAuthorities() throws IOException {
        String roots = "";
        for (String name : List.of("old", "new")) {
            OuterAuthority authority = OuterAuthority.at(Instant.now());
            authority.files(directory.resolve(name), authority.rootPem());
            roots += authority.rootPem();
        }
        bothRoots = Files.writeString(directory.resolve("roots.pem"), roots);
    }

    private PolicyServer started(String signer, Path roots) {
        Path keys = directory.resolve(signer);
        return PolicyServer.start(
                PolicyServerSettings.in(directory.resolve("state"))
                        .authority(
                                new CaSettings(
                                        "cluster.local",
                                        Duration.ofHours(1),
                                        120,
                                        CaSettings.DEFAULT_SERVER_NAMES,
                                        new CaSettings.KeyFiles(
                                                keys.resolve("chain.pem"),
                                                keys.resolve("key.pem"),
                                                roots))));
    }

    private Path root(String name) {
        return directory.resolve(name).resolve("roots.pem");
    }

    private static IssuedCertificate renewed(TestWorkload workload) throws Exception {
        return new MeshCodec()
                .read(
                        workload.renew(TestKeys.csr(workload.keys, workload.id.uri())).body(),
                        IssuedCertificate.class);
    }

    private static int roots(String pem) {
        return Pem.readCertificates(pem).size();
    }

    private static TrustBundle bundleOf(StreamMessage.Delta delta) {
        return delta.updates().stream()
                .map(StreamMessage.ResourceUpdate::resource)
                .filter(TrustBundle.class::isInstance)
                .map(TrustBundle.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aWorkloadKeepsItsPlaceWhileTheRootIsReplaced() throws Exception {
        TestWorkload web;
        try (PolicyServer before = started("old", root("old"))) {
            web = TestWorkload.joined(before, "blog", "web", "web-0");
            assertThat(roots(web.certificate.trustBundles().get("cluster.local"))).isEqualTo(1);
        }
        TestWorkload late = web;

        // 1: both roots are told, the old one signs.
        try (PolicyServer server = started("old", bothRoots);
                TestWorkload connected = web.at(server)) {
            server.control().publish(PolicyBundle.of(List.of()));
            connected.register(connected.registration(9090, true));
            connected.subscribe();
            connected.open();
            assertThat(roots(bundleOf(connected.take()).rootsPem())).isEqualTo(2);
            web = connected.with(renewed(connected));
            assertThat(roots(web.certificate.trustBundles().get("cluster.local"))).isEqualTo(2);
        }

        // 2: the new one signs; a certificate of the old one is still good.
        try (PolicyServer server = started("new", bothRoots);
                TestWorkload connected = web.at(server)) {
            IssuedCertificate byTheNewOne = renewed(connected);
            assertThat(byTheNewOne.chainPem()).isNotEqualTo(web.certificate.chainPem());
            web = connected.with(byTheNewOne);
        }

        // 3: only the new one is trusted.
        try (PolicyServer server = started("new", root("new"));
                TestWorkload connected = web.at(server);
                TestWorkload left = late.at(server)) {
            assertThat(roots(renewed(connected).trustBundles().get("cluster.local"))).isEqualTo(1);
            assertThatThrownBy(() -> renewed(left)).hasCauseInstanceOf(IOException.class);
        }
    }
}
