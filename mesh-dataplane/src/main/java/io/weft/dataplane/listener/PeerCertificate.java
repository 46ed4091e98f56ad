package io.weft.dataplane.listener;

import io.weft.dataplane.identity.SubjectAltNames;
import io.weft.engine.ForwardedClientCert;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What a TLS session says of its other end. */
public final class PeerCertificate {

    private PeerCertificate() {}

    /**
     * What the peer's certificate says of it, null without one.
     *
     * @param whole whether the certificate itself is told
     */
    public static ForwardedClientCert.@Nullable Holder holder(SSLSession session, boolean whole) {
        try {
            X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];
            byte[] der = leaf.getEncoded();
            return new ForwardedClientCert.Holder(
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der)),
                    whole ? pem(der) : null,
                    leaf.getSubjectX500Principal().getName(),
                    SubjectAltNames.of(leaf, SubjectAltNames.URI),
                    SubjectAltNames.of(leaf, SubjectAltNames.DNS));
        } catch (SSLPeerUnverifiedException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a verified certificate can be encoded", e);
        }
    }

    private static String pem(byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    }

    /** The server name that the client asked for. */
    public static @Nullable String serverName(SSLSession session) {
        if (!(session instanceof ExtendedSSLSession extended)) {
            return null;
        }
        try {
            List<SNIServerName> names = extended.getRequestedServerNames();
            return !names.isEmpty() && names.getFirst() instanceof SNIHostName name
                    ? name.getAsciiName()
                    : null;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return null;
        }
    }
}
