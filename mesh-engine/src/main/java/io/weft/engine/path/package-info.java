/**
 * Paths made safe before they are matched and forwarded, and rewritten after routing. Knows neither
 * requests nor policies.
 */
@NullMarked
package io.weft.engine.path;

import org.jspecify.annotations.NullMarked;
