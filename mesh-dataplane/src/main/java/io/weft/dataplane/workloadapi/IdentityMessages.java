package io.weft.dataplane.workloadapi;

import io.weft.dataplane.codec.ProtoWriter;
import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.identity.Svid;
import io.weft.dataplane.identity.TrustBundles;
import io.weft.engine.MeshClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Workload API's messages from what is in force; each call looks anew. Thread-safe. */
final class IdentityMessages {

    private final MeshTls tls;
    private final MeshClock clock;

    IdentityMessages(MeshTls tls, MeshClock clock) {
        this.tls = tls;
        this.clock = clock;
    }

    /** X509SVIDResponse: certificates and bundles in DER, the key in PKCS#8. */
    byte[] x509Svid() {
        Svid svid = tls.svid();
        if (clock.now().isAfter(svid.notAfter())) {
            throw new GrpcCall.NotNow("the certificate has expired at " + svid.notAfter());
        }
        TrustBundles trust = tls.trust();
        String own = svid.id().trustDomain();
        ProtoWriter response =
                new ProtoWriter()
                        .message(
                                1,
                                new ProtoWriter()
                                        .text(1, svid.id().uri())
                                        .bytes(2, der(svid.chain()))
                                        .bytes(3, svid.key().getEncoded())
                                        .bytes(4, der(trust.roots(own))));
        sorted(trust.byTrustDomain())
                .forEach((domain, roots) -> {
                    if (!domain.equals(own)) {
                        response.entry(3, id(domain), der(roots));
                    }
                });
        return response.toBytes();
    }

    /** X509BundlesResponse. */
    byte[] x509Bundles() {
        ProtoWriter response = new ProtoWriter();
        sorted(tls.trust().byTrustDomain())
                .forEach((domain, roots) -> response.entry(2, id(domain), der(roots)));
        return response.toBytes();
    }

    /** JWTBundlesResponse: JWK sets. */
    byte[] jwtBundles() {
        Map<String, String> keys = sorted(tls.trust().tokenKeys());
        if (keys.isEmpty()) {
            throw new GrpcCall.NotNow("no keys of JWT-SVIDs have come from the control plane yet");
        }
        ProtoWriter response = new ProtoWriter();
        keys.forEach((domain, set) ->
                response.entry(1, id(domain), set.getBytes(StandardCharsets.UTF_8)));
        return response.toBytes();
    }

    /** JWTSVIDResponse. */
    ProtoWriter jwtSvid(String token) {
        return new ProtoWriter()
                .message(1, new ProtoWriter().text(1, tls.svid().id().uri()).text(2, token));
    }

    /** Bundles are named by the SPIFFE ID of their trust domain. */
    private static String id(String trustDomain) {
        return "spiffe://" + trustDomain;
    }

    private static <T> Map<String, T> sorted(Map<String, T> map) {
        return new TreeMap<>(map);
    }

    private static byte[] der(List<X509Certificate> certificates) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (X509Certificate each : certificates) {
                out.writeBytes(each.getEncoded());
            }
            return out.toByteArray();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }
}
