package io.weft.policy.ca;

import com.nimbusds.jose.jwk.ECKey;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A document read: what signs, what is trusted, what is denied. Immutable.
 *
 * @param signing what certificates of workloads are signed with
 * @param serving what the control plane's own certificate is signed with: as long as a rotation
 *     lasts the old one, which also those trust that have pinned the old root
 * @param roots the one that signs first
 * @param tokens signs JWT-SVIDs
 */
record ActiveAuthority(
        AuthorityDocument document,
        AuthorityKeys signing,
        AuthorityKeys serving,
        CertificateSigner signer,
        String issuerPem,
        List<X509Certificate> roots,
        TokenSigner tokens) {

    static ActiveAuthority of(AuthorityDocument document) {
        AuthorityKeys current = document.current().keys();
        AuthorityKeys next = document.next() == null ? null : document.next().keys();
        boolean switched = document.phase() == RotationPhase.SWITCHED;
        AuthorityKeys signing = switched && next != null ? next : current;
        return new ActiveAuthority(
                document,
                signing,
                current,
                CertificateSigner.of(signing.signing(), signing.key()),
                Pem.certificates(signing.chain()),
                roots(current, next, switched),
                new TokenSigner(tokens(document, switched)));
    }

    /** A document that an older replica wrote in the meantime has none: then no token is made. */
    private static List<ECKey> tokens(AuthorityDocument document, boolean switched) {
        TokenKeys tokens = document.tokens();
        if (tokens == null) {
            return List.of();
        }
        List<ECKey> all = tokens.all();
        return switched ? all.reversed() : all;
    }

    private static List<X509Certificate> roots(
            AuthorityKeys current, @Nullable AuthorityKeys next, boolean switched) {
        List<X509Certificate> roots = new ArrayList<>(current.roots());
        if (next != null) {
            List<X509Certificate> fresh =
                    next.roots().stream().filter(each -> !roots.contains(each)).toList();
            roots.addAll(switched ? 0 : roots.size(), fresh);
        }
        return List.copyOf(roots);
    }

    /** When the first certificate of the signing chain, or the last of its roots, ends. */
    Instant expiresAt() {
        Instant chain =
                signing.chain().stream()
                        .map(each -> each.getNotAfter().toInstant())
                        .min(Instant::compareTo)
                        .orElseThrow();
        Instant roots =
                signing.roots().stream()
                        .map(each -> each.getNotAfter().toInstant())
                        .max(Instant::compareTo)
                        .orElseThrow();
        return chain.isBefore(roots) ? chain : roots;
    }

    /** The root that signs. */
    X509Certificate signingRoot() {
        return AuthorityRules.root(signing).orElseThrow();
    }

    /** SHA-256 of a certificate, the first 16 hexadecimal digits: what people compare. */
    static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("certificate: cannot be encoded", e);
        }
    }
}
