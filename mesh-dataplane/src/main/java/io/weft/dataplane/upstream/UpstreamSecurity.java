package io.weft.dataplane.upstream;

import io.netty.handler.ssl.SslContext;
import io.weft.model.SpiffeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a connection to an endpoint is secured; decided when the configuration is compiled. */
public sealed interface UpstreamSecurity {

    UpstreamSecurity PLAIN = new Plain();

    /** As it is. */
    record Plain() implements UpstreamSecurity {}

    /**
     * The mesh's mTLS.
     *
     * @param expected who must answer; null accepts every verified member of the mesh
     * @param sni Istio's form, {@code outbound_.8080_.v1_.blog-api.blog.svc.cluster.local}
     */
    record Mesh(@Nullable SpiffeId expected, String sni) implements UpstreamSecurity {}

    /**
     * TLS of the outside world.
     *
     * @param http2 context that offers h2, {@code http1} one that offers http/1.1
     * @param names one of these must be in the certificate; empty leaves the check to the context
     */
    record Origination(SslContext http1, SslContext http2, String sni, List<String> names)
            implements UpstreamSecurity {}
}
