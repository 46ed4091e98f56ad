package io.weft.policy.ca;

import io.weft.model.SpiffeId;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Validates a peer's chain by the rules for X.509-SVIDs: exactly one URI SAN, of the trust domain
 * whose roots are asked; not an authority; key usage digitalSignature without keyCertSign and
 * cRLSign; a path to the roots, all of it valid now. Thread-safe.
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
    private final Set<TrustAnchor> anchors;
    private final InstantSource clock;

    public SvidVerifier(
            String trustDomain, Collection<X509Certificate> roots, InstantSource clock) {
        this.trustDomain = trustDomain;
        this.clock = clock;
        Set<TrustAnchor> found = new HashSet<>();
        roots.forEach(root -> found.add(new TrustAnchor(root, null)));
        this.anchors = Set.copyOf(found);
    }

    /**
     * Verifies a chain, leaf first.
     *
     * @throws PeerRefused when it breaks a rule
     */
    public SpiffeId verify(List<X509Certificate> chain) throws PeerRefused {
        if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
            throw new PeerRefused("chain of " + chain.size() + " certificates (expected: 1..8)");
        }
        X509Certificate leaf = chain.getFirst();
        SpiffeId identity = identity(leaf);
        requireLeaf(leaf);
        requirePath(chain);
        return identity;
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

    private void requirePath(List<X509Certificate> chain) throws PeerRefused {
        try {
            CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false); // revoked by short life
            parameters.setDate(Date.from(clock.instant()));
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
        } catch (GeneralSecurityException e) {
            throw new PeerRefused("certificate path: " + e.getMessage(), e);
        }
    }
}
