package io.weft.policy.control;

import io.weft.model.catalog.Registration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A sidecar or gateway and how far it has come.
 *
 * @param connected whether its stream is open
 * @param wantedRevision what it shall have; empty while nothing is in force
 * @param acknowledgedRevision what it last said it has; empty for never
 * @param refusal its last refusal, when that is newer than its last acceptance
 * @param resources how many resources it shall have
 * @param trustsAll whether it has acknowledged every trust bundle as it is now
 * @param signedBy fingerprint of the root of the certificate that its newest stream was opened
 *     with; empty for none
 * @param serial of that certificate, hexadecimal; empty for none
 * @param certificateEnds when that certificate ends; null for none
 * @param types {@code SYNCED}, {@code STALE} or {@code NOT SENT} by kind of configuration
 */
public record InstanceStatus(
        Registration registration,
        String identity,
        boolean connected,
        String wantedRevision,
        String wantedCommit,
        String acknowledgedRevision,
        String acknowledgedCommit,
        boolean inSync,
        @Nullable Refused refusal,
        int resources,
        boolean trustsAll,
        String signedBy,
        String serial,
        @Nullable Instant certificateEnds,
        Map<String, String> types) {

    public InstanceStatus {
        types = Collections.unmodifiableMap(new TreeMap<>(types));
    }

    /** A delta that a sidecar refused. */
    public record Refused(String revision, String reason, Instant at) {}
}
