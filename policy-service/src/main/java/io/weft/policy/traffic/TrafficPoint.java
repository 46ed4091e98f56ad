package io.weft.policy.traffic;

import java.time.Instant;

/**
 * A point of a plot.
 *
 * @param at the end of the seconds it covers
 */
public record TrafficPoint(Instant at, Numbers numbers) {}
