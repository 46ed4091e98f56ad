package io.weft.policy.secrets;

import io.weft.model.resource.Certificate;
import io.weft.policy.ca.Pem;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Credentials that are read again and again: one that is not usable keeps its last good form. One
 * thread at a time reads and replaces; any may ask.
 */
public final class LastGoodCertificates {

    private static final Logger LOG = LoggerFactory.getLogger(LastGoodCertificates.class);

    private final Map<String, String> complaints = new HashMap<>();
    private volatile Map<String, Certificate> certificates = Map.of();

    /** A credential by {@code namespace/name}. */
    public @Nullable Certificate find(String name) {
        return certificates.get(name);
    }

    /** What is to be used of a credential as read: itself, else its last good form, if there is one. */
    public @Nullable Certificate usable(Certificate read) {
        try {
            if (!read.chainPem().isEmpty()) {
                Pem.requirePair(read.chainPem(), read.keyPem().reveal());
            }
            if (!read.caPem().isEmpty()) {
                Pem.readCertificates(read.caPem());
            }
            complaints.remove(read.name());
            return read;
        } catch (IllegalArgumentException e) {
            return unreadable(read.name(), String.valueOf(e.getMessage()));
        }
    }

    /** What is to be used of a credential that cannot be read. */
    public @Nullable Certificate unreadable(String name, String reason) {
        // Once for each new reason: they are read often.
        if (!reason.equals(complaints.put(name, reason))) {
            LOG.error("certificate {}: {} (the last good one stays)", name, reason);
        }
        return certificates.get(name);
    }

    /** Sets what there is now; false when that is what there was. */
    public boolean replace(Map<String, Certificate> found) {
        if (found.equals(certificates)) {
            return false;
        }
        certificates = Map.copyOf(found);
        return true;
    }
}
