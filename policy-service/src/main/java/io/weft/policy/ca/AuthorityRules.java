package io.weft.policy.ca;

import io.weft.policy.state.StartFailure;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/** What an authority's keys must be to be used; the message tells which file or rule is broken. */
final class AuthorityRules {

    private AuthorityRules() {}

    /**
     * Checks that they can sign now and that what they sign will be trusted.
     *
     * @param where they came from
     * @throws StartFailure when not
     */
    static void requireUsable(AuthorityKeys keys, String where, Instant now) {
        X509Certificate signing = keys.signing();
        boolean[] usage = signing.getKeyUsage();
        if (signing.getBasicConstraints() < 0 || (usage != null && !usage[5])) {
            throw new StartFailure(
                    "certificate authority: " + where + " is not an authority's certificate");
        }
        for (X509Certificate each : keys.chain()) {
            requireValid(each, where, now);
        }
        if (keys.roots().stream().noneMatch(root -> root.getNotAfter().after(Date.from(now)))) {
            throw expired("trust roots of " + where, keys.roots().getFirst());
        }
        if (!KeyPairs.belongTogether(signing.getPublicKey(), keys.key())) {
            throw new StartFailure(
                    "certificate authority: the private key does not belong to " + where);
        }
        if (root(keys).isEmpty()) {
            throw new StartFailure(
                    "certificate authority: " + where + " does not lead to any of the trust roots");
        }
    }

    /** The root that the chain leads to; the signing certificate itself may be one. */
    static Optional<X509Certificate> root(AuthorityKeys keys) {
        X509Certificate last = keys.chain().getLast();
        for (int i = 0; i + 1 < keys.chain().size(); i++) {
            if (!isSignedBy(keys.chain().get(i), keys.chain().get(i + 1))) {
                return Optional.empty();
            }
        }
        return keys.roots().stream().filter(root -> isSignedBy(last, root)).findFirst();
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void requireValid(X509Certificate certificate, String where, Instant now) {
        if (certificate.getNotAfter().toInstant().isBefore(now)) {
            throw expired(where, certificate);
        }
        if (certificate.getNotBefore().toInstant().isAfter(now)) {
            throw new StartFailure(
                    "certificate authority: "
                            + where
                            + " is valid only from "
                            + certificate.getNotBefore().toInstant()
                            + " (now: "
                            + now
                            + "; is the clock right?)");
        }
    }

    private static StartFailure expired(String where, X509Certificate certificate) {
        return new StartFailure(
                "certificate authority: "
                        + where
                        + " expired at "
                        + certificate.getNotAfter().toInstant()
                        + " (now: is the clock right? else renew it, or remove it to make a new"
                        + " authority)");
    }
}
