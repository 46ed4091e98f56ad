package io.weft.dataplane.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The alternative names of a peer whose certificate has been verified. */
public final class SubjectAltNames {

    /** Tags of RFC 5280 §4.2.1.6. */
    public static final int DNS = 2;

    public static final int URI = 6;
    private static final int ADDRESS = 7;

    private SubjectAltNames() {}

    /**
     * Whether one of the wanted names is in the peer's certificate, as DNS name, URI or address.
     */
    public static boolean present(SSLSession session, List<String> wanted) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate leaf
                    && matches(leaf, wanted);
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            return false;
        }
    }

    /** All names of one kind, {@link #DNS} or {@link #URI}; none when they cannot be read. */
    public static List<String> of(X509Certificate leaf, int kind) {
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.getFirst().equals(kind))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static boolean matches(X509Certificate leaf, List<String> wanted)
            throws CertificateParsingException {
        Collection<List<?>> names = leaf.getSubjectAlternativeNames();
        if (names == null) {
            return false;
        }
        for (List<?> name : names) {
            int type = (Integer) name.getFirst();
            if (type == DNS || type == URI || type == ADDRESS) {
                String found = String.valueOf(name.get(1));
                for (String one : wanted) {
                    if (type == DNS ? isDns(found, one) : found.equals(one)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** A wildcard stands for one label (RFC 6125 §6.4.3). */
    private static boolean isDns(String found, String wanted) {
        String pattern = found.toLowerCase(Locale.ROOT);
        String name = wanted.toLowerCase(Locale.ROOT);
        if (!pattern.startsWith("*.")) {
            return pattern.equals(name);
        }
        int dot = name.indexOf('.');
        return dot > 0 && name.substring(dot).equals(pattern.substring(1));
    }
}
