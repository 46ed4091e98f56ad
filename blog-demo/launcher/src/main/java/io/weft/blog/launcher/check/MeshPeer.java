package io.weft.blog.launcher.check;

import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpConnection;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.Target;
import io.weft.blog.launcher.pki.TlsClients;
import io.weft.blog.launcher.topology.ProxySpec;
import io.weft.dataplane.identity.Svid;
import io.weft.dataplane.identity.SvidStore;
import io.weft.model.SpiffeId;
import io.weft.model.catalog.Registration;
import io.weft.model.wire.MeshCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** Speaks with the certificate that a sidecar keeps on disk, and without the sidecar's manners. */
final class MeshPeer {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Svid svid;
    private final MeshCodec codec = new MeshCodec();

    private MeshPeer(Svid svid) {
        this.svid = svid;
    }

    /** Takes on the identity of a running proxy. */
    static MeshPeer as(CheckedDemo demo, ProxySpec proxy) {
        SpiffeId id =
                new SpiffeId(
                        demo.trustDomain(), proxy.workload().namespace(), proxy.serviceAccount());
        return new MeshPeer(
                SvidStore.open(demo.mesh().stateDir(proxy), id)
                        .current()
                        .orElseThrow(() ->
                                new IllegalStateException(proxy.instance() + ": no SVID on disk"))
                        .svid());
    }

    SSLContext tls() {
        return TlsClients.showing(svid.key(), svid.chain().toArray(X509Certificate[]::new));
    }

    /** One request straight to a mesh port. */
    HttpAnswer ask(int meshPort, HttpQuestion question) throws IOException {
        return HttpConnection.once(Target.tls(meshPort, tls(), null), question, TIMEOUT);
    }

    /** Says something else of an instance of this identity than its sidecar said. */
    void register(int streamPort, Registration registration) throws IOException {
        String json = new String(codec.write(registration), StandardCharsets.UTF_8);
        HttpAnswer answer =
                ask(
                        streamPort,
                        HttpQuestion.json(
                                "PUT",
                                "localhost",
                                "/v1/instances/" + registration.instance(),
                                json));
        if (answer.status() / 100 != 2) {
            throw new IOException("registration: " + answer.status() + " " + answer.body());
        }
    }
}
