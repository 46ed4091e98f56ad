package io.weft.preview.diff;

import io.weft.model.Origin;
import org.jspecify.annotations.Nullable;

/**
 * One difference between two values.
 *
 * @param what the element or field, for example {@code weight of api.blog:8080/v2}
 * @param before in words; empty for what is added
 * @param after in words; empty for what is removed
 * @param origin where the element comes from: now, or before if it is removed; null where nothing
 *     around it says
 */
record Difference(
        Change.Kind kind, String what, String before, String after, @Nullable Origin origin) {}
