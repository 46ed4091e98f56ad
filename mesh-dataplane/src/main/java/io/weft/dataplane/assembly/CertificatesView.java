package io.weft.dataplane.assembly;

import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.identity.Svid;
import io.weft.dataplane.identity.SvidKeeper;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A proxy's certificate and whom it trusts, without any key.
 *
 * @param provider of TLS, {@code OPENSSL} or {@code JDK}
 * @param roots trust domain to its number of roots
 * @param problem why there will soon be no valid certificate, else empty
 */
public record CertificatesView(
        String identity,
        String serial,
        Instant notBefore,
        Instant notAfter,
        String provider,
        Map<String, Integer> roots,
        String problem) {

    static CertificatesView of(MeshTls tls, @Nullable SvidKeeper keeper) {
        Svid svid = tls.svid();
        Map<String, Integer> roots = new TreeMap<>();
        tls.trust().byTrustDomain().forEach((domain, list) -> roots.put(domain, list.size()));
        return new CertificatesView(
                svid.id().uri(),
                svid.chain().getFirst().getSerialNumber().toString(16),
                svid.notBefore(),
                svid.notAfter(),
                tls.provider(),
                roots,
                keeper == null ? "" : keeper.problem());
    }
}
