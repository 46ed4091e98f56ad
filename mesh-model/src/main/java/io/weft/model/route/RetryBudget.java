package io.weft.model.route;

import java.time.Duration;

/**
 * A bound on retries as a share of the requests of late (Linkerd's terms).
 *
 * @param key budgets of equal key are one budget
 * @param ratio retries per request, 0.2 is one in five
 * @param minPerSecond retries that are always allowed
 */
public record RetryBudget(String key, double ratio, double minPerSecond, Duration ttl) {}
