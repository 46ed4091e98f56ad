package io.weft.policy.ca;

import io.weft.model.Secret;
import io.weft.policy.state.StartFailure;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator may change of the authority. Each change is in the vault before it is in force,
 * and one line of the audit log. Thread-safe; blocks.
 */
public final class AuthorityChanges {

    private static final Logger AUDIT = LoggerFactory.getLogger("weft.audit");

    /** The list is carried by every sidecar; what is short-lived need not stay on it for long. */
    private static final int MAX_DENIED = 1000;

    private final AuthorityStore store;
    private final AuthorityMaker maker;
    private final CaSettings settings;
    private final InstantSource clock;
    private final Runnable changed;

    AuthorityChanges(
            AuthorityStore store,
            AuthorityMaker maker,
            CaSettings settings,
            InstantSource clock,
            Runnable changed) {
        this.store = store;
        this.maker = maker;
        this.settings = settings;
        this.clock = clock;
        this.changed = changed;
    }

    /** Makes the next root, and has it told to all. */
    public void announce() throws IOException, NotNow {
        require(RotationPhase.STEADY, "a rotation is under way");
        StoredAuthority next = StoredAuthority.of(maker.make(clock.instant()));
        change("root-announced", known -> known.next() == null ? announced(known, next) : known);
    }

    /** Lets the next authority sign. */
    public void switchOver() throws IOException, NotNow {
        require(RotationPhase.ANNOUNCED, "nothing is announced");
        change(
                "root-switched",
                known ->
                        known.phase() == RotationPhase.ANNOUNCED
                                ? known.switched(clock.instant())
                                : known);
    }

    /** Forgets the old root. */
    public void retire() throws IOException, NotNow {
        require(RotationPhase.SWITCHED, "the next authority does not sign yet");
        change(
                "root-retired",
                known -> {
                    StoredAuthority next = known.next();
                    return known.phase() == RotationPhase.SWITCHED && next != null
                            ? known.steady(next, clock.instant())
                            : known;
                });
    }

    /** Takes an announcement back. */
    public void cancel() throws IOException, NotNow {
        require(
                RotationPhase.ANNOUNCED,
                "only what is announced and does not sign yet can be taken back");
        change(
                "root-cancelled",
                known ->
                        known.phase() == RotationPhase.ANNOUNCED
                                ? known.steady(known.current(), clock.instant())
                                : known);
    }

    private AuthorityDocument announced(AuthorityDocument known, StoredAuthority next) {
        return known.announced(next, clock.instant());
    }

    /** Puts a serial number or an identity on the deny-list; again only changes the reason. */
    public void deny(String subject, String reason) throws IOException, NotNow {
        Denial denial = new Denial(subject, reason, clock.instant());
        if (store.document().denied().size() >= MAX_DENIED) {
            throw new NotNow("deny-list: full (expected: fewer than " + MAX_DENIED + ")");
        }
        change(
                "denied subject=" + denial.subject(),
                known -> {
                    List<Denial> all = without(known, denial.subject());
                    all.add(denial);
                    return known.denying(all);
                });
    }

    /** Takes it from the deny-list. */
    public void allow(String subject) throws IOException, NotNow {
        if (store.document().denied().stream().noneMatch(each -> each.subject().equals(subject))) {
            throw new NotNow("deny-list: '" + subject + "' is not on it");
        }
        change("allowed subject=" + subject, known -> known.denying(without(known, subject)));
    }

    private static List<Denial> without(AuthorityDocument known, String subject) {
        List<Denial> all = new ArrayList<>(known.denied());
        all.removeIf(each -> each.subject().equals(subject));
        return all;
    }

    /** A request that an outer authority may sign; its key waits in the vault. */
    public String request() throws IOException {
        AuthorityMaker.Request request = maker.request();
        change("csr-made", known -> known.requesting(request.keyPem()));
        return request.csrPem();
    }

    /**
     * Takes what an outer authority has signed. With a root that is known it signs from now on;
     * with another one it is announced.
     *
     * @param chainPem the certificate for the key of {@link #request} first
     * @throws NotNow when nothing was asked for, or it cannot be used
     */
    public void take(String chainPem, String rootsPem) throws IOException, NotNow {
        Secret key = store.document().requestKeyPem();
        if (key == null) {
            throw new NotNow("certificate: nothing was asked for (expected: weft ca csr before)");
        }
        Instant now = clock.instant();
        AuthorityKeys keys;
        try {
            keys =
                    AuthorityReader.read(
                            new CaSettings.PemText(
                                    "the certificate that was given", chainPem, key, rootsPem));
            AuthorityRules.requireUsable(keys, "the certificate that was given", now);
        } catch (StartFailure e) {
            throw new NotNow(String.valueOf(e.getMessage()));
        }
        require(RotationPhase.STEADY, "a rotation is under way");
        StoredAuthority stored = StoredAuthority.of(keys);
        X509Certificate root = AuthorityRules.root(keys).orElseThrow();
        change(
                "outer-authority root=" + ActiveAuthority.fingerprint(root),
                known -> {
                    if (known.phase() != RotationPhase.STEADY) {
                        return known;
                    }
                    return known.current().keys().roots().contains(root)
                            ? known.steady(stored, now)
                            : known.announced(stored, now);
                });
    }

    private void require(RotationPhase phase, String otherwise) throws IOException, NotNow {
        store.refresh();
        if (store.document().phase() != phase) {
            throw new NotNow(
                    "rotation: "
                            + otherwise
                            + " (expected: phase "
                            + phase
                            + ", is "
                            + store.document().phase()
                            + ")");
        }
    }

    private void change(String what, java.util.function.UnaryOperator<AuthorityDocument> step)
            throws IOException {
        store.change(step);
        AUDIT.warn(
                "event=ca-{} trust_domain={} revision={}",
                what,
                settings.trustDomain(),
                store.document().revision());
        changed.run();
    }

    /** What is asked for does not fit the state; the message says what is expected. */
    public static final class NotNow extends Exception {

        private static final long serialVersionUID = 1L;

        public NotNow(String message) {
            super(message);
        }
    }
}
