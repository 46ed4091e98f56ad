package io.weft.dataplane.http;

import io.weft.dataplane.telemetry.PeerMetadata;
import io.weft.engine.ForwardedClientCert;
import io.weft.model.SpiffeId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the requests of one connection have in common and would each work out anew. Used on the
 * connection's event loop only.
 */
final class ConnectionMemory {

    private String told = "";
    private PeerMetadata metadata = PeerMetadata.UNKNOWN;
    private @Nullable SpiffeId certificateOf;
    private String clientCertificate = "";

    /** What the caller's sidecar says of itself: mostly the same as the last time. */
    PeerMetadata metadata(String header) {
        if (!header.equals(told)) {
            metadata = PeerMetadata.parse(header);
            told = header;
        }
        return metadata;
    }

    /** The element of {@code x-forwarded-client-cert} for a caller with a certificate. */
    String clientCertificate(@Nullable SpiffeId self, ForwardedClientCert.Holder caller) {
        if (clientCertificate.isEmpty() || !Objects.equals(self, certificateOf)) {
            certificateOf = self;
            clientCertificate =
                    ForwardedClientCert.element(self == null ? null : self.uri(), caller);
        }
        return clientCertificate;
    }
}
