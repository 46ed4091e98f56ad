package io.weft.dataplane.listener;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
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

    /** SHA-256 of the peer's certificate in hex, empty without one. */
    public static String hash(SSLSession session) {
        try {
            byte[] der = session.getPeerCertificates()[0].getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (SSLPeerUnverifiedException e) {
            return "";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a verified certificate can be encoded", e);
        }
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
