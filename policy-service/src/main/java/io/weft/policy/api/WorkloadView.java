package io.weft.policy.api;

import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.wire.SidecarState;
import io.weft.policy.control.InstanceStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sidecar or gateway and how far it has come.
 *
 * @param draining it is about to leave
 * @param certificate that it shows to others; null while it has shown none
 * @param leftOut endpoints that it sends nothing to, and why
 */
record WorkloadView(
        String instance,
        String namespace,
        String workload,
        String identity,
        Map<String, String> labels,
        String address,
        boolean gateway,
        boolean ready,
        boolean connected,
        boolean inSync,
        String wantedRevision,
        String wantedCommit,
        String acknowledgedRevision,
        String acknowledgedCommit,
        int resources,
        InstanceStatus.@Nullable Refused refusal,
        boolean draining,
        @Nullable CertificateView certificate,
        List<SidecarState.LeftOut> leftOut,
        String cluster,
        String version,
        List<RegisteredPort> ports,
        List<String> services,
        Map<String, String> types) {

    /**
     * A certificate.
     *
     * @param notBefore null when only its end is known
     */
    record CertificateView(String serial, @Nullable Instant notBefore, Instant notAfter) {}

    static WorkloadView of(InstanceStatus status, @Nullable SidecarState told) {
        return new WorkloadView(
                status.registration().instance(),
                status.registration().workload().namespace(),
                status.registration().workload().name(),
                status.identity(),
                status.registration().labels(),
                status.registration().address(),
                status.registration().gateway(),
                status.registration().ready(),
                status.connected(),
                status.inSync(),
                status.wantedRevision(),
                status.wantedCommit(),
                status.acknowledgedRevision(),
                status.acknowledgedCommit(),
                status.resources(),
                status.refusal(),
                told != null && told.draining(),
                certificate(status, told),
                told == null ? List.of() : told.leftOut(),
                status.registration().cluster(),
                Objects.requireNonNullElse(status.registration().version(), ""),
                status.registration().ports(),
                status.registration().services().stream()
                        .map(Registration.RegisteredService::name)
                        .toList(),
                status.types());
    }

    /** What it says itself is newer than what it opened its stream with. */
    private static @Nullable CertificateView certificate(
            InstanceStatus status, @Nullable SidecarState told) {
        Instant ends = status.certificateEnds();
        if (told != null && told.notAfter() > 0) {
            return new CertificateView(
                    told.serial(),
                    Instant.ofEpochSecond(told.notBefore()),
                    Instant.ofEpochSecond(told.notAfter()));
        }
        return ends == null ? null : new CertificateView(status.serial(), null, ends);
    }
}
