package io.weft.policy.join;

import io.weft.model.Secret;
import io.weft.model.SpiffeId;
import io.weft.model.wire.JoinRequest;
import io.weft.model.wire.MeshCodec;
import io.weft.policy.ca.AuthorityVault;
import io.weft.policy.state.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One-time join tokens: {@code weft.ID.SECRET}. Only hashes are stored; that a token is used up is
 * stored before the certificate is made, so that no crash brings it back, and no other replica
 * takes it. Thread-safe; blocks.
 */
public final class JoinTokens implements WorkloadAttestor {

    private static final String DOCUMENT = "join-tokens";
    private static final String PREFIX = "weft.";
    private static final int ID_BYTES = 9;
    private static final int SECRET_BYTES = 32;
    private static final int MAX_TOKENS = 10_000;
    private static final int TRIES = 20;
    private static final Duration MAX_LIFE = Duration.ofDays(30);

    /** Used and expired tokens are remembered so that their next use can be told from a typo. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final String trustDomain;
    private final AuthorityVault vault;
    private final InstantSource clock;
    private final MeshCodec codec = new MeshCodec();
    private final SecureRandom random = new SecureRandom();
    private Stored stored = new Stored(Optional.empty(), Map.of());

    private JoinTokens(String trustDomain, AuthorityVault vault, InstantSource clock) {
        this.trustDomain = trustDomain;
        this.vault = vault;
        this.clock = clock;
    }

    /** The document as it was read last, and what it says. */
    private record Stored(Optional<String> text, Map<String, StoredToken> tokens) {}

    /** A change of the tokens; it may be tried again on newer ones. */
    private interface Step {
        void on(Map<String, StoredToken> tokens) throws JoinRefused;
    }

    /**
     * Reads the stored tokens.
     *
     * @param authority where the authority is stored: the tokens are beside it
     * @throws StartFailure when they are there but cannot be read
     */
    public static JoinTokens open(
            String trustDomain, AuthorityVault authority, InstantSource clock) {
        AuthorityVault vault = authority.beside(DOCUMENT);
        JoinTokens opened = new JoinTokens(trustDomain, vault, clock);
        try {
            opened.read();
        } catch (IOException e) {
            throw new StartFailure(
                    "join tokens: " + vault.where() + " cannot be read (" + e.getMessage() + ")",
                    e);
        }
        return opened;
    }

    /** Another replica may have changed them. */
    private Map<String, StoredToken> read() throws IOException {
        Optional<String> text = vault.read();
        if (!text.equals(stored.text())) {
            Map<String, StoredToken> tokens = new LinkedHashMap<>();
            try {
                for (StoredToken each : codec.read(text.orElse("[]"), StoredToken[].class)) {
                    tokens.put(each.id(), each);
                }
            } catch (IllegalArgumentException | NullPointerException e) {
                throw new IOException(String.valueOf(e.getMessage()), e);
            }
            stored = new Stored(text, tokens);
        }
        return stored.tokens();
    }

    private void change(Step step) throws IOException, JoinRefused {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Map<String, StoredToken> next = new LinkedHashMap<>(read());
            step.on(next);
            String text =
                    new String(codec.write(new ArrayList<>(next.values())), StandardCharsets.UTF_8);
            if (vault.replace(stored.text(), text)) {
                stored = new Stored(Optional.of(text), next);
                return;
            }
        }
        throw new IOException(vault.where() + ": other replicas change it all the time");
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
            throw new IllegalArgumentException(
                    "expiry: " + life + " (expected: up to " + MAX_LIFE + ")");
        }
        SpiffeId identity = new SpiffeId(trustDomain, namespace, serviceAccount);
        String id = randomText(ID_BYTES);
        String token = PREFIX + id + "." + randomText(SECRET_BYTES);
        Instant now = clock.instant();
        StoredToken made =
                new StoredToken(
                        id,
                        TokenHash.of(token).hex(),
                        identity.namespace(),
                        identity.serviceAccount(),
                        now,
                        now.plus(life),
                        null);
        try {
            change(tokens -> {
                tokens.values().removeIf(each -> each.expiresAt().isBefore(now.minus(REMEMBERED)));
                requireRoom(tokens.size());
                tokens.put(id, made);
            });
        } catch (JoinRefused e) {
            throw new IllegalStateException("nothing refuses a new token", e);
        }
        return new JoinToken(id, new Secret(token), namespace, serviceAccount, made.expiresAt());
    }

    private static void requireRoom(int count) {
        if (count >= MAX_TOKENS) {
            throw new IllegalArgumentException(
                    "join tokens: " + count + " stored (expected: fewer than " + MAX_TOKENS + ")");
        }
    }

    @Override
    public boolean handles(JoinRequest request) {
        return request.token().reveal().startsWith(PREFIX);
    }

    @Override
    public synchronized Proof attest(JoinRequest request) throws JoinRefused {
        String token = request.token().reveal();
        String[] parts = token.split("\\.", -1);
        StoredToken known = parts.length == 3 ? find(parts[1]) : null;
        if (known == null || !new TokenHash(known.hash()).matches(TokenHash.of(token))) {
            throw new JoinRefused("join token: unknown");
        }
        requireUnused(known);
        if (!clock.instant().isBefore(known.expiresAt())) {
            throw new JoinRefused("join token " + known.id() + ": expired at " + known.expiresAt());
        }
        if (!known.namespace().equals(request.namespace())
                || !known.serviceAccount().equals(request.serviceAccount())) {
            throw new JoinRefused(
                    "join token " + known.id() + ": made for another identity than it is used for");
        }
        return new TokenProof(
                known.id(), new SpiffeId(trustDomain, known.namespace(), known.serviceAccount()));
    }

    private @Nullable StoredToken find(String id) throws JoinRefused {
        try {
            return read().get(id);
        } catch (IOException e) {
            throw new JoinRefused("join token: cannot be checked now: " + e.getMessage());
        }
    }

    private static void requireUnused(StoredToken stored) throws JoinRefused {
        if (stored.usedAt() != null) {
            throw new JoinRefused(
                    "join token " + stored.id() + ": already used at " + stored.usedAt());
        }
    }

    private synchronized void redeem(String id) throws JoinRefused {
        try {
            change(tokens -> {
                StoredToken known = tokens.get(id);
                if (known == null) {
                    throw new JoinRefused("join token: unknown");
                }
                requireUnused(known);
                tokens.put(id, known.used(clock.instant()));
            });
        } catch (IOException e) {
            throw new JoinRefused("join token: its use cannot be recorded: " + e.getMessage());
        }
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
