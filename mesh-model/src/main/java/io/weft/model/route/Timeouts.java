package io.weft.model.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Time-outs of a route; null is none.
 *
 * @param request from the whole request received to the whole response, retries included
 * @param idle without a byte in either direction
 */
public record Timeouts(@Nullable Duration request, @Nullable Duration idle) {

    public static final Timeouts NONE = new Timeouts(null, null);
}
