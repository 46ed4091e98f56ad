package io.weft.dataplane.testing;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.dataplane.identity.Svid;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A caller that is no proxy: the JDK's TLS, any certificate, and no doubt about the other side. */
public final class TlsClient {

    private static final char[] NO_PASSWORD = new char[0];

    private TlsClient() {}

    /** Shows the certificate, null for none. */
    public static SSLContext context(@Nullable Svid certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        if (certificate != null) {
            store.setKeyEntry(
                    "own",
                    certificate.key(),
                    NO_PASSWORD,
                    certificate.chain().toArray(X509Certificate[]::new));
        }
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                keys.getKeyManagers(),
                InsecureTrustManagerFactory.INSTANCE.getTrustManagers(),
                null);
        return context;
    }

    /** A connection whose handshake is done, as far as this side can tell. */
    public static SSLSocket connect(int port, @Nullable Svid certificate) throws Exception {
        return connect(port, context(certificate));
    }

    /** As the other, with a context that is used again. */
    public static SSLSocket connect(int port, SSLContext context) throws Exception {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(5_000);
        socket.startHandshake();
        return socket;
    }
}
