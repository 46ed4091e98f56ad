package io.weft.engine.balance;

import io.weft.model.cluster.Endpoint;

/**
 * An endpoint as administration pages show it.
 *
 * @param ejected whether outlier detection leaves it out now
 * @param sick whether active checks have found it wanting
 * @param ejections how often it was ejected, less what it has made good since
 */
public record EndpointView(
        Endpoint endpoint,
        int priority,
        int activeRequests,
        boolean ejected,
        int ejections,
        boolean sick) {}
