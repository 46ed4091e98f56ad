package io.weft.policy.ca;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Lets a TLS handshake succeed for SVIDs only. Host names play no part: the identity does. */
public final class SvidTrustManager extends X509ExtendedTrustManager {

    private static final X509Certificate[] ANY_ISSUER = {};

    private final Check check;

    public SvidTrustManager(SvidVerifier verifier) {
        this(verifier::verify);
    }

    /** With a further condition. */
    public SvidTrustManager(Check check) {
        this.check = check;
    }

    /** Throws when a chain, leaf first, is not accepted. */
    @FunctionalInterface
    public interface Check {
        void verify(List<X509Certificate> chain) throws CertificateException;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        check.verify(List.of(chain));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        check.verify(List.of(chain));
    }

    @Override
    public void checkClientTrusted(
            X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        check.verify(List.of(chain));
    }

    @Override
    public void checkServerTrusted(
            X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        check.verify(List.of(chain));
    }

    @Override
    public void checkClientTrusted(
            X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        check.verify(List.of(chain));
    }

    @Override
    public void checkServerTrusted(
            X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        check.verify(List.of(chain));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return ANY_ISSUER.clone();
    }
}
