package io.weft.policy.ca;

import io.weft.model.Secret;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that replicas of the control plane must agree on, as one document that is replaced as a
 * whole.
 *
 * @param revision grows by one with each change
 * @param current signs until a rotation has switched; then only trusted
 * @param next null unless a root is being replaced
 * @param since when the phase began
 * @param requestKeyPem of a request that an outer authority has yet to answer
 * @param tokens sign JWT-SVIDs; null where an earlier version wrote the document
 */
record AuthorityDocument(
        long revision,
        RotationPhase phase,
        @Nullable Instant since,
        StoredAuthority current,
        @Nullable StoredAuthority next,
        List<Denial> denied,
        @Nullable Secret requestKeyPem,
        @Nullable TokenKeys tokens) {

    AuthorityDocument {
        denied = List.copyOf(denied);
        if ((next == null) != (phase == RotationPhase.STEADY)) {
            throw new IllegalArgumentException(
                    "authority: phase " + phase + " does not fit its keys");
        }
    }

    static AuthorityDocument first(StoredAuthority authority) {
        return new AuthorityDocument(
                1, RotationPhase.STEADY, null, authority, null, List.of(), null, TokenKeys.make());
    }

    AuthorityDocument announced(StoredAuthority other, Instant now) {
        return new AuthorityDocument(
                revision + 1,
                RotationPhase.ANNOUNCED,
                now,
                current,
                other,
                denied,
                null,
                tokens == null ? null : tokens.announcing());
    }

    AuthorityDocument switched(Instant now) {
        return new AuthorityDocument(
                revision + 1,
                RotationPhase.SWITCHED,
                now,
                current,
                next,
                denied,
                requestKeyPem,
                tokens);
    }

    /** The old authority is forgotten when the new one signs, else the new one. */
    AuthorityDocument steady(StoredAuthority only, Instant now) {
        return new AuthorityDocument(
                revision + 1,
                RotationPhase.STEADY,
                now,
                only,
                null,
                denied,
                requestKeyPem,
                tokens == null ? null : tokens.only(phase == RotationPhase.SWITCHED));
    }

    /** The same authorities, renewed. */
    AuthorityDocument with(StoredAuthority renewed, @Nullable StoredAuthority renewedNext) {
        return new AuthorityDocument(
                revision + 1, phase, since, renewed, renewedNext, denied, requestKeyPem, tokens);
    }

    AuthorityDocument denying(List<Denial> all) {
        return new AuthorityDocument(
                revision + 1, phase, since, current, next, all, requestKeyPem, tokens);
    }

    AuthorityDocument requesting(Secret key) {
        return new AuthorityDocument(
                revision + 1, phase, since, current, next, denied, key, tokens);
    }

    /** With keys for tokens, where there are none yet. */
    AuthorityDocument withTokens() {
        if (tokens != null) {
            return this;
        }
        TokenKeys made = TokenKeys.make();
        return new AuthorityDocument(
                revision + 1,
                phase,
                since,
                current,
                next,
                denied,
                requestKeyPem,
                next == null ? made : made.announcing());
    }
}
