package io.weft.dataplane.identity;

import io.weft.engine.MeshClock;
import io.weft.model.SpiffeId;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS towards the control plane with the JDK's provider; only its own SPIFFE ID is accepted. */
final class ControlPlaneTls {

    private static final String NAMESPACE = "weft-system";
    private static final String SERVICE_ACCOUNT = "policy-service";

    private ControlPlaneTls() {}

    static SpiffeId controlPlane(String trustDomain) {
        return new SpiffeId(trustDomain, NAMESPACE, SERVICE_ACCOUNT);
    }

    /**
     * A context of its own for each call, so that no session is resumed under an older identity.
     *
     * @param svid null before joining: then the client shows no certificate
     */
    static SSLContext client(
            String trustDomain,
            @Nullable Svid svid,
            Supplier<TrustBundles> trust,
            MeshClock clock) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            SpiffeId expected = controlPlane(trustDomain);
            context.init(
                    svid == null ? null : keyManagers(svid),
                    new TrustManager[] {new SpiffeTrustManager(trust, clock, expected::equals)},
                    null);
            return context;
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException("TLS towards the control plane", e);
        }
    }

    private static KeyManager[] keyManagers(Svid svid)
            throws GeneralSecurityException, java.io.IOException {
        char[] password = new char[0];
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "svid",
                svid.key(),
                password,
                svid.chain().toArray(new java.security.cert.Certificate[0]));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }
}
