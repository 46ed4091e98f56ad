package io.weft.dataplane.snapshot;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.weft.dataplane.identity.Unresumed;
import io.weft.model.listener.GatewayServer.ClientCertificates;
import io.weft.model.listener.GatewayServer.ServerTls;
import io.weft.model.resource.Certificate;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Makes the TLS contexts that a gateway shows to its clients. */
final class ServerCertificates {

    private static final int DNS_NAME = 2;

    private ServerCertificates() {}

    static GatewayPort.NamedContext compile(Certificate certificate, ServerTls.Terminate tls) {
        try {
            SslContextBuilder builder =
                    SslContextBuilder.forServer(
                                    OriginationTls.pem(certificate.chainPem()),
                                    OriginationTls.pem(certificate.keyPem().reveal()))
                            .protocols(
                                    tls.minVersion().equals("TLSv1.3")
                                            ? new String[] {"TLSv1.3"}
                                            : new String[] {"TLSv1.3", "TLSv1.2"})
                            .applicationProtocolConfig(
                                    new ApplicationProtocolConfig(
                                            Protocol.ALPN,
                                            SelectorFailureBehavior.NO_ADVERTISE,
                                            SelectedListenerFailureBehavior.ACCEPT,
                                            ApplicationProtocolNames.HTTP_2,
                                            ApplicationProtocolNames.HTTP_1_1));
            SslContext context =
                    tls.clientCertificates() == ClientCertificates.NONE
                            ? builder.build()
                            : Unresumed.context(
                                    asking(builder, certificate, tls.clientCertificates()));
            return new GatewayPort.NamedContext(context, names(certificate), false);
        } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "certificate: '"
                            + certificate.name()
                            + "' cannot be used: "
                            + e.getMessage()
                            + " (expected: a PEM chain and its PKCS#8 key)",
                    e);
        }
    }

    private static SslContextBuilder asking(
            SslContextBuilder builder, Certificate certificate, ClientCertificates mode) {
        return switch (mode) {
            case NONE, MESH -> builder;
            case OPTIONAL, REQUIRED -> {
                if (certificate.caPem().isEmpty()) {
                    throw new IllegalArgumentException("no roots for client certificates");
                }
                yield builder.trustManager(OriginationTls.pem(certificate.caPem()))
                        .clientAuth(
                                mode == ClientCertificates.REQUIRED
                                        ? ClientAuth.REQUIRE
                                        : ClientAuth.OPTIONAL);
            }
        };
    }

    private static List<String> names(Certificate certificate) throws GeneralSecurityException {
        X509Certificate leaf =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(OriginationTls.pem(certificate.chainPem()));
        List<String> names = new ArrayList<>();
        Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> name : alternatives) {
                if (name.getFirst().equals(DNS_NAME)) {
                    names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        }
        return List.copyOf(names);
    }
}
