package io.weft.dataplane.config;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a configuration source is doing.
 *
 * @param connected whether changes would arrive now
 * @param lastContact null if there was none yet
 * @param problem why it is not connected or what was refused last, empty if all is well
 */
public record SourceStatus(boolean connected, @Nullable Instant lastContact, String problem) {}
