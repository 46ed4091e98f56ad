package io.weft.testkit.lab.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Connects, through a proxy's tunnel and with TLS where told to. */
final class Dialer {

    private static final TrustManager[] ANY = {new AnyServer()};

    private Dialer() {}

    /** The tunnel was refused by the proxy; tells its status. */
    static final class TunnelRefused extends IOException {
        private static final long serialVersionUID = 1L;
        private final int status;

        TunnelRefused(int status) {
            super("CONNECT: " + status);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** Connects the socket, whose local port is known from then on. */
    static void connect(Socket socket, Dial dial, long deadline) throws IOException {
        socket.setTcpNoDelay(true);
        String from = dial.from();
        if (from != null) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        }
        socket.connect(dial.target(), millisLeft(deadline));
        String tunnel = dial.tunnel();
        if (tunnel != null) {
            open(socket, tunnel, deadline);
        }
    }

    /** Below CONNECT nothing of the tunnel's bytes may be read: so byte for byte. */
    private static void open(Socket socket, String tunnel, long deadline) throws IOException {
        String request = "CONNECT " + tunnel + " HTTP/1.1\r\nHost: " + tunnel + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            socket.setSoTimeout(millisLeft(deadline));
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new EOFException("closed in CONNECT");
            }
            head.append((char) b);
        }
        String[] words = head.toString().split("[ \r]", 3);
        int status =
                words.length > 1 && words[1].matches("[0-9]{3}") ? Integer.parseInt(words[1]) : 502;
        if (status / 100 != 2) {
            throw new TunnelRefused(status);
        }
    }

    static Socket secure(Socket socket, Dial dial, TlsOptions tls, long deadline)
            throws IOException {
        socket.setSoTimeout(millisLeft(deadline));
        SSLSocket secure =
                (SSLSocket)
                        context(tls)
                                .getSocketFactory()
                                .createSocket(
                                        socket,
                                        dial.target().getHostString(),
                                        dial.target().getPort(),
                                        true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(null);
        parameters.setServerNames(serverNames(tls.sni()));
        parameters.setApplicationProtocols(tls.alpn().toArray(String[]::new));
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static List<SNIServerName> serverNames(@Nullable String sni) {
        if (sni == null || sni.isEmpty()) {
            return List.of();
        }
        return List.of(new RawName(sni.getBytes(StandardCharsets.UTF_8)));
    }

    /** A server name as it is given; the platform's own would have to be a host name. */
    private static final class RawName extends SNIServerName {
        RawName(byte[] name) {
            super(StandardConstants.SNI_HOST_NAME, name);
        }
    }

    private static SSLContext context(TlsOptions tls) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(tls.credential()), ANY, new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static KeyManager @Nullable [] keys(TlsOptions.@Nullable Credential credential)
            throws GeneralSecurityException, IOException {
        if (credential == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client",
                credential.key(),
                new char[0],
                credential.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private static int millisLeft(long deadline) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("deadline");
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }

    /** A lab's client wants to see what a server does, whoever it is. */
    private static final class AnyServer extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            // never asked
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            // anyone
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // never asked
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // anyone
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            // never asked
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // anyone
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
