package io.weft.blog.launcher.check;

import io.weft.blog.launcher.apps.TokenIssuer;
import io.weft.blog.launcher.control.ControlPlane;
import io.weft.blog.launcher.control.PolicyApi;
import io.weft.blog.launcher.mesh.MeshHost;
import io.weft.blog.launcher.pki.TlsClients;
import io.weft.blog.launcher.process.Deadline;
import io.weft.blog.launcher.repo.SampleRepository;
import io.weft.blog.launcher.telemetry.OtlpReceiver;
import io.weft.blog.launcher.topology.Topology;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;

/**
 * The running demo, as the checks see it.
 *
 * @param webRoot the authority that signed what the gateway shows
 * @param webCertificate what stands in {@code blog-tls-secret}
 */
public record CheckedDemo(
        Topology topology,
        MeshHost mesh,
        ControlPlane control,
        SampleRepository repository,
        TokenIssuer tokens,
        OtlpReceiver spans,
        X509Certificate webRoot,
        X509Certificate webCertificate,
        String trustDomain) {

    private static final Duration ROLLOUT = Duration.ofSeconds(10);

    Callers callers() {
        return new Callers(topology, TlsClients.trusting(webRoot));
    }

    PolicyApi policies() {
        return control.api();
    }

    /** Returns when every proxy has acknowledged what it shall have. */
    void awaitRollout() throws IOException, InterruptedException {
        if (!Deadline.in(ROLLOUT).awaitTrue(() -> allUpToDate(repository.head()))) {
            throw new IOException(
                    "not all proxies are up to date after "
                            + ROLLOUT.toSeconds()
                            + " s: "
                            + policies().rollout());
        }
    }

    boolean allUpToDate(String commit) throws IOException {
        return policies().upToDate(commit) == topology.proxies().size();
    }
}
