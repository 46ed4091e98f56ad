package io.weft.policy.ca;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The authority as people see it; no keys.
 *
 * @param since when the phase began; null before the first rotation
 * @param signedBy fingerprint of the root that workloads' certificates lead to
 * @param roots all that are trusted
 */
public record AuthorityView(
        String trustDomain,
        RotationPhase phase,
        @Nullable Instant since,
        long revision,
        String signedBy,
        Instant expiresAt,
        List<Root> roots,
        List<Denial> denied) {

    public AuthorityView {
        roots = List.copyOf(roots);
        denied = List.copyOf(denied);
    }

    static AuthorityView of(String trustDomain, ActiveAuthority active) {
        return new AuthorityView(
                trustDomain,
                active.document().phase(),
                active.document().since(),
                active.document().revision(),
                ActiveAuthority.fingerprint(active.signingRoot()),
                active.expiresAt(),
                active.roots().stream().map(AuthorityView::root).toList(),
                active.document().denied());
    }

    private static Root root(X509Certificate certificate) {
        return new Root(
                ActiveAuthority.fingerprint(certificate),
                certificate.getSubjectX500Principal().getName(),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    /**
     * A root.
     *
     * @param fingerprint the first 16 hexadecimal digits of its SHA-256
     */
    public record Root(String fingerprint, String subject, Instant notBefore, Instant notAfter) {}
}
