package io.weft.dataplane.identity;

import io.weft.engine.MeshClock;
import io.weft.model.SpiffeId;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Verifies peers by {@link SvidRules} against the bundles in force at that moment. Host names play
 * no part: a peer is its SPIFFE ID. Thread-safe.
 */
final class SpiffeTrustManager extends X509ExtendedTrustManager {

    private final Supplier<TrustBundles> trust;
    private final MeshClock clock;
    private final Predicate<SpiffeId> expected;

    SpiffeTrustManager(
            Supplier<TrustBundles> trust, MeshClock clock, Predicate<SpiffeId> expected) {
        this.trust = trust;
        this.clock = clock;
        this.expected = expected;
    }

    private void check(X509Certificate[] chain, SvidRules.Role role) throws CertificateException {
        SpiffeId id = SvidRules.verify(chain, role, trust.get(), clock.now());
        if (!expected.test(id)) {
            throw new CertificateException(id + ": is not the peer that was expected here");
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        check(chain, SvidRules.Role.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        check(chain, SvidRules.Role.SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, SvidRules.Role.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, SvidRules.Role.SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, SvidRules.Role.CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, SvidRules.Role.SERVER);
    }

    /** None are named to peers: they would be told which roots are trusted, and need no hint. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
