package io.weft.policy.join;

import io.weft.model.Secret;
import io.weft.model.SpiffeId;
import io.weft.model.wire.JoinRequest;
import io.weft.model.wire.MeshCodec;
import io.weft.policy.state.StartFailure;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One-time join tokens: {@code weft.ID.SECRET}. Only hashes are stored; that a token is used up is
 * on disk before the certificate is made, so that no crash brings it back. Thread-safe.
 */
public final class JoinTokens implements WorkloadAttestor {

    private static final String FILE = "join-tokens.json";
    private static final String PREFIX = "weft.";
    private static final int ID_BYTES = 9;
    private static final int SECRET_BYTES = 32;
    private static final int MAX_TOKENS = 10_000;
    private static final Duration MAX_LIFE = Duration.ofDays(30);

    /** Used and expired tokens are remembered so that their next use can be told from a typo. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final String trustDomain;
    private final StateDirectory state;
    private final InstantSource clock;
    private final MeshCodec codec = new MeshCodec();
    private final SecureRandom random = new SecureRandom();
    private final Map<String, StoredToken> tokens = new LinkedHashMap<>();

    private JoinTokens(String trustDomain, StateDirectory state, InstantSource clock) {
        this.trustDomain = trustDomain;
        this.state = state;
        this.clock = clock;
    }

    /**
     * Reads the stored tokens.
     *
     * @throws StartFailure when they are there but cannot be read
     */
    public static JoinTokens open(
            String trustDomain, StateDirectory state, InstantSource clock) {
        JoinTokens opened = new JoinTokens(trustDomain, state, clock);
        try {
            state.read(FILE)
                    .map(text -> opened.codec.read(text, StoredToken[].class))
                    .map(List::of)
                    .orElse(List.of())
                    .forEach(each -> opened.tokens.put(each.id(), each));
        } catch (IOException | IllegalArgumentException e) {
            throw new StartFailure(
                    "join tokens: " + state.path(FILE) + " cannot be read (" + e.getMessage() + ")",
                    e);
        }
        return opened;
    }

    /**
     * Makes a token for one identity.
     *
     * @param life at most 30 days
     * @throws IllegalArgumentException when the identity or the life is not possible
     * @throws IOException when it cannot be stored
     */
    public synchronized JoinToken create(String namespace, String serviceAccount, Duration life)
            throws IOException {
        if (life.isNegative() || life.isZero() || life.compareTo(MAX_LIFE) > 0) {
            throw new IllegalArgumentException("expiry: " + life + " (expected: up to " + MAX_LIFE + ")");
        }
        SpiffeId identity = new SpiffeId(trustDomain, namespace, serviceAccount);
        forgetOld();
        if (tokens.size() >= MAX_TOKENS) {
            throw new IllegalArgumentException(
                    "join tokens: " + tokens.size() + " stored (expected: fewer than " + MAX_TOKENS + ")");
        }
        String id = randomText(ID_BYTES);
        String token = PREFIX + id + "." + randomText(SECRET_BYTES);
        Instant now = clock.instant();
        StoredToken stored =
                new StoredToken(
                        id,
                        TokenHash.of(token).hex(),
                        identity.namespace(),
                        identity.serviceAccount(),
                        now,
                        now.plus(life),
                        null);
        tokens.put(id, stored);
        try {
            store();
        } catch (IOException e) {
            tokens.remove(id);
            throw e;
        }
        return new JoinToken(id, new Secret(token), namespace, serviceAccount, stored.expiresAt());
    }

    @Override
    public boolean handles(JoinRequest request) {
        return request.token().reveal().startsWith(PREFIX);
    }

    @Override
    public synchronized Proof attest(JoinRequest request) throws JoinRefused {
        String token = request.token().reveal();
        String[] parts = token.split("\\.", -1);
        StoredToken stored = parts.length == 3 ? tokens.get(parts[1]) : null;
        if (stored == null || !new TokenHash(stored.hash()).matches(TokenHash.of(token))) {
            throw new JoinRefused("join token: unknown");
        }
        requireUnused(stored);
        if (!clock.instant().isBefore(stored.expiresAt())) {
            throw new JoinRefused(
                    "join token " + stored.id() + ": expired at " + stored.expiresAt());
        }
        if (!stored.namespace().equals(request.namespace())
                || !stored.serviceAccount().equals(request.serviceAccount())) {
            throw new JoinRefused(
                    "join token " + stored.id() + ": made for another identity than it is used for");
        }
        return new TokenProof(
                stored.id(),
                new SpiffeId(trustDomain, stored.namespace(), stored.serviceAccount()));
    }

    private static void requireUnused(StoredToken stored) throws JoinRefused {
        if (stored.usedAt() != null) {
            throw new JoinRefused(
                    "join token " + stored.id() + ": already used at " + stored.usedAt());
        }
    }

    private synchronized void redeem(String id) throws JoinRefused {
        StoredToken stored = tokens.get(id);
        if (stored == null) {
            throw new JoinRefused("join token: unknown");
        }
        requireUnused(stored);
        tokens.put(id, stored.used(clock.instant()));
        try {
            store();
        } catch (IOException e) {
            tokens.put(id, stored);
            throw new JoinRefused("join token: its use cannot be recorded: " + e.getMessage());
        }
    }

    private void forgetOld() {
        Instant limit = clock.instant().minus(REMEMBERED);
        tokens.values().removeIf(each -> each.expiresAt().isBefore(limit));
    }

    private void store() throws IOException {
        state.write(
                FILE,
                new String(
                        codec.write(new ArrayList<>(tokens.values())),
                        StandardCharsets.UTF_8));
    }

    private String randomText(int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }

    private final class TokenProof implements Proof {

        private final String id;
        private final SpiffeId identity;

        TokenProof(String id, SpiffeId identity) {
            this.id = id;
            this.identity = identity;
        }

        @Override
        public SpiffeId identity() {
            return identity;
        }

        @Override
        public String describe() {
            return "join-token/" + id;
        }

        @Override
        public void redeem() throws JoinRefused {
            JoinTokens.this.redeem(id);
        }
    }
}
