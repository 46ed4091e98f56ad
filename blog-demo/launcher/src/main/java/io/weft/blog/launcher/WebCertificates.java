package io.weft.blog.launcher;

import io.weft.blog.launcher.pki.DemoCertificates;
import io.weft.blog.launcher.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * The certificates of the demo's web addresses, signed on the spot.
 *
 * @param caFile what a browser has to trust
 * @param secrets folder of TLS secrets, {@code NAMESPACE/NAME/tls.crt} and {@code tls.key}
 * @param blog what stands in {@code blog-tls-secret}
 */
record WebCertificates(
        Path caFile,
        Path secrets,
        Path issuerCertificate,
        Path issuerKey,
        X509Certificate root,
        X509Certificate blog) {

    static WebCertificates create(Path folder, String gatewayNamespace, Instant now) {
        DemoCertificates authority = DemoCertificates.create("Weft demo CA", now);
        DemoCertificates.Leaf blog =
                authority.server(List.of(Topology.BLOG_HOST, Topology.LOCAL_HOST), now);
        DemoCertificates.Leaf issuer =
                authority.server(List.of(Topology.AUTH_HOST, "localhost"), now);
        try {
            Path caFile = folder.resolve("demo-ca.pem");
            Path secret =
                    folder.resolve("secrets").resolve(gatewayNamespace).resolve("blog-tls-secret");
            Files.createDirectories(secret);
            Files.writeString(caFile, authority.rootPem());
            Files.writeString(secret.resolve("tls.crt"), blog.certificatePem());
            DemoCertificates.writePrivate(secret.resolve("tls.key"), blog.keyPem());
            Path issuerCertificate = folder.resolve("issuer.crt");
            Path issuerKey = folder.resolve("issuer.key");
            Files.writeString(issuerCertificate, issuer.certificatePem());
            DemoCertificates.writePrivate(issuerKey, issuer.keyPem());
            return new WebCertificates(
                    caFile,
                    folder.resolve("secrets"),
                    issuerCertificate,
                    issuerKey,
                    authority.root(),
                    blog.certificate());
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
        }
    }
}
