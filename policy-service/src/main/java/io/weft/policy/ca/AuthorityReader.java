package io.weft.policy.ca;

import io.weft.policy.state.StartFailure;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads authorities that were made elsewhere. Every failure names the file and the reason. */
final class AuthorityReader {

    /** The form in which earlier versions kept their own authority. */
    private static final String ROOT = "root.crt.pem";

    private AuthorityReader() {}

    static AuthorityKeys read(CaSettings.Supplied supplied) {
        return switch (supplied) {
            case CaSettings.KeyFiles files ->
                    withoutRoots(
                            certificates(files.chain()),
                            key(files.key()),
                            certificates(files.roots()));
            case CaSettings.KeyStoreFile store -> keyStore(store);
            case CaSettings.PemText text -> pem(text);
        };
    }

    /** The PEM files of an earlier version in the directory, empty when there are none. */
    static Optional<AuthorityKeys> legacy(StateDirectory directory) {
        if (!directory.has(ROOT)) {
            return Optional.empty();
        }
        return Optional.of(
                new AuthorityKeys(
                        certificates(directory.path("intermediate.crt.pem")),
                        key(directory.path("intermediate.key.pem")),
                        certificates(directory.path(ROOT)),
                        key(directory.path("root.key.pem"))));
    }

    private static AuthorityKeys pem(CaSettings.PemText text) {
        try {
            return withoutRoots(
                    Pem.readCertificates(text.chainPem()),
                    Pem.readPrivateKey(text.keyPem().reveal()),
                    Pem.readCertificates(text.rootsPem()));
        } catch (IllegalArgumentException e) {
            throw unreadable(text.where(), String.valueOf(e.getMessage()), e);
        }
    }

    private static AuthorityKeys keyStore(CaSettings.KeyStoreFile file) {
        String where = file.store().toString();
        char[] password = file.password().reveal().toCharArray();
        try (InputStream in = Files.newInputStream(file.store())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            PrivateKey key = null;
            List<X509Certificate> chain = List.of();
            List<X509Certificate> others = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (!store.isKeyEntry(alias)) {
                    others.add((X509Certificate) store.getCertificate(alias));
                } else if (key != null) {
                    throw new StartFailure(
                            "certificate authority: " + where + ": several keys (expected: one)");
                } else {
                    key = (PrivateKey) store.getKey(alias, password);
                    chain = chain(store.getCertificateChain(alias));
                }
            }
            if (key == null) {
                throw new StartFailure(
                        "certificate authority: " + where + ": no private key (expected: one)");
            }
            return withoutRoots(chain, key, roots(file.roots(), chain, others));
        } catch (IOException e) {
            throw unreadable(where, StateDirectory.reason(e), e);
        } catch (GeneralSecurityException | ClassCastException e) {
            throw unreadable(where, String.valueOf(e.getMessage()), e);
        }
    }

    private static List<X509Certificate> roots(
            @Nullable Path file, List<X509Certificate> chain, List<X509Certificate> others) {
        if (file != null) {
            return certificates(file);
        }
        List<X509Certificate> roots = new ArrayList<>(others);
        if (!chain.isEmpty() && isSelfIssued(chain.getLast())) {
            roots.addFirst(chain.getLast());
        }
        return roots;
    }

    private static List<X509Certificate> chain(Certificate @Nullable [] shown) {
        List<X509Certificate> chain = new ArrayList<>();
        if (shown != null) {
            for (Certificate each : shown) {
                chain.add((X509Certificate) each);
            }
        }
        return chain;
    }

    /** A root that signs itself stays in its chain: without it there is no signer. */
    private static AuthorityKeys withoutRoots(
            List<X509Certificate> given, PrivateKey key, List<X509Certificate> roots) {
        List<X509Certificate> chain = new ArrayList<>(given);
        while (chain.size() > 1 && isSelfIssued(chain.getLast())) {
            chain.removeLast();
        }
        if (chain.isEmpty() || roots.isEmpty()) {
            throw new StartFailure(
                    "certificate authority: no signing certificate or no root (expected: both)");
        }
        return new AuthorityKeys(chain, key, roots, null);
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static List<X509Certificate> certificates(Path file) {
        try {
            return Pem.readCertificates(Files.readString(file));
        } catch (IOException e) {
            throw unreadable(file.toString(), StateDirectory.reason(e), e);
        } catch (IllegalArgumentException e) {
            throw unreadable(file.toString(), String.valueOf(e.getMessage()), e);
        }
    }

    private static PrivateKey key(Path file) {
        try {
            return Pem.readPrivateKey(Files.readString(file));
        } catch (IOException e) {
            throw unreadable(file.toString(), StateDirectory.reason(e), e);
        } catch (IllegalArgumentException e) {
            throw unreadable(file.toString(), String.valueOf(e.getMessage()), e);
        }
    }

    private static StartFailure unreadable(String where, String reason, Exception cause) {
        return new StartFailure(
                "certificate authority: " + where + " cannot be read (" + reason + ")", cause);
    }
}
