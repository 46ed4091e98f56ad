package io.weft.compiler.dialect;

import io.weft.model.listener.ExternalAuthorizer;
import io.weft.model.listener.ForwardClientCert;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.listener.PathNormalization;
import io.weft.model.route.RetryPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the mesh as a whole.
 *
 * @param trustedProxies proxies before a gateway whose X-Forwarded-For is believed
 * @param forwardClientCert what gateways do with X-Forwarded-Client-Cert, null as ever
 * @param retries null is {@link MeshDefaults#retry}
 * @param externalAuthorizers their cluster is the fully qualified {@code host:port}
 */
public record MeshSettings(
        PathNormalization pathNormalization,
        OutboundPolicy outboundPolicy,
        List<String> trustDomainAliases,
        int trustedProxies,
        List<ExternalAuthorizer> externalAuthorizers,
        @Nullable ForwardClientCert forwardClientCert,
        @Nullable Retries retries) {

    /**
     * How requests are repeated whose routes do not say it.
     *
     * @param policy null for not at all
     */
    public record Retries(@Nullable RetryPolicy policy) {}

    public static final MeshSettings DEFAULT =
            new MeshSettings(
                    PathNormalization.BASE,
                    OutboundPolicy.ALLOW_ANY,
                    List.of(),
                    0,
                    List.of(),
                    null,
                    null);

    public MeshSettings {
        trustDomainAliases = List.copyOf(trustDomainAliases);
        externalAuthorizers = List.copyOf(externalAuthorizers);
    }
}
