package io.weft.policy.server;

import io.weft.policy.ca.AuthorityChanges;
import io.weft.policy.ca.AuthorityView;
import io.weft.policy.ca.CertificateAuthority;
import io.weft.policy.ca.RotationPhase;
import io.weft.policy.control.ControlPlane;
import io.weft.policy.control.InstanceStatus;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A root is replaced in three steps, each of which is safe only when all workloads have followed
 * the one before: the next root is announced; when every connected workload trusts it, it signs;
 * when no certificate of the old one can be in use any more, the old one is forgotten. Thread-safe.
 */
public final class RootRotation {

    private static final int NAMED = 5;

    private final CertificateAuthority authority;
    private final ControlPlane control;
    private final InstantSource clock;

    RootRotation(CertificateAuthority authority, ControlPlane control, InstantSource clock) {
        this.authority = authority;
        this.control = control;
        this.clock = clock;
    }

    /** How far it is, and who lags behind. */
    public CompletionStage<RotationStatus> status() {
        return control.rollout().thenApply(rollout -> status(rollout.instances()));
    }

    private RotationStatus status(List<InstanceStatus> instances) {
        AuthorityView view = authority.view();
        return new RotationStatus(view, waitingFor(view, instances), instances);
    }

    private String waitingFor(AuthorityView view, List<InstanceStatus> instances) {
        return switch (view.phase()) {
            case STEADY -> "";
            case ANNOUNCED ->
                    lagging(
                            instances.stream()
                                    .filter(each -> each.connected() && !each.trustsAll())
                                    .toList(),
                            "have not acknowledged the new root");
            case SWITCHED -> {
                Instant since = view.since() == null ? clock.instant() : view.since();
                // The minute covers clocks that differ.
                Instant over = since.plus(authority.svidLifetime()).plusSeconds(60);
                if (!clock.instant().isBefore(over)) {
                    yield "";
                }
                String lagging =
                        lagging(
                                instances.stream()
                                        .filter(each -> !each.signedBy().equals(view.signedBy()))
                                        .toList(),
                                "still show a certificate of the old root");
                yield "certificates of the old root live until "
                        + over
                        + (lagging.isEmpty() ? "" : "; " + lagging);
            }
        };
    }

    private static String lagging(List<InstanceStatus> instances, String what) {
        if (instances.isEmpty()) {
            return "";
        }
        List<String> names =
                instances.stream()
                        .limit(NAMED)
                        .map(each ->
                                each.registration().workload().namespace()
                                        + "/"
                                        + each.registration().instance())
                        .toList();
        return instances.size()
                + " workload(s) "
                + what
                + ": "
                + String.join(", ", names)
                + (instances.size() > NAMED ? ", …" : "");
    }

    /**
     * Takes the next step; blocks.
     *
     * @param force also when workloads lag behind: they may be cut off
     * @throws AuthorityChanges.NotNow when they do
     */
    public RotationStatus advance(boolean force) throws IOException, AuthorityChanges.NotNow {
        RotationStatus before = status().toCompletableFuture().join();
        if (!force && !before.waitingFor().isEmpty()) {
            throw new AuthorityChanges.NotNow("rotation: " + before.waitingFor());
        }
        AuthorityChanges changes = authority.changes();
        RotationPhase phase = before.authority().phase();
        switch (phase) {
            case STEADY -> changes.announce();
            case ANNOUNCED -> changes.switchOver();
            case SWITCHED -> changes.retire();
        }
        return status().toCompletableFuture().join();
    }

    /**
     * How far it is.
     *
     * @param waitingFor what keeps the next step from being safe; empty when nothing does
     */
    public record RotationStatus(
            AuthorityView authority, String waitingFor, List<InstanceStatus> instances) {

        public RotationStatus {
            instances = List.copyOf(instances);
        }
    }
}
