package io.weft.policy.ca;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.SpiffeId;
import io.weft.policy.server.TestKeys;
import io.weft.policy.state.StateDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Issues certificates on one thread, from the CSR's text to the chain's; {@code -Dissue.seconds=20}
 * goes on for longer and is for measuring.
 */
class IssueRateTest {

    private static final int WORKLOADS = 50;

    @TempDir Path directory;

    @Test
    void manyCertificatesAreIssuedInARowAndEachIsGood() throws Exception {
        CertificateAuthority authority =
                CertificateAuthority.open(
                        new CaSettings(
                                "cluster.local",
                                Duration.ofHours(1),
                                100_000_000,
                                CaSettings.DEFAULT_SERVER_NAMES,
                                null),
                        StateDirectory.open(directory.resolve("state")),
                        InstantSource.system());
        List<SpiffeId> workloads = new ArrayList<>();
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < WORKLOADS; i++) {
            SpiffeId id = new SpiffeId("cluster.local", "blog", "web-" + i);
            workloads.add(id);
            requests.add(TestKeys.csr(TestKeys.ec("secp256r1"), id.uri()));
        }
        long seconds = Long.getLong("issue.seconds", 0);
        int issued = 0;
        IssuedSvid last;
        long began = System.nanoTime();
        long warm = began + Duration.ofSeconds(seconds / 2).toNanos();
        long end = began + Duration.ofSeconds(seconds).toNanos();
        long from = began;
        do {
            int which = issued % WORKLOADS;
            last = authority.issue(requests.get(which), workloads.get(which), "test");
            issued++;
            if (from == began && System.nanoTime() > warm) {
                from = System.nanoTime();
                issued = 0;
            }
        } while (issued < WORKLOADS || System.nanoTime() < end);
        double rate = issued / ((System.nanoTime() - from) / 1e9);
        System.out.printf("X.509-SVIDs issued on one thread: %.0f a second%n", rate);
        assertThat(
                        new SvidVerifier("cluster.local", authority.roots(), InstantSource.system())
                                .verify(Pem.readCertificates(last.chainPem())))
                .isEqualTo(last.identity());
    }
}
