package io.weft.policy.stream;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.weft.policy.ca.CertificateAuthority;
import io.weft.policy.ca.ServerCredential;
import io.weft.policy.ca.SvidTrustManager;
import io.weft.policy.ca.SvidVerifier;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS context for new connections; a new one when the control plane's certificate is renewed.
 */
final class ServerTls implements Supplier<SslContext> {

    private final CertificateAuthority authority;
    private final @Nullable SvidVerifier clients;
    private @Nullable ServerCredential credential;
    private @Nullable SslContext context;

    /**
     * @param clients null where clients need no certificate
     */
    ServerTls(CertificateAuthority authority, @Nullable SvidVerifier clients) {
        this.authority = authority;
        this.clients = clients;
    }

    @Override
    public synchronized SslContext get() {
        ServerCredential current = authority.serverCredential();
        SslContext usable = context;
        if (usable == null || current != credential) {
            usable = build(current);
            context = usable;
            credential = current;
        }
        return usable;
    }

    private SslContext build(ServerCredential current) {
        SslContextBuilder builder =
                SslContextBuilder.forServer(current.key(), current.chain())
                        .sslProvider(SslProvider.JDK)
                        .applicationProtocolConfig(
                                new ApplicationProtocolConfig(
                                        ApplicationProtocolConfig.Protocol.ALPN,
                                        ApplicationProtocolConfig.SelectorFailureBehavior
                                                .NO_ADVERTISE,
                                        ApplicationProtocolConfig.SelectedListenerFailureBehavior
                                                .ACCEPT,
                                        List.of(
                                                ApplicationProtocolNames.HTTP_2,
                                                ApplicationProtocolNames.HTTP_1_1)));
        if (clients == null) {
            builder.protocols("TLSv1.3", "TLSv1.2");
        } else {
            builder.protocols("TLSv1.3")
                    .clientAuth(ClientAuth.REQUIRE)
                    .trustManager(new SvidTrustManager(clients));
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS context of the control plane", e);
        }
    }
}
