package io.weft.model.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a connection to an endpoint is secured. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface UpstreamTls {

    /** The mesh's mTLS where the endpoint has an identity, else plain text. */
    record Automatic() implements UpstreamTls {}

    /** The mesh's mTLS always. */
    record Mesh() implements UpstreamTls {}

    record Disabled() implements UpstreamTls {}

    /**
     * TLS of the outside world.
     *
     * @param sni null sends the request's host
     * @param subjectAltNames one of these must be in the certificate; empty checks the SNI
     * @param caCertificates key of a certificate resource, null uses the system's roots
     * @param clientCertificate key of a certificate resource for MUTUAL, null for SIMPLE
     */
    record Origination(
            @Nullable String sni,
            List<String> subjectAltNames,
            @Nullable String caCertificates,
            @Nullable String clientCertificate,
            boolean insecureSkipVerify)
            implements UpstreamTls {
        public Origination {
            subjectAltNames = List.copyOf(subjectAltNames);
        }
    }
}
