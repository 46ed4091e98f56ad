package io.weft.policy.join;

import io.weft.model.wire.IssuedCertificate;
import io.weft.model.wire.JoinRequest;
import io.weft.policy.ca.CertificateAuthority;
import io.weft.policy.ca.CsrRefused;
import io.weft.policy.ca.IssuedSvid;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A join: proof of identity, then a certificate for it. Thread-safe; may block. */
public final class JoinService {

    private final CertificateAuthority authority;
    private final List<WorkloadAttestor> attestors;
    private final Supplier<List<String>> controlPlane;
    private final Supplier<Map<String, String>> trustBundles;

    /**
     * @param trustBundles by trust domain, PEM
     * @param attestors the first that handles a request decides
     * @param controlPlane addresses of the stream, told to whoever joins
     */
    public JoinService(
            CertificateAuthority authority,
            Supplier<Map<String, String>> trustBundles,
            List<WorkloadAttestor> attestors,
            Supplier<List<String>> controlPlane) {
        this.trustBundles = trustBundles;
        this.authority = authority;
        this.attestors = List.copyOf(attestors);
        this.controlPlane = controlPlane;
    }

    /**
     * Issues the first certificate of a workload. The proof is used up only when the CSR is in
     * order, and before the certificate exists.
     */
    public IssuedCertificate join(JoinRequest request) throws JoinRefused, CsrRefused {
        for (WorkloadAttestor each : attestors) {
            if (each.handles(request)) {
                WorkloadAttestor.Proof proof = each.attest(request);
                authority.requireAcceptable(request.csrPem(), proof.identity());
                proof.redeem();
                return answer(
                        authority.issue(request.csrPem(), proof.identity(), proof.describe()));
            }
        }
        throw new JoinRefused("token: of no kind that is accepted here");
    }

    /** The answer that carries a certificate. */
    public IssuedCertificate answer(IssuedSvid svid) {
        return new IssuedCertificate(svid.chainPem(), trustBundles.get(), controlPlane.get());
    }
}
