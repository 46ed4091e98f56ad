package io.weft.testkit.lab.client;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the client speaks TLS; it accepts any server certificate.
 *
 * @param sni null sends none
 * @param alpn in order of preference, empty offers none
 * @param credential shown when asked, null for none
 */
public record TlsOptions(@Nullable String sni, List<String> alpn, @Nullable Credential credential) {

    public TlsOptions {
        alpn = List.copyOf(alpn);
    }

    /** A client certificate with its key. */
    public record Credential(PrivateKey key, List<X509Certificate> chain) {
        public Credential {
            chain = List.copyOf(chain);
        }
    }
}
