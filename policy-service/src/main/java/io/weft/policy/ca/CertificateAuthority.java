package io.weft.policy.ca;

import io.weft.model.SpiffeId;
import io.weft.policy.state.StateDirectory;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x509.GeneralName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issues X.509-SVIDs for identities that others have proven. Thread-safe; signing happens on the
 * caller's thread.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md">X509-SVID</a>
 */
public final class CertificateAuthority {

    /** Each certificate that is issued is one line of this log. */
    private static final Logger AUDIT = LoggerFactory.getLogger("weft.audit");

    private static final Duration BACKDATE = Duration.ofMinutes(1);
    private static final Duration SERVER_LIFETIME = Duration.ofHours(24);

    private final CaSettings settings;
    private final InstantSource clock;
    private final AuthorityKeys keys;
    private final CertificateSigner signer;
    private final IssueLimiter limiter;
    private final AtomicLong issued = new AtomicLong();
    private volatile ServerCredential server;

    private CertificateAuthority(CaSettings settings, AuthorityKeys keys, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.keys = keys;
        this.signer = CertificateSigner.of(keys.signing(), keys.key());
        this.limiter = new IssueLimiter(settings.issuesPerMinute(), clock);
        this.server = newServerCredential();
    }

    /**
     * Loads the keys, or makes them in the state directory on the first start.
     *
     * @throws io.weft.policy.state.StartFailure when they cannot be used
     */
    public static CertificateAuthority open(
            CaSettings settings, StateDirectory state, InstantSource clock) {
        Instant now = clock.instant();
        CaSettings.KeyFiles files = settings.files();
        AuthorityKeys keys =
                files != null
                        ? AuthorityKeyStore.load(files, now)
                        : new AuthorityKeyStore(settings.trustDomain(), state.child("ca"))
                                .loadOrCreate(now);
        return new CertificateAuthority(settings, keys, clock);
    }

    /**
     * Issues a certificate for the key of a CSR.
     *
     * @param identity what the asker has proven
     * @param proof how it was proven, for the audit log
     * @throws CsrRefused when the CSR asks for anything else than this identity, or too often
     */
    public IssuedSvid issue(String csrPem, SpiffeId identity, String proof) throws CsrRefused {
        CheckedCsr csr = check(csrPem, identity);
        if (!limiter.tryAcquire(identity)) {
            throw new CsrRefused(
                    "certificates for "
                            + identity
                            + ": too many (expected: at most "
                            + settings.issuesPerMinute()
                            + " a minute)",
                    true);
        }
        Instant now = clock.instant();
        Instant end = earlier(now.plus(settings.svidLifetime()), expiresAt());
        if (!end.isAfter(now)) {
            throw new CsrRefused("certificate authority: expired at " + expiresAt(), true);
        }
        GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri());
        X509Certificate leaf = signer.leaf(csr.key(), List.of(name), now.minus(BACKDATE), end);
        String serial = leaf.getSerialNumber().toString(16);
        AUDIT.info(
                "event=svid-issued identity={} serial={} not_after={} proof={}",
                identity,
                serial,
                end,
                proof);
        issued.incrementAndGet();
        return new IssuedSvid(identity, serial, end, Pem.certificates(withChain(leaf)));
    }

    /** Tells whether {@link #issue} would take this CSR, without issuing anything. */
    public void requireAcceptable(String csrPem, SpiffeId identity) throws CsrRefused {
        check(csrPem, identity);
    }

    private CheckedCsr check(String csrPem, SpiffeId identity) throws CsrRefused {
        if (!identity.trustDomain().equals(settings.trustDomain())) {
            throw new CsrRefused(
                    "trust domain: "
                            + identity.trustDomain()
                            + " (expected: "
                            + settings.trustDomain()
                            + ")");
        }
        return CheckedCsr.check(csrPem, identity);
    }

    /** The domain whose identities are issued here. */
    public String trustDomain() {
        return settings.trustDomain();
    }

    /** The roots that workloads trust. */
    public List<X509Certificate> roots() {
        return keys.roots();
    }

    /** {@link #roots} as PEM. */
    public String trustBundlePem() {
        return Pem.certificates(keys.roots());
    }

    /** When the first certificate of the signing chain ends. */
    public Instant expiresAt() {
        return keys.chain().stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** How many certificates were issued since the start. */
    public long issuedCount() {
        return issued.get();
    }

    /** The control plane's identity. */
    public SpiffeId serverIdentity() {
        return new SpiffeId(settings.trustDomain(), "weft-system", "policy-service");
    }

    /** The control plane's own certificate; a new one when two thirds of its life are over. */
    public ServerCredential serverCredential() {
        ServerCredential current = server;
        if (clock.instant().isBefore(current.renewAt())) {
            return current;
        }
        synchronized (this) {
            if (!clock.instant().isBefore(server.renewAt())) {
                server = newServerCredential();
            }
            return server;
        }
    }

    private ServerCredential newServerCredential() {
        Instant now = clock.instant();
        Instant end = earlier(now.plus(SERVER_LIFETIME), expiresAt());
        KeyPair pair = CertificateSigner.newKeyPair();
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, serverIdentity().uri()));
        for (String each : settings.serverNames()) {
            boolean address = each.contains(":") || each.matches("[0-9.]+");
            names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, each));
        }
        X509Certificate leaf = signer.leaf(pair.getPublic(), names, now.minus(BACKDATE), end);
        Duration life = Duration.between(now, end);
        return new ServerCredential(
                withChain(leaf), pair.getPrivate(), now.plus(life.multipliedBy(2).dividedBy(3)));
    }

    private List<X509Certificate> withChain(X509Certificate leaf) {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(leaf);
        chain.addAll(keys.chain());
        return chain;
    }

    /** The trust bundles that workloads get, by trust domain. */
    public Map<String, String> trustBundles() {
        return Map.of(settings.trustDomain(), trustBundlePem());
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
