package io.weft.policy.source;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a source does.
 *
 * @param description what is read, without credentials
 * @param lastSuccess when it was last reached; null for never
 * @param error why it cannot be reached now; empty when it can
 */
public record SourceStatus(String description, @Nullable Instant lastSuccess, String error) {}
