/** Long runs: many requests of all protocols with aborts from both ends, and very long bodies. */
@NullMarked
package io.weft.dataplane.soak;

import org.jspecify.annotations.NullMarked;
