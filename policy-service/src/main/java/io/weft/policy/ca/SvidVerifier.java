package io.weft.policy.ca;

import io.weft.model.SpiffeId;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Validates a peer's chain by the rules for X.509-SVIDs: exactly one URI SAN, of the trust domain
 * whose roots are asked; not an authority; key usage digitalSignature without keyCertSign and
 * cRLSign; a path to the roots, all of it valid now; not on the deny-list. Thread-safe.
 *
 * @see <a
 *     href="https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md#5-validation">X509-SVID,
 *     5</a>
 */
public final class SvidVerifier {

    private static final int URI = 6;
    private static final int MAX_CHAIN = 8;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    private final String trustDomain;
    private final Supplier<? extends Collection<X509Certificate>> roots;
    private final BiPredicate<X509Certificate, SpiffeId> denied;
    private final InstantSource clock;

    /**
     * @param roots asked for each chain
     * @param denied leaf and identity
     */
    public SvidVerifier(
            String trustDomain,
            Supplier<? extends Collection<X509Certificate>> roots,
            BiPredicate<X509Certificate, SpiffeId> denied,
            InstantSource clock) {
        this.trustDomain = trustDomain;
        this.roots = roots;
        this.denied = denied;
        this.clock = clock;
    }

    /** With roots that never change, and nothing denied. */
    public SvidVerifier(
            String trustDomain, Collection<X509Certificate> roots, InstantSource clock) {
        this(trustDomain, () -> roots, (leaf, identity) -> false, clock);
    }

    /**
     * Verifies a chain, leaf first.
     *
     * @throws PeerRefused when it breaks a rule
     */
    public SpiffeId verify(List<X509Certificate> chain) throws PeerRefused {
        return peer(chain).identity();
    }

    /**
     * As {@link #verify}, and tells the root that the chain leads to.
     *
     * @throws PeerRefused when it breaks a rule
     */
    public VerifiedPeer peer(List<X509Certificate> chain) throws PeerRefused {
        if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
            throw new PeerRefused("chain of " + chain.size() + " certificates (expected: 1..8)");
        }
        X509Certificate leaf = chain.getFirst();
        SpiffeId identity = identity(leaf);
        requireLeaf(leaf);
        X509Certificate root = requirePath(chain);
        if (denied.test(leaf, identity)) {
            throw new PeerRefused(identity + ": is on the deny-list");
        }
        return new VerifiedPeer(
                identity,
                leaf.getSerialNumber().toString(16),
                ActiveAuthority.fingerprint(root),
                leaf.getNotAfter().toInstant());
    }

    private SpiffeId identity(X509Certificate leaf) throws PeerRefused {
        List<String> uris;
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            uris =
                    names == null
                            ? List.of()
                            : names.stream()
                                    .filter(name -> name.getFirst().equals(URI))
                                    .map(name -> String.valueOf(name.get(1)))
                                    .toList();
        } catch (CertificateParsingException e) {
            throw new PeerRefused("subjectAltName: not readable", e);
        }
        if (uris.size() != 1) {
            throw new PeerRefused(uris.size() + " URI names (expected: exactly one)");
        }
        SpiffeId identity =
                SpiffeId.parse(uris.getFirst())
                        .orElseThrow(() ->
                                new PeerRefused("URI name (expected: a workload's SPIFFE ID)"));
        if (!identity.trustDomain().equals(trustDomain)) {
            throw new PeerRefused(
                    "trust domain: " + identity.trustDomain() + " (expected: " + trustDomain + ")");
        }
        return identity;
    }

    private static void requireLeaf(X509Certificate leaf) throws PeerRefused {
        if (leaf.getBasicConstraints() >= 0) {
            throw new PeerRefused("an authority's certificate (expected: a leaf)");
        }
        boolean[] usage = leaf.getKeyUsage();
        if (usage == null || !usage[DIGITAL_SIGNATURE]) {
            throw new PeerRefused("key usage (expected: digitalSignature)");
        }
        if (usage[KEY_CERT_SIGN] || usage[CRL_SIGN]) {
            throw new PeerRefused("key usage (expected: neither keyCertSign nor cRLSign)");
        }
    }

    private X509Certificate requirePath(List<X509Certificate> chain) throws PeerRefused {
        Instant now = clock.instant();
        Date date = Date.from(now);
        Set<TrustAnchor> anchors = new HashSet<>();
        for (X509Certificate root : roots.get()) {
            // The path validator ignores the validity of anchors: an expired root is none.
            if (!date.before(root.getNotBefore()) && !date.after(root.getNotAfter())) {
                anchors.add(new TrustAnchor(root, null));
            }
        }
        if (anchors.isEmpty()) {
            throw new PeerRefused("every root of " + trustDomain + " has expired");
        }
        try {
            CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false); // revoked by short life, and the deny-list
            parameters.setDate(date);
            return ((PKIXCertPathValidatorResult)
                            CertPathValidator.getInstance("PKIX").validate(path, parameters))
                    .getTrustAnchor()
                    .getTrustedCert();
        } catch (GeneralSecurityException e) {
            throw new PeerRefused("certificate path: " + e.getMessage(), e);
        }
    }

    /**
     * Who showed a chain.
     *
     * @param root fingerprint of the root that the chain leads to
     */
    public record VerifiedPeer(SpiffeId identity, String serial, String root, Instant notAfter) {}
}
