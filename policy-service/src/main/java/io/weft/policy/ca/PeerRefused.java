package io.weft.policy.ca;

import java.security.cert.CertificateException;

/**
 * A peer's certificate is not a valid X.509-SVID of this mesh; the message says which rule it
 * breaks.
 */
public final class PeerRefused extends CertificateException {

    private static final long serialVersionUID = 1L;

    PeerRefused(String message) {
        super(message);
    }

    PeerRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
