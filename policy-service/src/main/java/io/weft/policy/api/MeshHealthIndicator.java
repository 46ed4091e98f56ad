package io.weft.policy.api;

import io.weft.policy.control.CommitInfo;
import io.weft.policy.control.ControlStatus;
import io.weft.policy.control.RefusedCommit;
import io.weft.policy.server.PolicyServer;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/**
 * Up while a commit is in force and the authority can issue. A refused commit or a source out of
 * reach is told, but what is in force goes on: it takes nothing down.
 */
final class MeshHealthIndicator implements ReactiveHealthIndicator {

    private final PolicyServer server;
    private final InstantSource clock;

    MeshHealthIndicator(PolicyServer server, InstantSource clock) {
        this.server = server;
        this.clock = clock;
    }

    @Override
    public Mono<Health> health() {
        return Mono.fromCompletionStage(server.control().status()).map(this::health);
    }

    private Health health(ControlStatus status) {
        Instant expiry = server.authority().expiresAt();
        CommitInfo inForce = status.inForce();
        boolean well = inForce != null && clock.instant().isBefore(expiry);
        RefusedCommit refused = status.refused();
        return (well ? Health.up() : Health.outOfService())
                .withDetail("commit", inForce == null ? "none" : inForce.shortCommit())
                .withDetail("revision", status.revision())
                .withDetail("refusedCommit", refused == null ? "none" : name(refused))
                .withDetail("connected", status.connected())
                .withDetail("inSync", status.inSync())
                .withDetail("authorityExpiresAt", expiry.toString())
                .withDetail("source", server.sourceStatus().description())
                .withDetail("sourceError", server.sourceStatus().error())
                .build();
    }

    private static String name(RefusedCommit refused) {
        return refused.commit().shortCommit().isEmpty()
                ? "not from Git"
                : refused.commit().shortCommit();
    }
}
