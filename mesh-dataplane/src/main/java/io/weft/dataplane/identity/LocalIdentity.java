package io.weft.dataplane.identity;

import io.weft.engine.MeshClock;
import io.weft.model.SpiffeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/** Identities for a proxy without a control plane. */
public final class LocalIdentity {

    private static final Duration LIFE = Duration.ofDays(3650);
    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final X500Principal AUTHORITY = new X500Principal("CN=local,O=weft");

    private LocalIdentity() {}

    /**
     * An identity that nobody else trusts and that trusts nobody else: plain text works where a
     * policy permits it, mutual TLS with others does not.
     */
    public static MeshTls alone(SpiffeId id, MeshClock clock) {
        KeyPair authority = Keys.generate();
        KeyPair leaf = Keys.generate();
        Instant from = clock.now().minus(SKEW);
        Certificates.Issuer issuer =
                new Certificates.Issuer(AUTHORITY, authority, from, from.plus(LIFE));
        X509Certificate root = issuer.root();
        X509Certificate certificate = issuer.leaf(leaf.getPublic(), id);
        Svid svid = new Svid(id, leaf.getPrivate(), List.of(certificate));
        return MeshTls.of(svid, Map.of(id.trustDomain(), Pem.encode(List.of(root))), clock);
    }

    /**
     * An identity from PEM files; read once.
     *
     * @throws IllegalArgumentException naming the file that cannot be used
     */
    public static MeshTls fromFiles(Path chain, Path key, Path roots, MeshClock clock) {
        try {
            Svid svid = Svid.of(Pem.privateKey(read(key)), read(chain));
            return MeshTls.of(svid, Map.of(svid.id().trustDomain(), read(roots)), clock);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "identity files " + chain + ", " + key + ", " + roots + ": " + e.getMessage(),
                    e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read (expected: PEM)", e);
        }
    }
}
