package io.weft.policy.ca;

import io.weft.model.Secret;
import io.weft.model.SpiffeId;
import io.weft.model.wire.IssuedToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;

/**
 * Issues JWT-SVIDs, which live five minutes, for identities that were proven by a certificate.
 * Thread-safe; signs on the caller's thread.
 */
public final class TokenIssuer {

    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final int MAX_AUDIENCES = 16;
    private static final int MAX_AUDIENCE_LENGTH = 1024;

    private final CaSettings settings;
    private final InstantSource clock;
    private final Supplier<ActiveAuthority> active;
    private final IssueLimiter limiter;

    TokenIssuer(CaSettings settings, InstantSource clock, Supplier<ActiveAuthority> active) {
        this.settings = settings;
        this.clock = clock;
        this.active = active;
        this.limiter = new IssueLimiter(settings.issuesPerMinute(), clock);
    }

    /**
     * A token for whom the identity names.
     *
     * @throws IllegalArgumentException for an audience that is none
     * @throws CsrRefused when the identity is denied, or asks too often
     */
    public IssuedToken issue(SpiffeId identity, List<String> audience) throws CsrRefused {
        if (audience.isEmpty()
                || audience.size() > MAX_AUDIENCES
                || audience.stream()
                        .anyMatch(each -> each.isBlank() || each.length() > MAX_AUDIENCE_LENGTH)) {
            throw new IllegalArgumentException(
                    "audience: "
                            + audience.size()
                            + " (expected: 1 to "
                            + MAX_AUDIENCES
                            + ", none of them empty or longer than "
                            + MAX_AUDIENCE_LENGTH
                            + ")");
        }
        ActiveAuthority now = active.get();
        if (now.document().denied().stream().anyMatch(each -> each.concerns("", identity))) {
            throw new CsrRefused(identity + ": is on the deny-list");
        }
        if (!now.tokens().hasKey()) {
            throw new CsrRefused("tokens: the authority has no key for them", true);
        }
        if (!limiter.tryAcquire(identity)) {
            throw new CsrRefused(
                    "tokens for "
                            + identity
                            + ": too many (expected: at most "
                            + settings.issuesPerMinute()
                            + " a minute)",
                    true);
        }
        Instant from = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant to = from.plus(LIFETIME);
        String token = now.tokens().sign(identity, audience, from, to);
        CertificateAuthority.AUDIT.info(
                "event=jwt-svid-issued identity={} audiences={} not_after={}",
                identity,
                audience.size(),
                to);
        return new IssuedToken(new Secret(token), from, to);
    }

    /** The public keys that verify, each a JWK; while a root is replaced those of both. */
    public List<String> keys() {
        return active.get().tokens().publicKeys();
    }
}
