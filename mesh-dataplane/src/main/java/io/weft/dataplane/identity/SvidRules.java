package io.weft.dataplane.identity;

import io.weft.model.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Validation of an X.509-SVID, complete: the shape of the leaf, the path to the bundle <em>of its
 * own</em> trust domain, and the validity by the mesh's clock. Stateless.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md#5-validation">
 *     X509-SVID, 5</a>
 */
final class SvidRules {

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final int MAX_CHAIN = 8;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    /** The forms of RFC 5280, 4.2.1.6: those of several values are constructed, the others not. */
    private static final Set<Integer> NAMES =
            Set.of(0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, Certificates.URI_NAME, 0x87, 0x88);

    private SvidRules() {}

    /** What the peer does with its certificate in this handshake. */
    enum Role {
        CLIENT(List.of(CLIENT_AUTH)),
        SERVER(List.of(SERVER_AUTH)),
        EITHER(List.of(CLIENT_AUTH, SERVER_AUTH));

        private final List<String> usages;

        Role(List<String> usages) {
            this.usages = usages;
        }

        boolean fits(List<String> shown) {
            return shown.contains(ANY_USAGE) || usages.stream().anyMatch(shown::contains);
        }
    }

    /**
     * Verifies a chain as a peer showed it, leaf first.
     *
     * @return the peer's identity
     * @throws CertificateException with the reason
     */
    static SpiffeId verify(X509Certificate[] chain, Role role, TrustBundles trust, Instant now)
            throws CertificateException {
        if (chain.length == 0 || chain.length > MAX_CHAIN) {
            throw new CertificateException(
                    "chain: " + chain.length + " certificates (expected: 1.." + MAX_CHAIN + ")");
        }
        X509Certificate leaf = chain[0];
        SpiffeId id = identityOf(leaf);
        List<String> usages = leaf.getExtendedKeyUsage();
        if (usages != null && !role.fits(usages)) {
            throw new CertificateException(
                    id + ": extended key usage " + usages + " (expected: " + role.usages + ")");
        }
        requireValid(leaf, id, now);
        requirePath(chain, id, trust, now);
        if (trust.isDenied(leaf, id)) {
            throw new CertificateException(id + ": is on the deny-list");
        }
        return id;
    }

