package io.weft.policy.ca;

import io.weft.policy.state.StartFailure;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * Loads the authority's keys, or makes a root and an intermediate on the first start. The
 * intermediate is made anew from the root when less than a third of its life is left.
 */
final class AuthorityKeyStore {

    private static final Duration ROOT_LIFETIME = Duration.ofDays(3650);
    private static final Duration INTERMEDIATE_LIFETIME = Duration.ofDays(365);
    private static final Duration BACKDATE = Duration.ofMinutes(1);
    private static final String ROOT = "root.crt.pem";
    private static final String ROOT_KEY = "root.key.pem";
    private static final String INTERMEDIATE = "intermediate.crt.pem";
    private static final String INTERMEDIATE_KEY = "intermediate.key.pem";

    private final String trustDomain;
    private final StateDirectory directory;

    AuthorityKeyStore(String trustDomain, StateDirectory directory) {
        this.trustDomain = trustDomain;
        this.directory = directory;
    }

    /** Keys made elsewhere. */
    static AuthorityKeys load(CaSettings.KeyFiles files, Instant now) {
        List<X509Certificate> chain = certificates(files.chain());
        PrivateKey key = key(files.key());
        AuthorityKeys keys = new AuthorityKeys(chain, key, certificates(files.roots()));
        requireUsable(keys, files.chain().toString(), now);
        return keys;
    }

    /** The state directory's keys; made when there are none. */
    AuthorityKeys loadOrCreate(Instant now) {
        try {
            if (!directory.has(ROOT)) {
                createRoot(now);
            }
            if (!directory.has(INTERMEDIATE) || isAging(directory.path(INTERMEDIATE), now)) {
                createIntermediate(now);
            }
        } catch (IOException e) {
            throw new StartFailure(
                    "certificate authority: cannot be written to "
                            + directory.path("")
                            + " ("
                            + StateDirectory.reason(e)
                            + ")",
                    e);
        }
        AuthorityKeys keys =
                new AuthorityKeys(
                        certificates(directory.path(INTERMEDIATE)),
                        key(directory.path(INTERMEDIATE_KEY)),
                        certificates(directory.path(ROOT)));
        requireUsable(keys, directory.path(INTERMEDIATE).toString(), now);
        return keys;
    }

    private void createRoot(Instant now) throws IOException {
        KeyPair pair = CertificateSigner.newKeyPair();
        X500Name name = name("Weft root");
        X509Certificate root =
                new CertificateSigner(name, pair.getPublic(), pair.getPrivate())
                        .authority(
                                name,
                                pair.getPublic(),
                                1,
                                now.minus(BACKDATE),
                                now.plus(ROOT_LIFETIME));
        // The key first: a certificate on disk tells that the pair is complete.
        directory.write(ROOT_KEY, Pem.privateKey(pair.getPrivate()));
        directory.write(ROOT, Pem.certificates(List.of(root)));
    }

    private void createIntermediate(Instant now) throws IOException {
        X509Certificate root = certificates(directory.path(ROOT)).getFirst();
        if (root.getNotAfter().toInstant().isBefore(now)) {
            throw expired(directory.path(ROOT).toString(), root);
        }
        CertificateSigner signer = CertificateSigner.of(root, key(directory.path(ROOT_KEY)));
        KeyPair pair = CertificateSigner.newKeyPair();
        Instant end = now.plus(INTERMEDIATE_LIFETIME);
        Instant rootEnd = root.getNotAfter().toInstant();
        X509Certificate intermediate =
                signer.authority(
                        name("Weft intermediate"),
                        pair.getPublic(),
                        0,
                        now.minus(BACKDATE),
                        end.isBefore(rootEnd) ? end : rootEnd);
        directory.write(INTERMEDIATE_KEY, Pem.privateKey(pair.getPrivate()));
        directory.write(INTERMEDIATE, Pem.certificates(List.of(intermediate)));
    }

    private X500Name name(String common) {
        return new X500NameBuilder()
                .addRDN(BCStyle.O, trustDomain)
                .addRDN(BCStyle.CN, common)
                .build();
    }

    /** Also true for a pair that a crash left half written: it is made anew. */
    private boolean isAging(Path file, Instant now) {
        X509Certificate certificate = certificates(file).getFirst();
        Instant from = certificate.getNotBefore().toInstant();
        Instant to = certificate.getNotAfter().toInstant();
        Instant renewal = to.minus(Duration.between(from, to).dividedBy(3));
        return now.isAfter(renewal) || !isPair(certificate, key(directory.path(INTERMEDIATE_KEY)));
    }

    private static void requireUsable(AuthorityKeys keys, String where, Instant now) {
        X509Certificate signing = keys.signing();
        if (signing.getBasicConstraints() < 0) {
            throw new StartFailure(
                    "certificate authority: " + where + " is not an authority's certificate");
        }
        for (X509Certificate each : keys.chain()) {
            requireValid(each, where, now);
        }
        if (keys.roots().stream().noneMatch(root -> root.getNotAfter().after(Date.from(now)))) {
            throw expired("trust roots", keys.roots().getFirst());
        }
        if (!isPair(signing, keys.key())) {
            throw new StartFailure(
                    "certificate authority: the private key does not belong to " + where);
        }
        if (!leadsToRoot(keys)) {
            throw new StartFailure(
                    "certificate authority: " + where + " does not lead to any of the trust roots");
        }
    }

    private static void requireValid(X509Certificate certificate, String where, Instant now) {
        if (certificate.getNotAfter().toInstant().isBefore(now)) {
            throw expired(where, certificate);
        }
        if (certificate.getNotBefore().toInstant().isAfter(now)) {
            throw new StartFailure(
                    "certificate authority: "
                            + where
                            + " is valid only from "
                            + certificate.getNotBefore().toInstant()
                            + " (now: "
                            + now
                            + "; is the clock right?)");
        }
    }

    private static StartFailure expired(String where, X509Certificate certificate) {
        return new StartFailure(
                "certificate authority: "
                        + where
                        + " expired at "
                        + certificate.getNotAfter().toInstant()
                        + " (renew it, or remove the directory to make a new authority)");
    }

    private static boolean leadsToRoot(AuthorityKeys keys) {
        X509Certificate last = keys.chain().getLast();
        return keys.roots().stream()
                .anyMatch(root -> {
                    try {
                        last.verify(root.getPublicKey());
                        return true;
                    } catch (GeneralSecurityException e) {
                        return false;
                    }
                });
    }

    private static boolean isPair(X509Certificate certificate, PrivateKey key) {
        return KeyPairs.belongTogether(certificate.getPublicKey(), key);
    }

    private static List<X509Certificate> certificates(Path file) {
        try {
            return Pem.readCertificates(Files.readString(file));
        } catch (IOException e) {
            throw unreadable(file, StateDirectory.reason(e), e);
        } catch (IllegalArgumentException e) {
            throw unreadable(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static PrivateKey key(Path file) {
        try {
            return Pem.readPrivateKey(Files.readString(file));
        } catch (IOException e) {
            throw unreadable(file, StateDirectory.reason(e), e);
        } catch (IllegalArgumentException e) {
            throw unreadable(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static StartFailure unreadable(Path file, String reason, Exception cause) {
        return new StartFailure(
                "certificate authority: " + file + " cannot be read (" + reason + ")", cause);
    }
}
