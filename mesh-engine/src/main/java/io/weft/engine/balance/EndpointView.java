package io.weft.engine.balance;

import io.weft.model.cluster.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as administration pages show it.
 *
 * @param ejected whether outlier detection leaves it out now
 * @param reason why it was ejected last, null when it never was
 * @param sick whether active checks have found it wanting
 * @param ejections how often it was ejected, less what it has made good since
 */
public record EndpointView(
        Endpoint endpoint,
        int priority,
        int activeRequests,
        boolean ejected,
        int ejections,
        @Nullable EjectionReason reason,
        boolean sick) {}
