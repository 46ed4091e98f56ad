package io.weft.policy.ca;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** An authority made elsewhere, as PEM files, as a key store, or signing requests. */
public final class OuterAuthority {

    private final AuthorityKeys keys;

    private OuterAuthority(AuthorityKeys keys) {
        this.keys = keys;
    }

    public static OuterAuthority at(Instant now) {
        return new OuterAuthority(new AuthorityMaker("elsewhere").make(now));
    }

    public String rootPem() {
        return Pem.certificates(keys.roots());
    }

    /** The files {@code chain.pem}, {@code key.pem} and {@code roots.pem}. */
    public CaSettings.KeyFiles files(Path directory, String rootsPem) throws IOException {
        Files.createDirectories(directory);
        return new CaSettings.KeyFiles(
                Files.writeString(directory.resolve("chain.pem"), Pem.certificates(keys.chain())),
                Files.writeString(directory.resolve("key.pem"), Pem.privateKey(keys.key())),
                Files.writeString(directory.resolve("roots.pem"), rootsPem));
    }

    Path keyStore(Path file, String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        List<X509Certificate> chain = new ArrayList<>(keys.chain());
        chain.addAll(keys.roots());
        store.setKeyEntry(
                "ca", keys.key(), password.toCharArray(), chain.toArray(Certificate[]::new));
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        return file;
    }

    /** Signs a request for an authority's certificate. */
    public String sign(String csrPem, Instant now) throws Exception {
        try (PEMParser parser = new PEMParser(new java.io.StringReader(csrPem))) {
            JcaPKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequest(
                            (PKCS10CertificationRequest) parser.readObject());
            return Pem.certificates(
                    List.of(
                            CertificateSigner.of(
                                            keys.roots().getFirst(),
                                            java.util.Objects.requireNonNull(keys.rootKey()))
                                    .authority(
                                            X500Name.getInstance(request.getSubject()),
                                            request.getPublicKey(),
                                            0,
                                            now.minusSeconds(60),
                                            now.plusSeconds(86_400 * 30))));
        }
    }
}