    /** Whether a chain leads to one certain root now. */
    static boolean leadsTo(X509Certificate root, Svid svid, Instant now) {
        TrustBundles only =
                new TrustBundles(
                        Map.of(svid.id().trustDomain(), List.of(root)), Map.of(), Set.of());
        try {
            requirePath(svid.chain().toArray(X509Certificate[]::new), svid.id(), only, now);
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    /**
     * Checks the shape of a leaf and reads its identity; says nothing of who signed it.
     *
     * @throws CertificateException when it is not an X.509-SVID
     */
    static SpiffeId identityOf(X509Certificate leaf) throws CertificateException {
        if (leaf.getBasicConstraints() >= 0 || isAuthority(leaf)) {
            throw new CertificateException("leaf: is a CA (expected: an end entity)");
        }
        boolean[] usage = leaf.getKeyUsage();
        if (usage == null || !usage[DIGITAL_SIGNATURE]) {
            throw new CertificateException("leaf: key usage without digitalSignature");
        }
        if (usage[KEY_CERT_SIGN] || usage[CRL_SIGN]) {
            throw new CertificateException(
                    "leaf: key usage keyCertSign or cRLSign (expected: neither)");
        }
        List<String> uris = uris(leaf);
        if (uris.size() != 1) {
            throw new CertificateException(
                    "leaf: " + uris.size() + " URI SANs (expected: exactly 1)");
        }
        String uri = uris.getFirst();
        return SpiffeId.parse(uri)
                .orElseThrow(() ->
                        new CertificateException(
                                "leaf: URI SAN '" + printable(uri) + "' (expected: a SPIFFE ID)"));
    }

    /** Reads the constraints again: what the JDK cannot read it takes for absent. */
    private static boolean isAuthority(X509Certificate leaf) throws CertificateException {
        byte[] extension = leaf.getExtensionValue(Certificates.BASIC_CONSTRAINTS);
        if (extension == null) {
            return false;
        }
        try {
            DerReader content = new DerReader(inSequence(extension));
            if (!content.hasNext()) {
                return false;
            }
            byte[] authority = content.only(Der.BOOLEAN);
            return authority.length != 1 || authority[0] != 0;
        } catch (IllegalArgumentException e) {
            throw new CertificateParsingException("leaf: basic constraints not readable", e);
        }
    }

    private static List<String> uris(X509Certificate leaf) throws CertificateException {
        byte[] extension = leaf.getExtensionValue(Certificates.SUBJECT_ALTERNATIVE_NAME);
        if (extension == null) {
            return List.of();
        }
        try {
            return uris(extension);
        } catch (IllegalArgumentException e) {
            throw new CertificateParsingException(
                    "leaf: subject alternative names not readable", e);
        }
    }

    /**
     * Reads the names from the DER itself: nothing may be normalised on the way. A name of no known
     * form refuses the certificate, for others may read one that is not read here.
     *
     * @param extension the value, as an octet string
     * @throws IllegalArgumentException when it is not the distinguished form of names
     */
    static List<String> uris(byte[] extension) {
        List<String> uris = new ArrayList<>();
        DerReader each = new DerReader(inSequence(extension));
        while (each.hasNext()) {
            int tag = each.tag();
            if (!NAMES.contains(tag)) {
                throw new IllegalArgumentException("name: tag " + tag + " (expected: a name's)");
            }
            byte[] content = each.content(tag);
            if (tag == Certificates.URI_NAME) {
                uris.add(new String(content, StandardCharsets.ISO_8859_1));
            }
        }
        return uris;
    }

    private static byte[] inSequence(byte[] extension) {
        byte[] value = new DerReader(extension).only(Der.OCTET_STRING);
        return new DerReader(value).only(Der.SEQUENCE);
    }

    private static void requireValid(X509Certificate leaf, SpiffeId id, Instant now)
            throws CertificateException {
        if (now.isBefore(leaf.getNotBefore().toInstant())) {
            throw new CertificateException(
                    id + ": not valid before " + leaf.getNotBefore().toInstant() + ", now " + now);
        }
        if (now.isAfter(leaf.getNotAfter().toInstant())) {
            throw new CertificateException(
                    id + ": expired at " + leaf.getNotAfter().toInstant() + ", now " + now);
        }
    }

    private static void requirePath(
            X509Certificate[] chain, SpiffeId id, TrustBundles trust, Instant now)
            throws CertificateException {
        List<X509Certificate> roots = trust.roots(id.trustDomain());
        if (roots.isEmpty()) {
            throw new CertificateException(id + ": trust domain is not trusted here");
        }
        Date date = Date.from(now);
        Set<TrustAnchor> anchors = new HashSet<>();
        for (X509Certificate root : roots) {
            // The path validator ignores the validity of anchors: an expired root is none.
            if (!date.before(root.getNotBefore()) && !date.after(root.getNotAfter())) {
                anchors.add(new TrustAnchor(root, null));
            }
        }
        if (anchors.isEmpty()) {
            throw new CertificateException(id + ": every root of its trust domain has expired");
        }
        List<X509Certificate> path = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            if (!roots.contains(certificate)) {
                path.add(certificate);
            }
        }
        try {
            CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(date);
            CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
        } catch (GeneralSecurityException e) {
            throw new CertificateException(
                    id + ": not signed by the roots of its trust domain: " + e.getMessage(), e);
        }
    }

    private static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        text.chars().limit(200).forEach(c -> clean.append(c < ' ' || c > '~' ? '?' : (char) c));
        return clean.toString();
    }
}
