package io.weft.dataplane.snapshot;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.dataplane.upstream.UpstreamSecurity;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.resource.Certificate;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes the TLS contexts of clusters that originate TLS to the outside world. */
final class OriginationTls {

    private OriginationTls() {}

    static UpstreamSecurity compile(
            UpstreamTls.Origination out,
            String host,
            Function<String, @Nullable Certificate> certificates,
            boolean http2Only) {
        String sni = out.sni() == null ? host : out.sni();
        try {
            SslContext http2 = context(out, certificates, ApplicationProtocolNames.HTTP_2);
            SslContext http1 =
                    http2Only
                            ? http2
                            : context(out, certificates, ApplicationProtocolNames.HTTP_1_1);
            return new UpstreamSecurity.Origination(
                    http1,
                    http2,
                    sni,
                    out.insecureSkipVerify() ? List.of() : out.subjectAltNames());
        } catch (SSLException e) {
            throw new IllegalArgumentException(
                    "TLS to " + host + ": " + e.getMessage() + " (expected: usable certificates)",
                    e);
        }
    }

    private static SslContext context(
            UpstreamTls.Origination out,
            Function<String, @Nullable Certificate> certificates,
            String protocol)
            throws SSLException {
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .protocols("TLSv1.3", "TLSv1.2")
                        .applicationProtocolConfig(
                                new ApplicationProtocolConfig(
                                        Protocol.ALPN,
                                        SelectorFailureBehavior.NO_ADVERTISE,
                                        SelectedListenerFailureBehavior.ACCEPT,
                                        protocol));
        if (out.insecureSkipVerify()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null);
        } else if (out.caCertificates() != null) {
            Certificate roots = find(certificates, out.caCertificates());
            builder.trustManager(pem(roots.caPem().isEmpty() ? roots.chainPem() : roots.caPem()));
        }
        if (!out.subjectAltNames().isEmpty()) {
            // These are what is checked, when the handshake is over.
            builder.endpointIdentificationAlgorithm(null);
        }
        if (out.clientCertificate() != null) {
            Certificate own = find(certificates, out.clientCertificate());
            builder.keyManager(pem(own.chainPem()), pem(own.keyPem().reveal()));
        }
        return builder.build();
    }

    private static Certificate find(
            Function<String, @Nullable Certificate> certificates, String name) {
        Certificate found = certificates.apply(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "certificate: '" + name + "' is missing (expected: in the configuration)");
        }
        return found;
    }

    static InputStream pem(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }
}
