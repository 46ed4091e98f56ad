package io.weft.dataplane.identity;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.weft.engine.MeshClock;
import io.weft.model.SpiffeId;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mesh's mTLS from an SVID and the trust bundles. Both can be replaced at any time; connections
 * that are open stay, new ones use what is in force then. Sessions are not resumed, and {@link
 * #peer} verifies again, so that no identity outlives its certificate or its root. Thread-safe.
 */
public final class MeshTls implements TlsContexts {

    private static final Logger LOG = LoggerFactory.getLogger(MeshTls.class);
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /** Forward secret and authenticated ones only; the 1.2 suites are those that HTTP/2 allows. */
    private static final List<String> SUITES =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");

    private final MeshClock clock;
    private final SslProvider provider;
    private volatile TrustBundles trust;
    private volatile Contexts contexts;
    private volatile Runnable trustChanged = () -> {};
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private record Contexts(
            Svid svid, SslContext server, SslContext clientHttp1, SslContext clientHttp2) {}

    private MeshTls(Svid svid, TrustBundles trust, MeshClock clock, SslProvider provider) {
        this.clock = clock;
        this.provider = provider;
        this.trust = trust;
        this.contexts = build(svid);
    }

    /**
     * With OpenSSL (BoringSSL) where its library loads, else with the JDK's TLS; which one is
     * logged.
     *
     * @param bundles trust domain → roots, PEM
     */
    public static MeshTls of(Svid svid, Map<String, String> bundles, MeshClock clock) {
        SslProvider provider = SslProvider.JDK;
        if (OpenSsl.isAvailable()) {
            provider = SslProvider.OPENSSL;
            LOG.info("TLS by {}", OpenSsl.versionString());
        } else {
            LOG.warn(
                    "TLS by the JDK, slower: OpenSSL is not available: {}",
                    String.valueOf(OpenSsl.unavailabilityCause()));
        }
        return of(svid, bundles, clock, provider);
    }

    /** As {@link #of(Svid, Map, MeshClock)}, with the provider given. */
    public static MeshTls of(
            Svid svid, Map<String, String> bundles, MeshClock clock, SslProvider provider) {
        return new MeshTls(svid, TrustBundles.parse(bundles), clock, provider);
    }

    /** What is on disk or was just joined. */
    public static MeshTls of(SvidStore.Held held, MeshClock clock) {
        return of(held.svid(), held.bundles(), clock);
    }

    /** Uses another SVID for new connections, after a renewal. */
    public synchronized void identity(Svid svid) {
        contexts = build(svid);
        changed();
    }

    /**
     * Replaces the trust bundles, as the resources of the stream say.
     *
     * @param bundles trust domain → roots, PEM
     * @throws IllegalArgumentException when one is not readable; those in force stay
     */
    public void trust(Map<String, String> bundles) {
        trust(bundles, Set.of());
    }

    /**
     * As {@link #trust(Map)}, with what is not accepted although it is signed and valid.
     *
     * @param denied serial numbers (lower-case hexadecimal) and SPIFFE IDs
     */
    public void trust(Map<String, String> bundles, Set<String> denied) {
        trust(bundles, Map.of(), denied);
    }

    /**
     * As {@link #trust(Map, Set)}, with the keys of JWT-SVIDs.
     *
     * @param tokenKeys JWK sets by trust domain
     */
    public void trust(
            Map<String, String> bundles, Map<String, String> tokenKeys, Set<String> denied) {
        trust = TrustBundles.parse(bundles, tokenKeys, denied);
        trustChanged.run();
        changed();
    }

    /** Is told when the SVID or the bundles may have changed; on the thread that changes them. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    /** Is told when the trust bundles have been replaced. */
    void onTrustChange(Runnable listener) {
        trustChanged = listener;
    }

    /**
     * Whether the own SVID leads to the root that signs now, the first of its bundle. Does not know
     * without a bundle of its own trust domain: true then.
     */
    boolean signedByTheFirstRoot() {
        Svid own = contexts.svid();
        List<X509Certificate> roots = trust.roots(own.id().trustDomain());
        return roots.isEmpty() || SvidRules.leadsTo(roots.getFirst(), own, clock.now());
    }

    @Override
    public boolean isDenied(SSLSession session) {
        TrustBundles now = trust;
        if (now.denied().isEmpty()) {
            return false;
        }
        try {
            X509Certificate leaf = (X509Certificate) session.getPeerCertificates()[0];
            return now.isDenied(leaf, SvidRules.identityOf(leaf));
        } catch (SSLPeerUnverifiedException e) {
            return false;
        } catch (CertificateException e) {
            return true;
        }
    }

    /** The SVID that is shown to peers. */
    public Svid svid() {
        return contexts.svid();
    }

    /** The bundles in force. */
    public TrustBundles trust() {
        return trust;
    }

    /** {@code OPENSSL} or {@code JDK}, for views. */
    public String provider() {
        return provider.name();
    }

    @Override
    public SslContext meshServer() {
        return contexts.server();
    }

    @Override
    public SslContext meshClient(boolean http2) {
        Contexts current = contexts;
        return http2 ? current.clientHttp2() : current.clientHttp1();
    }

    /**
     * The verified identity of the other end. Verifies the whole chain again: ask once for each
     * connection.
     */
    @Override
    public @Nullable SpiffeId peer(SSLSession session) {
        X509Certificate[] chain;
        try {
            Certificate[] shown = session.getPeerCertificates();
            chain = new X509Certificate[shown.length];
            for (int i = 0; i < shown.length; i++) {
                chain[i] = (X509Certificate) shown[i];
            }
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
        try {
            // The handshake checked the extended usage for the peer's role; here either is right.
            return SvidRules.verify(chain, SvidRules.Role.EITHER, trust, clock.now());
        } catch (CertificateException e) {
            LOG.warn("peer of an established session is refused: {}", e.getMessage());
            return null;
        }
    }

    @Override
    public SpiffeId self() {
        return contexts.svid().id();
    }

    /** For an HTTP client of the control plane: checks that it is the control plane. */
    public SSLContext controlPlaneClient() {
        Svid svid = contexts.svid();
        return ControlPlaneTls.client(svid.id().trustDomain(), svid, this::trust, clock);
    }

    private Contexts build(Svid svid) {
        try {
            SslContextBuilder server =
                    common(
                            Unresumed.server(svid.key(), svid.chain(), provider),
                            List.of(
                                    ApplicationProtocolNames.HTTP_2,
                                    ApplicationProtocolNames.HTTP_1_1));
            return new Contexts(
                    svid,
                    Unresumed.context(server.clientAuth(ClientAuth.REQUIRE)),
                    client(svid, ApplicationProtocolNames.HTTP_1_1),
                    client(svid, ApplicationProtocolNames.HTTP_2));
        } catch (SSLException e) {
            throw new IllegalArgumentException("TLS for " + svid + ": " + e.getMessage(), e);
        }
    }

    private SslContext client(Svid svid, String protocol) throws SSLException {
        SslContextBuilder client =
                common(Unresumed.client(svid.key(), svid.chain(), provider), List.of(protocol));
        return Unresumed.context(client.endpointIdentificationAlgorithm(null));
    }

    private SslContextBuilder common(SslContextBuilder builder, List<String> protocols) {
        TrustManager trustManager = new SpiffeTrustManager(this::trust, clock, id -> true);
        return builder.trustManager(trustManager)
                .protocols(PROTOCOLS)
                .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(
                        new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                protocols));
    }
}
