package io.weft.policy.ca;

import io.weft.model.SpiffeId;
import java.time.Instant;
import java.util.Locale;

/**
 * An entry of the deny-list: a certificate's serial number, or an identity.
 *
 * @param subject hexadecimal serial number, or SPIFFE ID
 * @param reason for people and the audit log
 */
public record Denial(String subject, String reason, Instant at) {

    private static final String SERIAL = "[0-9a-f]{1,40}";

    public Denial {
        subject = subject.startsWith("spiffe://") ? subject : subject.toLowerCase(Locale.ROOT);
        if (!subject.matches(SERIAL) && SpiffeId.parse(subject).isEmpty()) {
            throw new IllegalArgumentException(
                    "denied: '"
                            + subject
                            + "' (expected: a hexadecimal serial number or a SPIFFE ID)");
        }
    }

    /** Whether it concerns a certificate. */
    boolean concerns(String serial, SpiffeId identity) {
        return subject.equals(serial) || subject.equals(identity.uri());
    }
}
