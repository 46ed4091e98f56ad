package io.weft.spring.actuate;

import io.weft.dataplane.view.DataPlaneView;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up when a configuration is in force, also when the control plane is away: then the last good one
 * serves, and the details say so.
 */
public final class MeshHealthIndicator extends AbstractHealthIndicator {

    private final Supplier<DataPlaneView> view;

    public MeshHealthIndicator(Supplier<DataPlaneView> view) {
        super("the data plane cannot tell its state");
        this.view = view;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        DataPlaneView now = view.get();
        health.status(now.ready() ? "UP" : now.configured() ? "OUT_OF_SERVICE" : "DOWN")
                .withDetail("revision", now.revision())
                .withDetail("commit", now.commit())
                .withDetail("controlPlaneConnected", now.source().connected());
        if (!now.source().problem().isEmpty()) {
            health.withDetail("problem", now.source().problem());
        }
    }
}
