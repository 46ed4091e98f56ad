package io.weft.dataplane.telemetry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a log may tell of a TLS connection. Read from the session when it is asked for, since most
 * logs do not; texts are empty for what there is not.
 */
public record TlsFacts(@Nullable SSLSession session) {

    public static final TlsFacts NONE = new TlsFacts(null);

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    /** {@code TLSv1.3}. */
    String version() {
        return session == null ? "" : session.getProtocol();
    }

    /** {@code TLS_AES_128_GCM_SHA256}. */
    String cipher() {
        return session == null ? "" : session.getCipherSuite();
    }

    String sessionId() {
        return session == null ? "" : HexFormat.of().formatHex(session.getId());
    }

    String localSubject() {
        X509Certificate own = first(session == null ? null : session.getLocalCertificates());
        return own == null ? "" : own.getSubjectX500Principal().getName();
    }

    String peerSubject() {
        X509Certificate peer = peer();
        return peer == null ? "" : peer.getSubjectX500Principal().getName();
    }

    String peerIssuer() {
        X509Certificate peer = peer();
        return peer == null ? "" : peer.getIssuerX500Principal().getName();
    }

    String peerSerial() {
        X509Certificate peer = peer();
        return peer == null ? "" : peer.getSerialNumber().toString(16);
    }

    /** SHA-256 of the peer's certificate in hex. */
    String peerDigest() {
        return digest("SHA-256");
    }

    String digest(String algorithm) {
        X509Certificate peer = peer();
        if (peer == null) {
            return "";
        }
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(peer.getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            return "";
        }
    }

    /** In PEM, percent-encoded as Envoy writes it. */
    String peerPem() {
        X509Certificate peer = peer();
        if (peer == null) {
            return "";
        }
        try {
            String base64 =
                    Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(peer.getEncoded());
            String pem = "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
            return pem.replace("\n", "%0A")
                    .replace(" ", "%20")
                    .replace("+", "%2B")
                    .replace("/", "%2F")
                    .replace("=", "%3D");
        } catch (CertificateEncodingException e) {
            return "";
        }
    }

    /** Milliseconds since 1970 from which on the peer's certificate is good; -1 without one. */
    long peerValidFrom() {
        X509Certificate peer = peer();
        return peer == null ? -1 : peer.getNotBefore().getTime();
    }

    /** Milliseconds since 1970 at which the peer's certificate ends; -1 without one. */
    long peerValidTo() {
        X509Certificate peer = peer();
        return peer == null ? -1 : peer.getNotAfter().getTime();
    }

    String peerDnsNames() {
        return names(peer(), DNS_NAME);
    }

    String peerIpAddresses() {
        return names(peer(), IP_ADDRESS);
    }

    String localDnsNames() {
        return names(first(session == null ? null : session.getLocalCertificates()), DNS_NAME);
    }

    private static String names(@Nullable X509Certificate certificate, int type) {
        try {
            if (certificate == null || certificate.getSubjectAlternativeNames() == null) {
                return "";
            }
            return certificate.getSubjectAlternativeNames().stream()
                    .filter(name -> name.getFirst() instanceof Integer kind && kind == type)
                    .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(","));
        } catch (CertificateParsingException e) {
            return "";
        }
    }

    private @Nullable X509Certificate peer() {
        try {
            return session == null ? null : first(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private static @Nullable X509Certificate first(Certificate @Nullable [] chain) {
        return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate certificate
                ? certificate
                : null;
    }
}
