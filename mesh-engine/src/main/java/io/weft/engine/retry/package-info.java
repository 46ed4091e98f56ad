/**
 * Whether a failed try is repeated, when, and whether the budget allows it. Knows nothing of
 * endpoints.
 */
@NullMarked
package io.weft.engine.retry;

import org.jspecify.annotations.NullMarked;
