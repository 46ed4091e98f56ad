/** Local token buckets. Knows requests only by the key that a limit names. */
@NullMarked
package io.weft.engine.ratelimit;

import org.jspecify.annotations.NullMarked;
