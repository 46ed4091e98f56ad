package io.weft.policy.ca;

import io.weft.model.SpiffeId;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
    static final Logger AUDIT = LoggerFactory.getLogger("weft.audit");

    private static final Logger LOG = LoggerFactory.getLogger(CertificateAuthority.class);
    private static final Duration BACKDATE = Duration.ofMinutes(1);
    private static final Duration SERVER_LIFETIME = Duration.ofHours(24);

    private final CaSettings settings;
    private final InstantSource clock;
    private final AuthorityStore store;
    private final AuthorityMaker maker;
    private final IssueLimiter limiter;
    private final TokenIssuer tokens;
    private final AtomicLong issued = new AtomicLong();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile ActiveAuthority active;
    private volatile ServerCredential server;
    private volatile String problem = "";

    private CertificateAuthority(
            CaSettings settings, AuthorityStore store, AuthorityMaker maker, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.store = store;
        this.maker = maker;
        this.active = ActiveAuthority.of(store.document());
        this.limiter = new IssueLimiter(settings.issuesPerMinute(), clock);
        this.tokens = new TokenIssuer(settings, clock, () -> active);
        this.server = newServerCredential(active);
    }

    /**
     * Loads the keys, or makes them in the state directory on the first start.
     *
     * @throws io.weft.policy.state.StartFailure when they cannot be used
     */
    public static CertificateAuthority open(
            CaSettings settings, StateDirectory state, InstantSource clock) {
        AuthorityMaker maker = new AuthorityMaker(settings.trustDomain());
        AuthorityStore store =
                AuthorityStore.open(settings, state.child("ca"), maker, clock.instant());
        return new CertificateAuthority(settings, store, maker, clock);
    }

    /** Is told when roots or the deny-list have changed. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
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
        ActiveAuthority now = active;
        Instant time = clock.instant();
        requireValid(now, time);
        Instant end = earlier(time.plus(settings.svidLifetime()), now.expiresAt());
        GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri());
        X509Certificate leaf =
                now.signer().leaf(csr.key(), List.of(name), time.minus(BACKDATE), end);
        String serial = leaf.getSerialNumber().toString(16);
        AUDIT.info(
                "event=svid-issued identity={} serial={} not_after={} issuer={} proof={}",
                identity,
                serial,
                end,
                leaf.getIssuerX500Principal(),
                proof);
        issued.incrementAndGet();
        return new IssuedSvid(
                identity, serial, end, Pem.certificates(List.of(leaf)) + now.issuerPem());
    }

    /** A clock that was set back or forth must not bring certificates that nobody can use. */
    private static void requireValid(ActiveAuthority authority, Instant now) throws CsrRefused {
        if (!authority.expiresAt().isAfter(now)) {
            throw new CsrRefused(
                    "certificate authority: expired at " + authority.expiresAt(), true);
        }
        Instant from = authority.signing().signing().getNotBefore().toInstant();
        if (now.isBefore(from)) {
            throw new CsrRefused(
                    "certificate authority: valid only from " + from + " (now: " + now + ")", true);
        }
    }

    /** Issues JWT-SVIDs. */
    public TokenIssuer tokens() {
        return tokens;
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
        if (active.document().denied().stream().anyMatch(each -> each.concerns("", identity))) {
            throw new CsrRefused(identity + ": is on the deny-list");
        }
        return CheckedCsr.check(csrPem, identity);
    }

    /** Whether a certificate is on the deny-list, by its serial number or its identity. */
    public boolean isDenied(X509Certificate leaf, SpiffeId identity) {
        return !active.document().denied().isEmpty()
                && isDenied(leaf.getSerialNumber().toString(16), identity);
    }

    /** As {@link #isDenied(X509Certificate, SpiffeId)}, by what was noted of it. */
    public boolean isDenied(String serial, SpiffeId identity) {
        return active.document().denied().stream()
                .anyMatch(each -> each.concerns(serial, identity));
    }

    /** What may be no longer used, newest last. */
    public List<Denial> denied() {
        return active.document().denied();
    }

    /** Root rotation, the deny-list and requests to an outer authority. */
    public AuthorityChanges changes() {
        return new AuthorityChanges(store, maker, settings, clock, this::reload);
    }

    /**
     * Looks after the keys: takes what another replica has changed, renews intermediates. To be
     * called every second or so; a failure leaves all as it is, and is told by {@link #problem}.
     */
    public void tick() {
        try {
            boolean changed = store.refresh() | store.renewAging(clock.instant());
            problem = "";
            if (changed) {
                reload();
            }
        } catch (IOException | RuntimeException e) {
            String reason = store.where() + ": " + e.getMessage();
            if (!reason.equals(problem)) {
                LOG.error("certificate authority: {}; the last good one stays in use", reason);
            }
            problem = reason;
        }
    }

    /** Why the stored authority cannot be followed; empty when all is well. */
    public String problem() {
        return problem;
    }

    private void reload() {
        synchronized (this) {
            active = ActiveAuthority.of(store.document());
        }
        LOG.info(
                "certificate authority: revision {}, phase {}, {} root(s), {} denied",
                active.document().revision(),
                active.document().phase(),
                active.roots().size(),
                active.document().denied().size());
        listeners.forEach(Runnable::run);
    }

    /** The domain whose identities are issued here. */
    public String trustDomain() {
        return settings.trustDomain();
    }

    /** The roots that workloads trust; while one is replaced, the one that signs comes first. */
    public List<X509Certificate> roots() {
        return active.roots();
    }

    /** {@link #roots} as PEM. */
    public String trustBundlePem() {
        return Pem.certificates(active.roots());
    }

    /** How far a rotation is, and which roots are involved. */
    public AuthorityView view() {
        return AuthorityView.of(settings.trustDomain(), active);
    }

    /** When the first certificate of the signing chain ends. */
    public Instant expiresAt() {
        return active.expiresAt();
    }

    /** How long certificates of workloads live. */
    public Duration svidLifetime() {
        return settings.svidLifetime();
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
        if (isFresh(current)) {
            return current;
        }
        synchronized (this) {
            if (!isFresh(server)) {
                server = newServerCredential(active);
            }
            return server;
        }
    }

    private boolean isFresh(ServerCredential credential) {
        return clock.instant().isBefore(credential.renewAt())
                && credential.issuer().equals(active.serving().signing());
    }

    private ServerCredential newServerCredential(ActiveAuthority authority) {
        AuthorityKeys serving = authority.serving();
        Instant now = clock.instant();
        Instant end =
                earlier(now.plus(SERVER_LIFETIME), serving.signing().getNotAfter().toInstant());
        KeyPair pair = CertificateSigner.newKeyPair();
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, serverIdentity().uri()));
        for (String each : settings.serverNames()) {
            boolean address = each.contains(":") || each.matches("[0-9.]+");
            names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, each));
        }
        X509Certificate leaf =
                CertificateSigner.of(serving.signing(), serving.key())
                        .leaf(pair.getPublic(), names, now.minus(BACKDATE), end);
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(leaf);
        chain.addAll(serving.chain());
        Duration life = Duration.between(now, end);
        return new ServerCredential(
                chain,
                pair.getPrivate(),
                serving.signing(),
                now.plus(life.multipliedBy(2).dividedBy(3)));
    }

    /** The trust bundles of this domain and of its aliases, by trust domain. */
    public Map<String, String> trustBundles() {
        Map<String, String> bundles = new TreeMap<>();
        String own = trustBundlePem();
        bundles.put(settings.trustDomain(), own);
        settings.aliases().forEach(alias -> bundles.put(alias, own));
        return bundles;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
