package io.weft.model.cluster;

import io.weft.model.Origin;
import java.time.Duration;

/**
 * When an endpoint is left out for a time.
 *
 * @param consecutive5xx failures in a row (also connection failures), 0 is off
 * @param consecutiveGatewayErrors 502, 503, 504 and connection failures in a row, 0 is off
 * @param interval between sweeps that let endpoints return
 * @param baseEjection times the number of ejections is how long an endpoint stays out
 * @param maxEjectionPercent at most this share is out; at least one endpoint may always be ejected
 *     unless it is 0
 * @param minHealthPercent below this share of healthy endpoints all are used again (panic), 0 is
 *     off
 */
public record OutlierDetection(
        int consecutive5xx,
        int consecutiveGatewayErrors,
        Duration interval,
        Duration baseEjection,
        int maxEjectionPercent,
        int minHealthPercent,
        Origin origin) {}
